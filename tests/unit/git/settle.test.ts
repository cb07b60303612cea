import { afterEach, beforeEach, expect, test } from 'vitest'
import { readPacks } from '../../../shared/git/repositories.ts'
import { settlePacks } from '../../../shared/git/settle.ts'
import { git, startRepository, type TestRepository } from '../../support/git-repository.ts'

let repository: TestRepository
beforeEach(async () => {
  repository = await startRepository()
})
afterEach(() => repository.stop())

const hourMs = 3600_000
const settle = () => settlePacks({ ...repository.stores, repository: 'configs' })
const passHours = (hours: number): void => {
  const at = repository.stores.now().getTime() + hours * hourMs
  repository.stores.now = () => new Date(at)
}

/** A configuration of 12 kB in which each version has another line. */
const config = (device: number, version: number): string =>
  Array.from(
    { length: 200 },
    (_, port) =>
      `interface Ethernet${port}\n description ${(port * 7919 + device) % 9973}${port === version % 200 ? ` of version ${version}` : ''}\n!\n`,
  ).join('')

const commitVersions = async (from: number, to: number): Promise<void> => {
  for (let version = from; version < to; version += 1) {
    const devices = [0, 1, 2].map((place) => (version + place * 3) % 10)
    await repository.commit(
      devices.map((device) => ({
        path: `site-${device % 3}/sw${device}.cfg`,
        content: config(device, version),
      })),
      `Run ${version}`,
    )
  }
}

const everything = async (path: string): Promise<string> =>
  (await git(path, 'log', '--format=%H %P %T %s', '--raw', '--no-abbrev')) +
  (await git(path, 'ls-tree', '-r', 'HEAD'))

const live = async () =>
  (await readPacks(repository.stores.table, 'configs')).filter(({ retiredAt }) => retiredAt === undefined)

test('a long history becomes a few small packs, and git sees the same history', async () => {
  await commitVersions(0, 48)
  const before = await repository.clone()
  const bytesBefore = (await live()).reduce((sum, { bytes }) => sum + bytes, 0)

  const done = await settle()
  const after = await repository.clone()

  const packs = await live()
  expect(done).toEqual({ retired: 40, written: 1, deleted: 0 })
  expect(packs).toHaveLength(9)
  expect(packs.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(bytesBefore / 2.5)
  expect(await everything(after.path)).toBe(await everything(before.path))
  expect(await git(after.path, 'fsck', '--strict', '--full')).not.toMatch(/error|warning|missing|dangling/)
})

test('a clone keeps up by fetching, whatever is settled meanwhile, and by small packs', async () => {
  await commitVersions(0, 20)
  const { path } = await repository.clone()
  for (let version = 20; version < 40; version += 5) {
    await commitVersions(version, version + 5)
    await settle()
    repository.takeRequests()
    await git(path, 'pull', '--ff-only')
    expect(repository.takeRequests().filter((request) => request.includes('.pack 200'))).toHaveLength(5)
  }
  const fresh = await repository.clone()

  expect(await everything(path)).toBe(await everything(fresh.path))
  expect(await git(path, 'fsck', '--strict', '--full')).not.toMatch(/error|warning|missing|dangling/)
})

test('a retired pack is served for a day to whoever has read the list before, and then deleted', async () => {
  await commitVersions(0, 20)
  const listed = await live()
  const inStore = async (): Promise<string[]> => {
    const keys: string[] = []
    for await (const { key } of repository.stores.objects.list('git/configs/packs/')) keys.push(key)
    return keys
  }
  const served = async (): Promise<number[]> =>
    Promise.all(
      listed.map(
        async ({ pack }) => (await fetch(`${repository.url}/objects/pack/pack-${pack}.pack`)).status,
      ),
    )

  await settle()
  passHours(23)
  expect(await settle()).toMatchObject({ deleted: 0 })
  expect(new Set(await served())).toEqual(new Set([200]))
  passHours(2)
  expect(await settle()).toMatchObject({ deleted: 12 })

  expect((await served()).toSorted((a, b) => a - b)).toEqual([
    ...Array<number>(8).fill(200),
    ...Array<number>(12).fill(404),
  ])
  expect(await inStore()).toHaveLength(8 * 2 + 3)
  const { path } = await repository.clone()
  expect(await git(path, 'rev-list', '--count', 'HEAD')).toBe('20\n')
})

test('what was stored and never listed is deleted after a week, and not before', async () => {
  const orphan = `git/configs/packs/pack-${'a'.repeat(40)}-${repository.stores.now().getTime().toString(36)}-00000000.pack`
  await repository.stores.objects.put(orphan, 'lost')
  await commitVersions(0, 1)

  passHours(6 * 24)
  await settle()
  expect(await repository.stores.objects.exists(orphan)).toBe(true)
  passHours(25)
  await settle()

  expect(await repository.stores.objects.exists(orphan)).toBe(false)
  expect((await repository.clone()).path).toBeDefined()
})

test('a version that comes back is kept once, and a device that moves keeps its versions', async () => {
  for (let run = 0; run < 60; run += 1) {
    const site = run < 30 ? 'ams' : 'ber'
    await repository.commit([
      { path: `${site}/sw1.cfg`, content: config(1, run % 7) },
      { path: `${site}/sw2.cfg`, content: config(1, run % 5) },
      ...(run === 30 ? [{ path: 'ams/sw1.cfg', remove: true as const }] : []),
    ])
    if (run % 17 === 16) await settle()
  }
  const { path } = await repository.clone()

  expect(await git(path, 'fsck', '--strict', '--full')).not.toMatch(/error|warning|missing|dangling/)
  expect(await git(path, 'log', '--follow', '--format=%H', '--', 'ber/sw1.cfg')).not.toBe('')
  expect(await git(path, 'show', 'HEAD:ber/sw1.cfg')).toBe(config(1, 59 % 7))
})

test('histories too large for one pack are many, each within the bound, and new versions find their pack', async () => {
  const large = (device: number, version: number): string =>
    Array.from({ length: 30_000 }, (_, line) =>
      line === version
        ? `changed by ${version}`
        : Math.imul(line + 1, 0x9e3779b1 + device * 2654435).toString(36),
    ).join('\n')
  for (let version = 0; version < 40; version += 1) {
    const devices = version < 2 ? Array.from({ length: 40 }, (_, device) => device) : [7]
    await repository.commit(
      devices.map((device) => ({ path: `site/sw${device}.cfg`, content: large(device, version) })),
    )
  }

  const first = await settle()
  const { path } = await repository.clone()

  const settled = (await live()).filter((pack) => pack.settled)
  expect(first.written).toBeGreaterThan(1)
  expect(new Set(settled.map((pack) => `${pack.settled?.from} ${pack.settled?.part}`)).size).toBe(
    settled.length,
  )
  for (const { bytes } of settled) expect(bytes).toBeLessThanOrEqual(4 * 1024 * 1024)
  expect(await git(path, 'fsck', '--strict', '--full')).not.toMatch(/error|warning|missing|dangling/)
  for (let version = 40; version < 60; version += 1)
    await repository.commit([{ path: 'site/sw7.cfg', content: large(7, version) }])
  await settle()
  const names = new Set((await live()).map(({ pack }) => pack))
  expect(settled.filter(({ pack }) => names.has(pack)).length).toBeGreaterThan(0)
  expect(await git((await repository.clone()).path, 'show', 'HEAD:site/sw7.cfg')).toBe(large(7, 59))
})
