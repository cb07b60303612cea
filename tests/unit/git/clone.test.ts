import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { git, startRepository, type TestRepository } from '../../support/git-repository.ts'

let repository: TestRepository
beforeEach(async () => {
  repository = await startRepository()
})
afterEach(() => repository.stop())

const config = (lines: number, tail = ''): string =>
  Array.from({ length: lines }, (_, line) => `interface Ethernet${line}\n no shutdown\n`).join('') + tail

test('an empty repository clones with git’s own warning', async () => {
  const { said } = await repository.clone()

  expect(said).toContain('You appear to have cloned an empty repository')
})

test('a commit is cloned with its files, author, date and message, and passes a strict check', async () => {
  const committed = await repository.commit(
    [
      { path: 'berlin/sw1.cfg', content: config(10) },
      { path: 'berlin/sw2.cfg', content: Buffer.from([0, 255, 10]) },
      { path: 'paris/r1.cfg', content: config(3) },
    ],
    'Run 17: 3 devices',
  )
  const { path } = await repository.clone()

  expect(committed).toEqual({ commit: expect.stringMatching(/^[0-9a-f]{40}$/), files: 3, tooLarge: [] })
  expect(await git(path, 'fsck', '--strict', '--full')).not.toMatch(/error|warning|dangling|missing/)
  expect(await git(path, 'log', '--format=%H|%an|%ae|%cn|%aI|%s')).toBe(
    `${committed.commit}|netkeep|netkeep@localhost|netkeep|2026-11-20T02:00:00+00:00|Run 17: 3 devices\n`,
  )
  expect(await git(path, 'log', '--stat', '--format=')).toContain('3 files changed')
  expect(await readFile(join(path, 'berlin/sw1.cfg'), 'utf8')).toBe(config(10))
  expect(await readFile(join(path, 'berlin/sw2.cfg'))).toEqual(Buffer.from([0, 255, 10]))
})

test('a changed line is a diff of one file and one line', async () => {
  await repository.commit([
    { path: 'berlin/sw1.cfg', content: config(20, 'end\n') },
    { path: 'berlin/sw2.cfg', content: config(20, 'end\n') },
  ])
  const second = await repository.commit([
    { path: 'berlin/sw1.cfg', content: config(20, 'end\n') },
    { path: 'berlin/sw2.cfg', content: config(20, 'router bgp 65001\nend\n') },
  ])
  const { path } = await repository.clone()

  expect(second.files).toBe(1)
  expect(await git(path, 'diff', '--numstat', 'HEAD~1')).toBe('1\t0\tberlin/sw2.cfg\n')
  expect(await git(path, 'rev-list', '--count', 'HEAD')).toBe('2\n')
})

test('what is already there makes no commit and stores nothing', async () => {
  const changes = [
    { path: 'berlin/sw1.cfg', content: config(20) },
    { path: 'paris/sw1.cfg', content: config(21) },
  ]
  const first = await repository.commit(changes)
  const stored: string[] = []
  const { objects } = repository.stores
  repository.stores.objects = { ...objects, put: (key, body) => (stored.push(key), objects.put(key, body)) }
  const again = await repository.commit([...changes, { path: 'rome/gone.cfg', remove: true }])

  expect(again).toEqual({ parent: first.commit, files: 0, tooLarge: [] })
  expect(stored).toEqual([])
})

test('a removed device is gone from the head and stays in the history', async () => {
  await repository.commit([
    { path: 'berlin/sw1.cfg', content: 'a\n' },
    { path: 'paris/sw1.cfg', content: 'b\n' },
  ])
  await repository.commit([{ path: 'paris/sw1.cfg', remove: true }])
  const { path } = await repository.clone()

  expect(await git(path, 'ls-tree', '-r', '--name-only', 'HEAD')).toBe('berlin/sw1.cfg\n')
  expect(await git(path, 'show', 'HEAD~1:paris/sw1.cfg')).toBe('b\n')
  expect(await git(path, 'fsck', '--strict')).not.toMatch(/error|missing/)
})

test('a repository can lose its last file and get a new one', async () => {
  await repository.commit([{ path: 'a/b.cfg', content: 'a\n' }])
  await repository.commit([{ path: 'a/b.cfg', remove: true }])
  await repository.commit([{ path: 'c/d/e.cfg', content: 'a\n' }])
  const { path } = await repository.clone()

  expect(await git(path, 'log', '--format=', '--name-status')).toBe('A\tc/d/e.cfg\nD\ta/b.cfg\nA\ta/b.cfg\n')
  expect(await git(path, 'fsck', '--strict')).not.toMatch(/error|missing/)
})

test('git sees a renamed site as renames', async () => {
  const names = ['sw1', 'sw2', 'sw3']
  await repository.commit(names.map((name) => ({ path: `berlin/${name}.cfg`, content: config(30, name) })))
  await repository.commit(
    names.flatMap((name) => [
      { path: `berlin/${name}.cfg`, remove: true as const },
      { path: `berlin-mitte/${name}.cfg`, content: config(30, name) },
    ]),
  )
  const { path } = await repository.clone()

  expect(await git(path, 'diff', '-M', '--name-status', 'HEAD~1')).toBe(
    names.map((name) => `R100\tberlin/${name}.cfg\tberlin-mitte/${name}.cfg\n`).join(''),
  )
})

test('a fetch after a second commit brings only its pack', async () => {
  await repository.commit([{ path: 'berlin/sw1.cfg', content: config(20) }])
  const { path } = await repository.clone()
  repository.takeRequests()
  const second = await repository.commit([{ path: 'berlin/sw1.cfg', content: config(21) }])
  await git(path, 'pull', '--ff-only')

  const packs = repository.takeRequests().filter((request) => request.includes('.pack 200'))
  expect(packs).toHaveLength(1)
  expect(await git(path, 'rev-parse', 'HEAD')).toBe(`${second.commit}\n`)
  expect(await git(path, 'fsck', '--strict')).not.toMatch(/error|missing/)
})

test('3,000 files in 200 sites clone clean', async () => {
  const changes = Array.from({ length: 3000 }, (_, device) => ({
    path: `site-${device % 200}/sw${device}.cfg`,
    content: config(20, `hostname sw${device}\n`),
  }))
  const { files } = await repository.commit(changes)
  const { path } = await repository.clone()

  expect(files).toBe(3000)
  expect((await git(path, 'ls-files')).split('\n')).toHaveLength(3001)
  expect(await git(path, 'status', '--porcelain')).toBe('')
  expect(await git(path, 'fsck', '--strict', '--full')).not.toMatch(/error|warning|missing/)
})

test.each([
  ['a push', ['push', 'origin', 'HEAD:other'], 'read-only'],
  ['a shallow clone', ['clone', '--depth', '1', 'URL', 'shallow'], 'shallow'],
  ['a repository that is not there', ['ls-remote', 'URL-not-there'], 'not found'],
])('git says why %s is refused', async (_, args, words) => {
  await repository.commit([{ path: 'berlin/sw1.cfg', content: config(20) }])
  const { path } = await repository.clone()
  const command = args.map((arg) =>
    arg.replace('URL-not-there', repository.url.replace('configs', 'other')).replace('URL', repository.url),
  )

  await expect(git(path, ...command)).rejects.toThrow(words)
})
