import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { chooseBranch, readBundle } from '../../../shared/backups/history/bundle.ts'
import { deviceFiles } from '../../../shared/backups/history/device-files.ts'
import { openRepository } from '../../../shared/backups/history/repository.ts'
import { foreignHistory, iosConfig, type ForeignHistory } from '../../support/foreign-history.ts'

let history: ForeignHistory | undefined
afterEach(() => {
  history?.remove()
  history = undefined
})

const begun = (): ForeignHistory => (history = foreignHistory())
const day = (number: number): { at: string } => ({
  at: `2025-01-${String(number).padStart(2, '0')}T06:00:00Z`,
})

async function read(bytes: Uint8Array, branch?: string, index?: Uint8Array) {
  const bundle = readBundle(bytes)
  const repository = await openRepository(bundle, index)
  return { repository, commits: await repository.commits(chooseBranch(bundle, branch).tip) }
}

const noise = (seed: number): string => createHash('sha256').update(String(seed)).digest('hex')

/** As `day:path` with what changed, oldest first. */
async function changesOf(bytes: Uint8Array): Promise<string[]> {
  const { repository, commits } = await read(bytes)
  const known = new Map(commits.map((commit) => [commit.oid, commit]))
  const lists = await Promise.all(commits.map((commit) => repository.changes(commit, known)))
  return lists
    .flat()
    .map(({ path, blob, commit }) => `${blob === undefined ? '-' : '+'}${commit.at.slice(8, 10)}:${path}`)
}

describe('a history out of a bundle', () => {
  test('has each change with its author and time, oldest first; a moved file goes and comes', async () => {
    const made = begun()
    made.commit({ 'old/sw1': iosConfig('sw1', 30), 'old/sw2': iosConfig('sw2', 30) }, day(1))
    made.commit({ 'old/sw1': iosConfig('sw1', 31) }, { ...day(2), author: 'Åsa Öst <asa@example.net>' })
    made.commit({ 'old/sw1': undefined, 'ams/sw1': iosConfig('sw1', 31) }, day(3))
    made.commit({ 'old/sw2': undefined }, day(4))
    const bytes = made.bundle()

    const { repository, commits } = await read(bytes)

    expect(await changesOf(bytes)).toEqual([
      '+01:old/sw1',
      '+01:old/sw2',
      '+02:old/sw1',
      '-03:old/sw1',
      '+03:ams/sw1',
      '-04:old/sw2',
    ])
    expect(commits[1]).toMatchObject({
      author: { name: 'Åsa Öst', email: 'asa@example.net' },
      at: '2025-01-02T06:00:00.000Z',
      message: 'update',
    })
    const [{ blob = '' } = {}] = await repository.changes(
      commits[1]!,
      new Map(commits.map((one) => [one.oid, one])),
    )
    expect(Buffer.from(await repository.readFile(blob)).toString()).toBe(iosConfig('sw1', 31))
  })

  test('of a merge has what each side brought, and ends with what the branch holds', async () => {
    const made = begun()
    made.commit({ sw1: 'a\n', sw2: 'a\n' }, day(1))
    made.git('checkout', '-q', '-b', 'side')
    made.commit({ sw2: 'side\n' }, day(2))
    made.git('checkout', '-q', 'master')
    made.commit({ sw1: 'main\n' }, day(3))
    made.git('merge', '-q', '--no-ff', '-s', 'ours', '-m', 'take ours', 'side')
    const { repository, commits } = await read(made.bundle())
    const known = new Map(commits.map((commit) => [commit.oid, commit]))

    const { devices } = await deviceFiles(
      repository,
      commits,
      (path) => ({ deviceId: Number(path.slice(2)) }),
      async () => {},
    )

    const textsOf = async (id: number): Promise<string[]> => {
      const changes = devices.find(({ deviceId }) => deviceId === id)?.changes ?? []
      return Promise.all(
        changes.map(async ({ blob = '' }) => Buffer.from(await repository.readFile(blob)).toString()),
      )
    }
    expect(commits.at(-1)?.parents).toHaveLength(2)
    expect((await repository.changes(commits.at(-1)!, known)).map(({ path }) => path).sort()).toEqual([
      'sw1',
      'sw2',
    ])
    expect(await textsOf(1)).toEqual(['a\n', 'main\n', 'main\n'])
    // The side's version was never what the branch held; the merge says so.
    expect(await textsOf(2)).toEqual(['a\n', 'side\n', 'a\n'])
  })

  test('has every version that git has, out of long chains of deltas, with a given index too', async () => {
    const made = begun()
    // Each version differs from the one before it in one line, and from an old one in many.
    const texts = Array.from({ length: 30 }, (_, version) =>
      Array.from(
        { length: 60 },
        (__, line) => `line ${line} ${noise(line < version ? line + 100 : line)}\n`,
      ).join(''),
    )
    for (const sw1 of texts) made.commit({ sw1 }, day(1))
    const bytes = made.bundle()
    const chains = made.chains()

    const { repository, commits } = await read(bytes)
    const again = await read(bytes, 'master', repository.index)

    expect(chains).toBeGreaterThan(4)
    const known = new Map(commits.map((commit) => [commit.oid, commit]))
    for (const [index, commit] of commits.entries()) {
      const [{ blob = '' } = {}] = await again.repository.changes(commit, known)
      expect(Buffer.from(await again.repository.readFile(blob)).toString()).toBe(texts[index])
    }
    expect(commits).toHaveLength(texts.length)
  })

  test('is that of the branch that is asked for, and branches are named where there is a choice', () => {
    const made = begun()
    const first = made.commit({ sw1: 'a\n' })
    made.git('branch', 'other')
    const second = made.commit({ sw1: 'b\n' })
    const whole = readBundle(made.bundle())
    const headless = readBundle(made.bundle('master', 'other'))

    expect(chooseBranch(whole, undefined)).toEqual({ branch: 'master', tip: second })
    expect(chooseBranch(whole, 'other')).toEqual({ branch: 'other', tip: first })
    expect(() => chooseBranch(headless, undefined)).toThrow('It has master, other.')
    expect(() => chooseBranch(whole, 'main')).toThrow('no branch main')
  })

  test('is refused by name where the file is no bundle, is damaged, or lacks its beginning', () => {
    const made = begun()
    made.commit({ sw1: 'a\n' })
    made.commit({ sw1: 'b\n' })
    const bytes = made.bundle()

    expect(() => readBundle(Buffer.from('PK\u0003\u0004\n\n'))).toThrow('not a git bundle')
    expect(() => readBundle(bytes.subarray(0, -1))).toThrow('cut short')
    expect(() => readBundle(Buffer.from(bytes).fill(7, bytes.length - 60, bytes.length - 50))).toThrow(
      'damaged',
    )
    expect(() => readBundle(made.bundle('HEAD~1..master'))).toThrow('a part of the history only')
    expect(() => readBundle(Buffer.from('# v3 git bundle\n@object-format=sha256\n\nPACK'))).toThrow(
      'object-format=sha256',
    )
  })
})
