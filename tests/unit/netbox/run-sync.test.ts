import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openSealer, sealText } from '../../../shared/backups/keyring.ts'
import { createJob, readJob } from '../../../shared/core/jobs.ts'
import { netboxSource } from '../../../shared/core/models/netbox-source.ts'
import { runSync } from '../../../shared/core/netbox/run-sync.ts'
import { syncJob } from '../../../shared/core/netbox/sync-job.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { site } from '../../../shared/dcim/models/site.ts'
import { tag } from '../../../shared/extras/models/tag.ts'
import type { Model, Row } from '../../../shared/model/define.ts'
import type { Engine } from '../../../shared/model/engine.ts'
import { createRows, getRow, updateRows } from '../../../shared/model/records.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { keyServiceOf } from '../../support/key-service.ts'
import { netboxDevice, startNetbox, type SmallNetbox } from '../../support/netbox.ts'
import { memoryObjects } from '../../support/snapshots.ts'

const keyService = keyServiceOf()
const token = 'nbt_Qx7aY0bCdEfG.0123456789abcdef0123456789abcdef01234567'
let world: TestEngine
let engine: Engine
let netbox: SmallNetbox
let sources = 0
/** How much later than now it is. */
let lateMs = 0

beforeAll(async () => {
  ;[world, netbox] = await Promise.all([startEngine(), startNetbox(token)])
  const { table } = world.served
  const now = (): Date => new Date(Date.now() + lateMs)
  engine = world.another({ now, seal: async (text) => sealText(await openSealer(table, keyService), text) })
})
afterAll(() => Promise.all([world?.stop(), netbox?.stop()]))

/** Devices of a site of its own for each test. */
const devicesOf = (name: string, count = 3, changes: Record<string, unknown> = {}) =>
  Array.from({ length: count }, (_, at) =>
    netboxDevice(at + 1, {
      site: { id: 6, name, slug: name },
      serial: `${name}-${at + 1}`,
      ...changes,
    }),
  )

let work = memoryObjects()
beforeEach(() => {
  work = memoryObjects()
})

async function makeSource(gone: 'report' | 'status' = 'report') {
  sources += 1
  const [made] = await createRows(
    engine,
    netboxSource,
    [{ name: `netbox ${sources}`, remote_url: netbox.url, token, gone }],
    { actor },
  )
  return made?.id ?? 0
}

async function sync(id: number, dry_run = false) {
  const job = await createJob(engine, await syncJob(engine, { id, dry_run }, actor))
  const run = (): Promise<boolean> =>
    runSync({ engine, work, keyService }, { jobId: job.id, execution: 'one' }, Date.now() + 60_000)
  let passes = 1
  for (; !(await run()); passes++) lateMs = 0
  const { state, error, result } = await readJob(engine, job.id)
  return {
    id: job.id,
    passes,
    state,
    error,
    result: result as Record<string, unknown> & { errors: { message: string }[] },
  }
}

async function rowsOf(model: Model): Promise<Row[]> {
  const catalog = engine.catalogs.of(model)
  await catalog.refresh()
  return [...catalog.rows.values()]
}
const devicesAt = async (name: string): Promise<Row[]> => {
  const place = (await rowsOf(site)).find((row) => row['name'] === name)
  return (await rowsOf(device)).filter((row) => row['site'] === place?.id)
}

test('a dry run tells everything field by field, and writes nothing', async () => {
  netbox.devices = devicesOf('dry')
  const { state, result, id } = await sync(await makeSource(), true)

  expect({ state, ...result }).toMatchObject({
    state: 'completed',
    dry_run: true,
    devices: 3,
    created: 3,
    changed: 0,
    unchanged: 0,
    failed: 0,
    error_count: 0,
    related: { 'dcim.site': 1, 'dcim.devicetype': 1, 'extras.tag': 1 },
  })
  const changes = JSON.parse(new TextDecoder().decode(await work.get(`jobs/${id}/files/changes.json`)))
  expect(changes).toContainEqual({
    model: 'dcim.device',
    action: 'create',
    object_id: null,
    upstream_id: 2,
    display: 'sw2',
    fields: {
      name: { after: 'sw2' },
      site: { after: 'dry' },
      role: { after: 'Access' },
      device_type: { after: 'Catalyst 9300' },
      platform: { after: 'Cisco IOS-XE' },
      status: { after: 'active' },
      serial: { after: 'dry-2' },
      management_address: { after: '10.0.0.2' },
      tags: { after: ['Managed'] },
    },
  })
  expect(await devicesAt('dry')).toEqual([])
  expect((await rowsOf(site)).filter((row) => row['name'] === 'dry')).toEqual([])
})

