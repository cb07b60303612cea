import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SearchShard, searchShardOf, Unindexed } from '../../../shared/backups/search/shards.ts'
import { indexConfigs } from '../../../shared/backups/search/index-configs.ts'
import { loadShard } from '../../../shared/backups/search/shards.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { AppError } from '../../../shared/errors.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import type { ObjectStore } from '../../../shared/objects.ts'
import { keys, searchShards } from '../../../shared/table/keys.ts'
import { actor } from '../../support/engine.ts'
import { type Ground, makeDevice, makeGround } from '../../support/inventory.ts'
import { searchAll, startStoredConfigs, type StoredConfigs } from '../../support/stored-configs.ts'

let configs: StoredConfigs
let ground: Ground

beforeAll(async () => {
  configs = await startStoredConfigs()
  ground = await makeGround(configs.engine)
})
afterAll(() => configs?.stop())

const textOf = (name: string, mark: string): string =>
  `hostname ${name}\nbanner motd ${mark}\nntp server 192.0.2.1\nend\n`

async function newDevice(name: string, mark: string): Promise<{ id: number; name: string }> {
  const id = await makeDevice(configs.engine, ground, { name })
  await configs.store({ id, name }, textOf(name, mark))
  return { id, name }
}

const find = async (q: string): Promise<string[]> =>
  (await searchAll(configs, { q })).map(({ device: { name } }) => name).sort()

const marks = async (): Promise<number> => {
  const lists = Array.from({ length: searchShards }, (_, shard) =>
    Array.fromAsync(configs.engine.table.query(Unindexed, { partition: keys.unindexedOf(shard) })),
  )
  return (await Promise.all(lists)).flat().length
}

const itemOf = (id: number): Promise<SearchShard | undefined> =>
  configs.engine.table.get(SearchShard, keys.searchShard(searchShardOf(id)))

describe('indexing', () => {
  test('writes only the parts that have something new, and nothing when there is nothing', async () => {
    const first = await newDevice('one', 'alpha')
    await newDevice('two', 'alpha')
    await configs.index()
    const item = await itemOf(first.id)

    expect(await configs.index()).toEqual({ shards: 0, devices: 0, missing: 0, done: true })
    await configs.store(first, textOf('one', 'beta'))
    expect(await configs.index()).toEqual({ shards: 1, devices: 1, missing: 0, done: true })

    expect(await find('beta')).toEqual(['one'])
    expect(await find('alpha')).toEqual(['two'])
    expect((await itemOf(first.id))?.version).toBe((item?.version ?? 0) + 1)
    expect(await marks()).toBe(0)
  })

  test.each(['put', 'write'] as const)(
    'that breaks at a %s loses nothing and is done by the next one',
    async (where) => {
      const broken = await newDevice(`broken-${where}`, `gamma-${where}`)
      const stores = { ...configs.stores, ...breaking(where) }

      await expect(indexConfigs(stores)).rejects.toThrow('broken')
      expect(await find(`gamma-${where}`)).toEqual([])
      await configs.index()

      expect(await find(`gamma-${where}`)).toEqual([broken.name])
      expect(await marks()).toBe(0)
    },
  )

  test('that is out of time says so, and the next one goes on', async () => {
    await newDevice('late', 'delta')

    const out = await indexConfigs(configs.stores, Date.now() - 1)
    expect(out).toMatchObject({ shards: 0, done: false })
    expect(await find('delta')).toEqual([])

    expect(await configs.index()).toMatchObject({ devices: 1, done: true })
    expect(await find('delta')).toEqual(['late'])
  })

  test('by several at once, while versions are stored, ends with the newest text of each', async () => {
    const fleet = await Promise.all(Array.from({ length: 6 }, (_, n) => newDevice(`busy-${n}`, 'round-0-')))
    const rounds = async (): Promise<void> => {
      for (let round = 1; round <= 5; round += 1)
        await Promise.all(fleet.map((one) => configs.store(one, textOf(one.name, `round-${round}-`))))
    }
    await Promise.all([rounds(), configs.index(), configs.index(), configs.index()])
    await configs.index()

    expect(await find('round-5-')).toEqual(fleet.map(({ name }) => name).sort())
    expect(await find('round-')).toEqual(fleet.map(({ name }) => name).sort())
    expect(await marks()).toBe(0)
  })

  test('leaves out deleted devices, and has their text no longer', async () => {
    const gone = await newDevice('gone', 'epsilon')
    await configs.index()
    await deleteRows(configs.engine, device, [{ id: gone.id }], { actor })
    expect(await find('epsilon')).toEqual([])
    const item = await itemOf(gone.id)
    if (item === undefined) throw new Error('no shard')

    await configs.engine.table.write([
      {
        put: { ...keys.searchShard(item.shard), ...item, builtAt: '2026-01-01T00:00:00.000Z' },
        unconditionally: true,
      },
    ])
    await configs.index()

    const renewed = await loadShard(configs.stores.work, (await itemOf(gone.id))?.key ?? '')
    expect(renewed?.text).not.toContain('epsilon')
  })

  test('prepares everything again once the rules of redaction are others', async () => {
    const kept = await newDevice('kept', 'zeta')
    await configs.index()
    const item = await itemOf(kept.id)
    if (item === undefined) throw new Error('no shard')
    // As one would be that was made when nothing was known of such a secret.
    await storeBehind(kept.id, 'hostname kept\nsnmp-server community Eta-Secret-1 ro\nend\n')
    await configs.engine.table.write([
      { put: { ...keys.searchShard(item.shard), ...item, rules: 'of yesterday' }, unconditionally: true },
    ])

    expect(await configs.index()).toMatchObject({ shards: 1 })

    expect(await find('Eta-Secret-1')).toEqual([])
    expect(await find('snmp-server community <secret:hidden> ro')).toEqual(['kept'])
    const history = await searchAll(configs, { q: 'Eta-Secret', history: '1' })
    expect(history).toEqual([])
  })
})

/** Puts another text where the newest version of a device has its own. */
async function storeBehind(deviceId: number, text: string): Promise<void> {
  const { ConfigVersion } = await import('../../../shared/backups/records.ts')
  const [version] = await Array.fromAsync(
    configs.engine.table.query(ConfigVersion, {
      partition: keys.configVersions(deviceId),
      newestFirst: true,
    }),
  )
  if (version === undefined) throw new Error('no version')
  await configs.stores.archive.put(version.textKey, text)
}

/** Stores of which one fails: the object's, or the table's when the shard is moved. */
function breaking(where: 'put' | 'write'): Partial<StoredConfigs['stores']> {
  const broken = (): Promise<never> => Promise.reject(new AppError('unavailable', 'broken'))
  const { work, engine } = configs.stores
  const failing: ObjectStore = { ...work, put: broken }
  if (where === 'put') return { work: failing }
  return { engine: { ...engine, table: { ...engine.table, write: broken } } }
}
