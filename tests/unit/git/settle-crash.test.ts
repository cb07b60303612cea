import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { settlePacks, type SettleStores } from '../../../shared/git/settle.ts'
import type { Write } from '../../../shared/table/table.ts'
import { git, startRepository, type TestRepository } from '../../support/git-repository.ts'

let repository: TestRepository
beforeEach(async () => {
  repository = await startRepository()
})
afterEach(() => repository.stop())

const settle = (stores: SettleStores = repository.stores) => settlePacks({ ...stores, repository: 'configs' })

const config = (version: number): string =>
  Array.from(
    { length: 60 },
    (_, port) => `interface Ethernet${port}\n description ${port % 7 === version % 7 ? version : port}\n`,
  ).join('')

/** Names are checksums of content, parents included: equal names and no missing object mean equal histories. */
async function expectHistory(commits: readonly (string | undefined)[]): Promise<void> {
  const { path } = await repository.clone()
  expect((await git(path, 'log', '--reverse', '--format=%H')).trim().split('\n')).toEqual(commits)
  expect(await git(path, 'fsck', '--strict', '--full')).not.toMatch(/error|warning|missing|dangling/)
}

/** Stores that work for so many writes; then the process is gone, with its last write done or not. */
function crashingAfter(writes: number, isLastDone: boolean): SettleStores {
  const { table, objects, now } = repository.stores
  let left = writes
  const dying = <Args extends unknown[]>(work: (...args: Args) => Promise<void>) => {
    return async (...args: Args): Promise<void> => {
      left -= 1
      if (left > 0 || (left === 0 && isLastDone)) await work(...args)
      if (left <= 0) throw new Error('killed')
    }
  }
  return {
    now,
    table: { ...table, write: dying((writes: readonly Write[]) => table.write(writes)) },
    objects: {
      ...objects,
      put: dying((key: string, body: Uint8Array | string) => objects.put(key, body)),
      delete: dying((keys: readonly string[]) => objects.delete(keys)),
    },
  }
}

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      devices: fc.array(fc.nat(8), { minLength: 1, maxLength: 4 }),
      version: fc.nat(30),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ crashAfter: fc.integer({ min: 1, max: 16 }), isLastDone: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.constant({ settle: true as const }) },
  { weight: 1, arbitrary: fc.record({ hours: fc.integer({ min: 1, max: 30 }) }) },
)

test('random histories stay whole, wherever settling is killed', { timeout: 300_000 }, async () => {
  expect.hasAssertions()
  await fc.assert(
    fc
      .asyncProperty(fc.array(step, { minLength: 80, maxLength: 80, size: 'max' }), async (steps) => {
        const commits: string[] = []
        for (const [place, one] of steps.entries()) {
          if ('hours' in one) {
            const at = repository.stores.now().getTime() + one.hours * 3600_000
            repository.stores.now = () => new Date(at)
          } else if ('settle' in one) {
            await settle()
          } else if ('crashAfter' in one) {
            const crashing = crashingAfter(one.crashAfter, one.isLastDone)
            const [ended] = await Promise.allSettled([settle(crashing)])
            if (ended.status === 'rejected' && String(ended.reason) !== 'Error: killed') throw ended.reason
          } else {
            const changes = one.devices.map((device) => ({
              path: `site-${device % 2}/sw${device}.cfg`,
              ...(one.version === 0 ? { remove: true as const } : { content: config(one.version) }),
            }))
            const { commit } = await repository.commit(changes, `Step ${place}`)
            if (commit !== undefined) commits.push(commit)
          }
          if (place % 40 === 39) await expectHistory(commits)
        }
      })
      .beforeEach(async () => {
        await repository.stop()
        repository = await startRepository()
      }),
    { numRuns: 3, endOnFailure: true },
  )
})

test(
  'settling killed at each of its writes in turn is done by the next one',
  { timeout: 120_000 },
  async () => {
    const commits: (string | undefined)[] = []
    const commitSome = async (): Promise<void> => {
      for (let run = 0; run < 9; run += 1) {
        const content = config(commits.length)
        commits.push(
          (await repository.commit([{ path: 'a/sw1.cfg', content }], `Run ${commits.length}`)).commit,
        )
      }
    }
    await commitSome()

    for (let writes = 1; writes <= 5; writes += 1) {
      await commitSome()
      await expect(settle(crashingAfter(writes, writes % 2 === 0))).rejects.toThrow('killed')
      await expectHistory(commits)
    }
    const done = await settle()

    expect(done.left).toBeUndefined()
    await expectHistory(commits)
  },
)

test('a clone that has begun before a settling ends well after it', async () => {
  const commits: (string | undefined)[] = []
  for (let version = 0; version < 24; version += 1)
    commits.push(
      (await repository.commit([{ path: 'a/sw1.cfg', content: config(version) }], `${version}`)).commit,
    )
  const { objects } = repository.stores
  let settling: Promise<{ retired: number }> | undefined
  repository.stores.objects = {
    ...objects,
    get: async (key) => {
      // The client has read the refs and the list, and asks for the first of its indexes.
      settling ??= settle({ ...repository.stores, objects })
      await settling
      return objects.get(key)
    },
  }

  await expectHistory(commits)

  expect(await settling).toMatchObject({ retired: 16 })
})

test('committers, settlers and cloners at once do each other no harm', { timeout: 300_000 }, async () => {
  await repository.commit([{ path: 'a/sw0.cfg', content: config(0) }])
  const over = new AbortController()
  const committers = Array.from({ length: 5 }, async (_, place) => {
    for (let version = 0; version < 12; version += 1) {
      const { commit } = await repository.commit(
        [{ path: `site-${place % 2}/sw${place}.cfg`, content: config(version) }],
        `${place} ${version}`,
      )
      expect(commit).toBeDefined()
    }
  })
  const settled: Awaited<ReturnType<typeof settle>>[] = []
  const settlers = Array.from({ length: 4 }, async () => {
    while (!over.signal.aborted) settled.push(await settle())
  })
  const cloners = Array.from({ length: 2 }, async () => {
    while (!over.signal.aborted) {
      const { path } = await repository.clone('--quiet')
      expect(await git(path, 'fsck', '--strict', '--full')).not.toMatch(/error|warning|missing|dangling/)
    }
  })

  await Promise.all(committers).finally(() => over.abort())
  await Promise.all([...settlers, ...cloners])
  settled.push(await settle())

  const { path } = await repository.clone()
  expect(await git(path, 'rev-list', '--count', 'HEAD')).toBe('61\n')
  expect(await git(path, 'fsck', '--strict', '--full')).not.toMatch(/error|warning|missing|dangling/)
  expect(settled.filter(({ retired }) => retired > 0).length).toBeGreaterThan(2)
})
