import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { configPath, pathSegments } from '../../../shared/git/config-path.ts'
import { git, startRepository, type TestRepository } from '../../support/git-repository.ts'

describe('the path of a device', () => {
  test.each([
    ['berlin', 'sw1', 'berlin/sw1.cfg'],
    ['Berlin Mitte', 'SW1.example.net', 'Berlin Mitte/SW1.example.net.cfg'],
    ['münchen', 'スイッチ', 'münchen/スイッチ.cfg'],
    ['mu\u0308nchen', 'sw1', 'münchen/sw1.cfg'],
    ['a/b', '../../etc/passwd', 'a%2Fb/%2E.%2F..%2Fetc%2Fpasswd.cfg'],
    ['.git', 'config', '%2Egit/config.cfg'],
    ['git~1', 'hooks', 'git%7E1/hooks.cfg'],
    ['.', '..', '%2E/%2E%2E.cfg'],
    ['CON', 'nul', '%43ON/%6Eul.cfg'],
    ['console', 'com10', 'console/com10.cfg'],
    ['site.', ' sw ', 'site%2E/%20sw%20.cfg'],
    ['100%', 'a:b*c?"<>|\\', '100%25/a%3Ab%2Ac%3F%22%3C%3E%7C%5C.cfg'],
    ['line\nbreak', 'bell\u0007', 'line%0Abreak/bell%07.cfg'],
    ['.g\u200cit', 'rtl\u202e', '%2Eg%E2%80%8Cit/rtl%E2%80%AE.cfg'],
    ['lone\ud800', '', 'lone\ufffd/%empty.cfg'],
  ])('%j and %j make %j', (site, device, path) => {
    expect(configPath(site, device)).toBe(path)
  })

  test('a second device of one name stands beside the first by its id', () => {
    expect(configPath('berlin', 'sw1', 4711)).toBe('berlin/sw1~4711.cfg')
  })

  test('long names keep their start, fit a file name and stay different', () => {
    const [first, second] = ['x', 'y'].map((end) => configPath('a', `${'ü'.repeat(300)}${end}`))

    expect(first).toMatch(/^a\/ü{90}~~[0-9a-f]{16}\.cfg$/)
    expect(first).not.toBe(second)
  })

  test('different names have different paths, and every one can be stored', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 120 }),
      fc.string({ unit: fc.constantFrom('a', '%', '~', '/', '.', ' ', '2', 'F', '1'), maxLength: 8 }),
    )
    const normal = (text: string): string => text.toWellFormed().normalize('NFC')
    fc.assert(
      fc.property(name, name, fc.option(fc.nat(20), { nil: undefined }), (one, other, id) => {
        const path = configPath(one, other, id)
        expect(pathSegments(path)).toHaveLength(2)
        expect(configPath('s', one) === configPath('s', other, id)).toBe(
          normal(one) === normal(other) && id === undefined,
        )
      }),
      { numRuns: 2000 },
    )
  })
})

test.each([
  '',
  '/a',
  'a/',
  'a//b',
  '.',
  'a/..',
  'a/./b',
  '.git/config',
  'a/.GIT',
  'git~1/x',
  'a\\b',
  'a\nb',
  'a/\u200cb',
  'x'.repeat(256),
  'a/'.repeat(17) + 'b',
  'a\ud800',
])('%j is refused as a path', (path) => {
  expect(() => pathSegments(path)).toThrow('cannot be stored in git')
})

describe('in a real clone', () => {
  let repository: TestRepository
  beforeEach(async () => {
    repository = await startRepository()
  })
  afterEach(() => repository.stop())

  test('files of odd names arrive under these names', async () => {
    const names = [
      'sw 1',
      'sw.1',
      '.git',
      '..',
      'スイッチ',
      'mu\u0308nchen',
      'a/b',
      '-rf',
      'CON',
      '',
      'sw',
      'sw!',
      'SW',
    ]
    const paths = names.flatMap((site) => names.map((device) => configPath(site, device)))

    await repository.commit(paths.map((path) => ({ path, content: `${path}\n` })))
    const { path } = await repository.clone()

    const listed = await git(path, '-c', 'core.quotePath=false', 'ls-files', '-z')
    expect(listed.split('\0').filter(Boolean).sort()).toEqual([...paths].sort())
    expect(await git(path, 'status', '--porcelain')).toBe('')
    expect(await git(path, 'fsck', '--strict', '--full')).not.toMatch(/error|warning|missing/)
  })

  test('a file that is also a folder is refused, and nothing is committed', async () => {
    const commit = repository.commit([
      { path: 'a/b', content: 'x' },
      { path: 'a/b/c', content: 'x' },
    ])

    await expect(commit).rejects.toMatchObject({ code: 'validation_failed' })
    expect((await repository.clone()).said).toContain('empty repository')
  })
})
