import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeviceFiles } from '../../../shared/backups/history/device-files.ts'
import { importDevice, type DeviceReport } from '../../../shared/backups/history/import-device.ts'
import { openRaw } from '../../../shared/backups/versions/raw-config.ts'
import { readVersions } from '../../../shared/backups/device-records.ts'
import { letGo, planDevice } from '../../../shared/backups/retention/let-go.ts'
import type { PlannedDevice } from '../../../shared/backups/runs/plan.ts'
import { iosConfig } from '../../support/foreign-history.ts'
import { startStoredConfigs, type StoredConfigs } from '../../support/stored-configs.ts'

let configs: StoredConfigs

beforeAll(async () => {
  configs = await startStoredConfigs()
})
afterAll(() => configs?.stop())

const dayMs = 86_400_000
const atDay = (day: number): string => new Date(Date.UTC(2025, 0, 1) + day * dayMs).toISOString()

/** A configuration a day: on day 0 with one VLAN, and each day one more. */
const fileOf = (deviceId: number, days: number, from = 0, deviceType = 'cisco_ios') => {
  const changes = Array.from({ length: days }, (_, index) => ({
    path: `sw${deviceId}`,
    blob: String(from + index + 1),
    commit: {
      oid: String(from + index).padStart(40, '0'),
      parents: [],
      tree: '',
      author: { name: 'asa', email: 'asa@example.net' },
      at: atDay(from + index),
      message: 'update',
    },
  }))
  const files: DeviceFiles = { deviceId, paths: [`sw${deviceId}`], changes, isAmbiguous: false }
  const device: PlannedDevice = {
    id: deviceId,
    name: `sw${deviceId}`,
    status: 'active',
    address: '',
    port: 22,
    deviceType,
    platformId: 1,
    site: { id: 1, slug: 'ams' },
    tagIds: [],
  }
  return { files, device }
}

const bring = (
  { files, device }: ReturnType<typeof fileOf>,
  { isDry = false, isOver = () => false }: { isDry?: boolean; isOver?: () => boolean } = {},
): Promise<DeviceReport> =>
  importDevice(
    {
      engine: configs.engine,
      archive: configs.stores.archive,
      keyring: configs.keyring,
      repository: {
        readFile: async (blob) => new TextEncoder().encode(iosConfig(device.name, Number(blob))),
      },
      inventory: { devices: [device] },
      jobId: 7,
      isDry,
    },
    files,
    async () => isOver(),
  )

const stored = async (deviceId: number): Promise<[number, string][]> =>
  (await readVersions(configs.engine.table, deviceId)).map(({ sequence, collectedAt }) => [
    sequence,
    collectedAt,
  ])

/** Numbers from -1 downwards, the newest first, a day each. */
const past = (days: number): [number, string][] =>
  Array.from({ length: days }, (_, index) => [-1 - index, atDay(days - 1 - index)])

test('an import that is cut short goes on where it was, and the same history again stores nothing', async () => {
  const history = fileOf(11, 45)
  let asked = 0

  const dry = await bring(history, { isDry: true })
  const cut = await bring(history, { isOver: () => (asked += 1) > 1 })
  const rest = await bring(history)
  const again = await bring(history)

  expect(dry).toMatchObject({ found: 45, versions: 45, secrets: 45, first: atDay(0), last: atDay(44) })
  expect(cut).toMatchObject({ versions: 20, isCutShort: true })
  expect(rest).toMatchObject({ versions: 25, isCutShort: false })
  expect(again).toMatchObject({ found: 45, versions: 0 })
  expect(await stored(11)).toEqual(past(45))
})

test('several imports of one history at once store each version once', async () => {
  const reports = await Promise.all(Array.from({ length: 4 }, () => bring(fileOf(12, 30))))

  expect(await stored(12)).toEqual(past(30))
  expect(reports.map(({ found }) => found)).toEqual([30, 30, 30, 30])
})

test('only what is older than the first version of our own comes before it', async () => {
  await configs.store({ id: 13, name: 'sw13' }, iosConfig('sw13', 99), { runId: 1, at: new Date(atDay(3)) })

  const report = await bring(fileOf(13, 6))

  expect(report).toMatchObject({ found: 6, versions: 3 })
  expect(await stored(13)).toEqual([[1, atDay(3)], ...past(3)])
})

test('another history adds what is older still, and nothing in between', async () => {
  await bring(fileOf(14, 5, 10))

  const report = await bring(fileOf(14, 20, 0))

  expect(report).toMatchObject({ found: 20, versions: 10 })
  expect((await stored(14)).map(([sequence]) => sequence)).toEqual(
    Array.from({ length: 15 }, (_, at) => -1 - at),
  )
  expect((await stored(14)).map(([, at]) => at)).toEqual(past(15).map(([, at]) => at))
})

test('what retention lets go of it does not come back, and the newest version stays', async () => {
  const history = fileOf(15, 6)
  await bring(history)
  const policy = { id: 1, name: 'two', keep_versions: 2, keep_days: null }
  const now = configs.engine.now()

  const planned = await planDevice(
    configs.engine.table,
    { deviceId: 15, policy: policy as never, pinned: new Set() },
    now,
  )
  if (planned === undefined) throw new Error('nothing was let go')
  await letGo(configs.engine.table, planned, { jobId: 8, now })
  const again = await bring(history)

  expect(planned.going).toHaveLength(4)
  expect(again.versions).toBe(0)
  expect(await stored(15)).toEqual(past(6).slice(0, 2))
})

test('the raw text is sealed, and is that of its version', async () => {
  await bring(fileOf(16, 1))
  const [version] = await readVersions(configs.engine.table, 16)
  if (version === undefined) throw new Error('no version was stored')
  const sealed = await configs.stores.archive.get(version.rawKey)
  const shown = await configs.stores.archive.get(version.textKey)

  expect(Buffer.from(sealed ?? []).includes('Swordfish')).toBe(false)
  expect(Buffer.from(shown ?? []).includes('Swordfish')).toBe(false)
  const { raw, checkedBy } = await openRaw(configs.keyring, version, sealed ?? new Uint8Array())
  expect([Buffer.from(raw).toString(), checkedBy]).toEqual([iosConfig('sw16', 1), 'code'])
})

test('without a platform nothing is stored, for nobody knows what is secret', async () => {
  expect(await bring(fileOf(17, 2, 0, ''))).toMatchObject({ problem: 'no_platform', versions: 0 })
  expect(await bring({ ...fileOf(18, 0) })).toMatchObject({ problem: 'not_readable', versions: 0 })
  expect(await stored(17)).toEqual([])
})
