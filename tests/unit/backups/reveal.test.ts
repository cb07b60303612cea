import { afterAll, beforeAll, expect, test } from 'vitest'
import { readVersion } from '../../../shared/backups/device-records.ts'
import { openKeyring, renewKeyring } from '../../../shared/backups/keyring.ts'
import { reveal } from '../../../shared/backups/models/reveal.ts'
import type { ConfigVersion } from '../../../shared/backups/records.ts'
import { revealConfig, type RevealAsked } from '../../../shared/backups/versions/reveal.ts'
import { Change } from '../../../shared/model/change.ts'
import { keys } from '../../../shared/table/keys.ts'
import type { Caller } from '../../../shared/users/caller.ts'
import { actor } from '../../support/engine.ts'
import { makeDevice, makeGround } from '../../support/inventory.ts'
import { keyServiceOf } from '../../support/key-service.ts'
import { startStoredConfigs, type StoredConfigs } from '../../support/stored-configs.ts'

const keyService = keyServiceOf()
let configs: StoredConfigs
let [one, two] = [0, 0]
const raw = (name: string): string => `hostname ${name}\r\nenable secret Horse-${name}\r\nend\r\n`

beforeAll(async () => {
  configs = await startStoredConfigs(undefined, { keyService })
  const ground = await makeGround(configs.engine)
  one = await makeDevice(configs.engine, ground, { name: 'one' })
  two = await makeDevice(configs.engine, ground, { name: 'two' })
  await configs.store({ id: one, name: 'one' }, raw('one'))
  await configs.store({ id: two, name: 'two' }, raw('two'))
})
afterAll(() => configs?.stop())

const callerWho = (more: Partial<Caller>): Caller => ({
  ...actor,
  userId: 7,
  tokenId: 8,
  username: 'alice',
  writeEnabled: true,
  can: () => true,
  ...more,
})

function ask(asked: Partial<RevealAsked> & { deviceId: number }, caller = callerWho({})) {
  const { engine, archive } = configs.stores
  const whole = { version: 'latest' as const, reason: 'rebuild', offset: 0, bytes: undefined, ...asked }
  return revealConfig({ engine, archive, keyService }, whole, caller)
}

const textOf = async (asked: Partial<RevealAsked> & { deviceId: number }): Promise<string> =>
  new TextDecoder().decode((await ask(asked)).part)

async function noted(): Promise<{ who: string; why: string; outcome: unknown; version: unknown }[]> {
  const shards = [0, 1, 2, 3].map((shard) => keys.changes(reveal.name, shard))
  const found = await Promise.all(
    shards.map((partition) => Array.fromAsync(configs.engine.table.query(Change, { partition }))),
  )
  return found
    .flat()
    .sort((a, b) => a.changeId - b.changeId)
    .map(({ username, message, after }) => ({
      who: username,
      why: message,
      outcome: after?.['outcome'],
      version: after?.['config_version'],
    }))
}

const storedOf = (deviceId: number): Promise<ConfigVersion> =>
  readVersion(configs.engine.table, deviceId, 'latest')

const replace = (version: ConfigVersion): Promise<void> =>
  configs.engine.table.write([
    { put: { ...keys.configVersion(version.deviceId, version.sequence), ...version }, unconditionally: true },
  ])

test('is given byte by byte as it came, whole or in parts, after a renewal of the keyring too', async () => {
  expect(await textOf({ deviceId: one })).toBe(raw('one'))
  expect(await textOf({ deviceId: one, offset: 9, bytes: 3 })).toBe('one')
  await renewKeyring(configs.engine.table, keyService)

  expect(await textOf({ deviceId: one, version: 1 })).toBe(raw('one'))

  expect(await noted()).toEqual(
    Array.from({ length: 3 }, () => ({
      who: 'alice',
      why: 'granted: rebuild',
      outcome: 'granted',
      version: 1,
    })),
  )
})

test.each([
  ['without the permission', { can: () => false }, /backups\.reveal_config/],
  ['whose token may only read', { writeEnabled: false }, /only read/],
])('who is %s is refused, and that is noted', async (_, more, message) => {
  const before = (await noted()).length

  const asking = ask({ deviceId: two, reason: 'curious' }, callerWho({ username: 'mallory', ...more }))

  await expect(asking).rejects.toMatchObject({ code: 'forbidden', message: expect.stringMatching(message) })
  expect((await noted()).slice(before)).toEqual([
    { who: 'mallory', why: 'refused: curious', outcome: 'refused', version: null },
  ])
})

test('nothing is opened, nor read, where it cannot be noted', async () => {
  const { engine, archive } = configs.stores
  const reads: string[] = []
  const watched = { ...archive, get: (key: string) => (reads.push(key), archive.get(key)) }
  const table = { ...engine.table, write: () => Promise.reject(new Error('no write')) }
  const opened = keyService.decrypted

  const asking = revealConfig(
    { engine: { ...engine, table }, archive: watched, keyService },
    { deviceId: one, version: 1, reason: 'x', offset: 0, bytes: undefined },
    callerWho({}),
  )

  await expect(asking).rejects.toThrow('no write')
  expect([reads, keyService.decrypted - opened]).toEqual([[], 0])
})

test('the sealed text of another device, or one that somebody else has sealed, is refused', async () => {
  const [mine, other] = [await storedOf(one), await storedOf(two)]
  const keyring = await openKeyring(configs.engine.table, keyService)
  const forged = await keyring.seal('raw-config', new TextEncoder().encode(raw('forged')))
  const { archive } = configs.stores
  const own = (await archive.get(mine.rawKey)) ?? new Uint8Array()
  const { rawCode: _, ...before } = mine

  for (const version of [mine, before])
    for (const sealed of [(await archive.get(other.rawKey)) ?? own, forged]) {
      await replace(version)
      await archive.put(mine.rawKey, sealed)
      await expect(ask({ deviceId: one })).rejects.toMatchObject({ code: 'raw_mismatch' })
    }

  await archive.put(mine.rawKey, own)
  expect(await ask({ deviceId: one })).toMatchObject({ checkedBy: 'text' })
  await replace(mine)
  expect(await ask({ deviceId: one })).toMatchObject({ checkedBy: 'code' })
})

test('a text beyond what an answer holds is told to be asked for in parts', async () => {
  const long = `hostname one\n${'description x\n'.repeat(400_000)}end\n`
  await configs.store({ id: one, name: 'one' }, long)

  await expect(ask({ deviceId: one })).rejects.toMatchObject({
    code: 'too_large',
    extra: { total: long.length, bytes_max: 4 * 1024 * 1024 },
  })
  expect(await textOf({ deviceId: one, offset: 5_000_000, bytes: 4_000_000 })).toBe(long.slice(5_000_000))
})