test('a second sync changes and writes nothing; what changed upstream follows, a rename and a move too', async () => {
  netbox.devices = devicesOf('twice')
  const id = await makeSource()
  const first = await sync(id)
  const before = await devicesAt('twice')
  const second = await sync(id)
  const after = await devicesAt('twice')
  netbox.devices[0] = { ...netbox.devices[0], name: 'core1', site: { name: 'elsewhere', slug: 'elsewhere' } }
  const dry = await sync(id, true)
  const third = await sync(id)
  const [moved] = await devicesAt('elsewhere')

  expect(first.result).toMatchObject({ created: 3, changed: 0, unchanged: 0, failed: 0 })
  expect(second.result).toMatchObject({ created: 0, changed: 0, unchanged: 3, changes: [], related: {} })
  expect(after).toEqual(before)
  expect(dry.result['changes']).toMatchObject([
    { model: 'dcim.site', action: 'create' },
    {
      action: 'change',
      fields: { name: { before: 'sw1', after: 'core1' }, site: { before: 'twice', after: 'elsewhere' } },
    },
  ])
  expect(third.result).toMatchObject({ created: 0, changed: 1, unchanged: 2, related: { 'dcim.site': 1 } })
  expect(moved).toMatchObject({ id: before.find(({ name }) => name === 'sw1')?.id, name: 'core1' })
})

test('what was kept here is found by its name, and keeps what NetBox leaves empty and its own tags', async () => {
  netbox.devices = devicesOf('own', 1)
  const id = await makeSource()
  await sync(id)
  const [there] = await devicesAt('own')
  const [own] = await createRows(engine, tag, [{ name: 'Nightly', slug: 'nightly' }], { actor })
  const tags = [own?.id ?? 0, ...((there?.['tags'] ?? []) as number[])]
  await updateRows(engine, device, [{ id: there?.id ?? 0, values: { tags, comments: 'ours' } }], { actor })
  netbox.devices = devicesOf('own', 1, { serial: '', primary_ip4: null, platform: null })
  // Another source knows none of its ids.
  const { result } = await sync(await makeSource())

  expect(result).toMatchObject({ created: 0, changed: 0, unchanged: 1 })
  expect(await getRow(engine, device, there?.id ?? 0)).toMatchObject({
    serial: 'own-1',
    management_address: '10.0.0.1',
    platform: there?.['platform'],
    tags,
    comments: 'ours',
  })
})

test('a device that is gone is told, or set offline; one that was made anew under its name is not gone', async () => {
  netbox.devices = devicesOf('gone')
  const [report, status] = [await makeSource('report'), await makeSource('status')]
  await sync(report)
  await sync(status)
  const [, , third] = netbox.devices
  netbox.devices = [{ ...netbox.devices[0], id: 99 }, { ...third }]
  const told = await sync(report)
  const kept = (await devicesAt('gone')).map((row) => row['status'])
  const set = await sync(status)
  const again = await sync(status)

  expect(told.result).toMatchObject({ gone: 1, set_offline: 0, unchanged: 2 })
  expect(told.result['gone_devices']).toMatchObject([{ upstream_id: 2, display: 'sw2' }])
  expect(kept).toEqual(['active', 'active', 'active'])
  expect(set.result).toMatchObject({ gone: 1, set_offline: 1, changed: 0, unchanged: 2 })
  expect(again.result).toMatchObject({ gone: 1, set_offline: 0, unchanged: 2 })
  expect((await devicesAt('gone')).filter((row) => row['status'] === 'offline')).toMatchObject([
    { name: 'sw2' },
  ])

  netbox.devices = []
  const empty = await sync(status)
  expect(empty).toMatchObject({ state: 'failed', error: expect.stringContaining('lists no device at all') })
})

test('errors are those of one object: the others are written', async () => {
  netbox.devices = devicesOf('bad', 4)
  netbox.devices[0] = { ...netbox.devices[0], name: null }
  netbox.devices[1] = { ...netbox.devices[1], status: null }
  netbox.devices[2] = { ...netbox.devices[2], site: { name: 'x'.repeat(101), slug: 'long' } }
  const { state, result } = await sync(await makeSource())

  expect({ state, ...result }).toMatchObject({ state: 'completed', created: 1, failed: 3, error_count: 4 })
  const messages = result.errors.map(({ message }) => message).join('\n')
  for (const part of [
    '(id 1 of NetBox): name',
    '(id 2 of NetBox): status',
    'Device sw3 (id 3 of NetBox): Site',
  ])
    expect(messages).toContain(part)
  expect(await devicesAt('bad')).toMatchObject([{ name: 'sw4' }])
})

test('a sync whose time is up goes on where it was, and counts all', async () => {
  netbox.devices = devicesOf('slow', 2)
  // While the only page is read, an hour passes.
  netbox.before = [
    (response) => {
      lateMs = 3_600_000
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ count: 2, next: null, previous: null, results: netbox.devices }))
    },
  ]
  const { passes, result } = await sync(await makeSource())

  expect(passes).toBe(2)
  expect(result).toMatchObject({ created: 2, unchanged: 0, failed: 0, related: { 'dcim.site': 1 } })
})

test('a token that is refused ends the job with the reason, and is in no word of it', async () => {
  netbox.before = [(response) => void response.writeHead(401).end('{"detail": "Token expired"}')]
  const { state, error } = await sync(await makeSource())

  expect({ state, error }).toEqual({
    state: 'failed',
    error: 'login_rejected: NetBox rejects the token (401): Token expired',
  })
})

test('one that is switched off may be compared with, and is not synced from', async () => {
  const id = await makeSource()
  await updateRows(engine, netboxSource, [{ id, values: { enabled: false } }], { actor })

  await expect(syncJob(engine, { id, dry_run: false }, actor)).rejects.toMatchObject({
    code: 'validation_failed',
  })
  expect(await syncJob(engine, { id, dry_run: true }, actor)).toMatchObject({ kind: 'netbox_sync' })
})
