import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { commitFiles, type Change } from '../../../shared/git/commit.ts'
import type { Write } from '../../../shared/table/table.ts'
import { commitRequest, git, startRepository, type TestRepository } from '../../support/git-repository.ts'

let repository: TestRepository
beforeEach(async () => {
  repository = await startRepository()
})
afterEach(() => repository.stop())

const movesBranch = (writes: readonly Write[]): boolean =>
  writes.some((write) => 'put' in write && write.put.sk.startsWith('branch#'))

test('twenty committers at once all land, one after the other', async () => {
  const committers = Array.from({ length: 20 }, (_, place) => place)

  const done = await Promise.all(
    committers.map((place) =>
      repository.commit(
        [{ path: `site-${place % 3}/sw${place}.cfg`, content: `hostname sw${place}\n` }],
        `Run ${place}`,
      ),
    ),
  )
  const { path } = await repository.clone()

  const history = (await git(path, 'log', '--reverse', '--format=%H %P')).trim().split('\n')
  const parents = new Map(done.map(({ commit, parent }) => [commit, parent ?? '']))
  expect(history).toHaveLength(20)
  expect(history.map((line) => line.split(' ')[1] ?? '')).toEqual(
    history.map((line) => parents.get(line.split(' ')[0])),
  )
  expect((await git(path, 'ls-files')).trim().split('\n')).toHaveLength(20)
  expect(await git(path, 'fsck', '--strict', '--full')).not.toMatch(/error|warning|missing|dangling/)
})

test('a crash before the branch moves leaves the repository as it was', async () => {
  await repository.commit([{ path: 'berlin/sw1.cfg', content: 'before\n' }])
  const { table } = repository.stores
  const crash = async (): Promise<void> => {
    throw new Error('killed')
  }
  const crashing = { ...repository.stores, table: { ...table, write: crash } }
  const changes: Change[] = [{ path: 'berlin/sw1.cfg', content: 'after\n' }]

  await expect(commitFiles(crashing, commitRequest(changes, 'Lost'))).rejects.toThrow('killed')
  const { path } = await repository.clone()
  const again = await repository.commit(changes, 'Made again')
  await git(path, 'pull', '--ff-only')

  expect(await git(path, 'log', '--format=%s')).toBe('Made again\nBack up\n')
  expect(again.files).toBe(1)
  expect(await git(path, 'fsck', '--strict', '--full')).not.toMatch(/error|warning|missing|dangling/)
})

test('a move that was applied but reported as failed is known as landed', async () => {
  const { table } = repository.stores
  const failing = async (writes: readonly Write[]): Promise<void> => {
    await table.write(writes)
    if (movesBranch(writes)) throw new AppError('branch_moved')
  }
  const stores = { ...repository.stores, table: { ...table, write: failing } }

  const done = await commitFiles(stores, commitRequest([{ path: 'a/b.cfg', content: 'x\n' }], 'Once'))
  const { path } = await repository.clone()

  expect(done.files).toBe(1)
  expect(await git(path, 'log', '--format=%H')).toBe(`${done.commit}\n`)
})

test('who never wins ends with branch_moved, after a bounded number of attempts', async () => {
  await repository.commit([{ path: 'a/b.cfg', content: 'x\n' }])
  const { table } = repository.stores
  let attempts = 0
  const losing = async (writes: readonly Write[]): Promise<void> => {
    attempts += 1
    if (movesBranch(writes)) throw new AppError('branch_moved')
  }
  const stores = { ...repository.stores, table: { ...table, write: losing } }

  const commit = commitFiles(stores, commitRequest([{ path: 'a/b.cfg', content: 'y\n' }], 'Never'))

  await expect(commit).rejects.toMatchObject({ code: 'branch_moved' })
  expect(attempts).toBeLessThan(100)
})

test('an older version is withdrawn when a newer one was committed in the meantime', async () => {
  await repository.commit([{ path: 'a/sw1.cfg', content: 'one\n' }])
  const { table } = repository.stores
  let newerIsIn = false
  const overtaken = async (writes: readonly Write[]): Promise<void> => {
    if (!newerIsIn) await repository.commit([{ path: 'a/sw1.cfg', content: 'three\n' }], 'Newer')
    newerIsIn = true
    await table.write(writes)
  }
  const stores = { ...repository.stores, table: { ...table, write: overtaken } }
  const changes: Change[] = [
    { path: 'a/sw1.cfg', content: 'two\n' },
    { path: 'a/sw2.cfg', content: 'two\n' },
  ]

  const done = await commitFiles(stores, {
    ...commitRequest(changes, 'Older'),
    withdrawn: async () => (newerIsIn ? ['a/sw1.cfg'] : []),
  })
  const { path } = await repository.clone()

  expect(done.files).toBe(1)
  expect(await git(path, 'show', 'HEAD:a/sw1.cfg')).toBe('three\n')
  expect(await git(path, 'log', '--format=%s')).toBe('Older\nNewer\nBack up\n')
})

test('the same commit repeated after its success changes nothing', async () => {
  const changes = [{ path: 'a/sw1.cfg', content: 'one\n' }]
  const first = await repository.commit(changes, 'Run 1')

  const again = await Promise.all([repository.commit(changes, 'Run 1'), repository.commit(changes, 'Run 1')])

  expect(again).toEqual(again.map(() => ({ parent: first.commit, files: 0, tooLarge: [] })))
})
