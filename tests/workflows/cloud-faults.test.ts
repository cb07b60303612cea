import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import type { Fault } from '../../local/service.ts'
import { endOfRun, expectAgreement, resultsOf, startRun, type Run } from '../support/backups.ts'
import { startFleet } from '../support/fleet.ts'
import { sealedChain } from '../support/chain.ts'
import { until, type Product } from '../support/product.ts'

const deviceCount = 40
let product: Product
let lab: Lab
let ids: Map<string, number>

beforeAll(async () => {
  ;({ product, lab, ids } = await startFleet(deviceCount))
})

afterEach(() => product.runtime.faults.clear())

afterAll(async () => {
  await Promise.all([product?.stop(), lab?.stop()])
})

const lost = { kind: 'applied_but_failed' } as const
const internalError = { kind: 'error', status: 500, code: 'InternalError' } as const

/** The transactions that store what became of a device, and any others. */
const recording = { service: 'dynamodb', action: 'TransactWriteItems', containing: 'run-result#' } as const
const moving = { service: 'dynamodb', action: 'TransactWriteItems' } as const

/** What the cloud does to one run, in which every device has changed. */
const weather: readonly { what: string; faults: readonly Fault[]; fromTheStart?: true }[] = [
  {
    what: 'writes conflict in storms',
    faults: [
      { ...recording, times: 40, effect: { kind: 'conflict' } },
      { ...moving, times: 4, effect: { kind: 'conflict' } },
    ],
  },
  {
    what: 'DynamoDB throttles reads and writes for a while',
    faults: [
      { ...recording, times: 30, effect: { kind: 'throttle' } },
      { ...moving, times: 4, effect: { kind: 'throttle' } },
      { service: 'dynamodb', action: 'BatchGetItem', times: 6, effect: { kind: 'throttle' } },
      { service: 'dynamodb', action: 'PutItem', times: 3, effect: { kind: 'throttle' } },
    ],
  },
  {
    what: 'writes are applied and reported as failed',
    faults: [
      { ...recording, times: 60, effect: lost },
      { ...moving, times: 6, effect: lost },
      { service: 'dynamodb', action: 'PutItem', times: 3, effect: lost },
    ],
  },
  {
    what: 'objects are stored and reported as failed',
    faults: [
      { service: 's3', action: 'PutObject', containing: '/work-lists/', times: 3, effect: lost },
      { service: 's3', action: 'PutObject', containing: '/configs/', times: 20, effect: lost },
      { service: 's3', action: 'PutObject', containing: '/git/', times: 5, effect: lost },
    ],
  },
  {
    what: 'S3 is slow, and answers 500 now and then',
    faults: [
      { service: 's3', action: 'PutObject', containing: '/raw/', times: 12, effect: internalError },
      { service: 's3', action: 'GetObject', containing: '/configs/', times: 8, effect: internalError },
      { service: 's3', action: '*', times: 40, effect: { kind: 'delay', delayMs: 150 } },
    ],
  },
  {
    what: 'the start and the keys are reported as failed',
    fromTheStart: true,
    faults: [
      { service: 'states', action: 'StartExecution', effect: lost },
      { service: 'kms', action: 'Decrypt', times: 2, effect: lost },
    ],
  },
  {
    what: 'batches of the stream, events and invocations arrive twice',
    faults: ['sources', 'events', 'lambda', 'scheduler'].map((service) => ({
      service,
      action: 'deliver',
      times: 50,
      effect: { kind: 'duplicate' },
    })),
  },
  {
    what: 'batches that were carried out are reported as failed, and done again',
    faults: [{ service: 'lambda', action: 'Invoke', containing: 'CollectDevices', times: 2, effect: lost }],
  },
  {
    what: 'plan, second pass, commit and report are reported as failed, and done again',
    faults: ['PlanBackup', 'PlanSecondPass', 'CommitBackup', 'ReportBackup'].map((containing) => ({
      service: 'lambda',
      action: 'Invoke',
      containing,
      effect: lost,
    })),
  },
]

describe('a run over forty changed devices, while', () => {
  test.each(weather)('$what, ends well', async ({ faults, fromTheStart }) => {
    changeAll()
    const versions = await versionsOfAll()
    const begin = () => faults.forEach((fault) => product.runtime.faults.add(fault))

    if (fromTheStart) begin()
    const id = await startRun(product.api)
    if (!fromTheStart) begin()
    const run = await endOfRun(product.api, id)

    product.runtime.faults.clear()
    const failures = [...(await resultsOf(product.api, id)).values()].filter(
      ({ category }) => category !== null,
    )
    // First, for it tells why when the rest does not hold.
    expect(failures).toEqual([])
    expect(run).toMatchObject({
      status: { value: 'success' },
      total: deviceCount,
      changed: deviceCount,
      error: null,
    })
    expect(run.commit).toMatch(/^[0-9a-f]{40}$/)
    expect(await versionsOfAll()).toEqual(versions.map((version) => version + 1))
    await expectAgreement(agreement(), run.id)
  })
})

test('a schedule whose start arrives twice makes one run, and each device is asked once', async () => {
  const sessions = lab.devices.map((device) => device.sessions)
  product.runtime.faults.add({ service: 'scheduler', action: 'deliver', effect: { kind: 'duplicate' } })
  const { id } = await product.api.post<{ id: number }>('/backups/schedules/', {
    name: 'doubled',
    once_at: new Date(Date.now() + 2500).toISOString(),
  })

  const runs = await until('the scheduled run', async () => {
    const { results } = await product.api.get<{ results: Run[] }>(`/backups/runs/?schedule_id=${id}`)
    return results.length > 0 ? results : undefined
  })
  const run = await endOfRun(product.api, runs[0]?.id ?? 0)

  expect(run).toMatchObject({ status: { value: 'success' }, unchanged: deviceCount, error: null })
  expect(lab.devices.map((device, index) => device.sessions - (sessions[index] ?? 0))).toEqual(
    Array<number>(deviceCount).fill(1),
  )
})

test('after all of it every change is in the sealed log exactly once', async () => {
  const { faults, changes, recorded } = await sealedChain(product)

  expect(faults).toEqual([])
  expect(changes).toBe(recorded)
})

const changeAll = (): void => lab.devices.forEach((device) => device.change())
const agreement = () => ({ ...product, url: product.runtime.url, ids })

function versionsOfAll(): Promise<number[]> {
  const stateOf = (id: number) => product.api.get<{ version: number | null }>(`/backups/devices/${id}/state/`)
  return Promise.all([...ids.values()].map(async (id) => (await stateOf(id)).version ?? 0))
}
