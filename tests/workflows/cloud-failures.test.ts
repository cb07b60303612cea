import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { endOfRun, expectAgreement, resultsOf, startRun } from '../support/backups.ts'
import { startFleet } from '../support/fleet.ts'
import type { Product } from '../support/product.ts'

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

const internalError = { kind: 'error', status: 500, code: 'InternalError' } as const

describe('a run over forty changed devices, while', () => {
  test('a worker dies and S3 refuses one device’s text, finishes but for that device', async () => {
    changeAll()
    const [name = '', id = 0] = [...ids][7] ?? []
    const exit = { kind: 'error', status: 500, code: 'Runtime.ExitError' } as const
    const { faults } = product.runtime
    faults.add({ service: 'lambda', action: 'Invoke', containing: 'CollectDevices', effect: exit })
    const refused = { service: 's3', action: 'PutObject', containing: `/raw/${id}/` }
    faults.add({ ...refused, times: 1000, effect: internalError })

    const run = await endOfRun(product.api, await startRun(product.api))

    expect(run).toMatchObject({ status: { value: 'partial' }, changed: deviceCount - 1, failed: 1 })
    const results = await resultsOf(product.api, run.id)
    expect(results.get(name)).toMatchObject({ status: 'failed', category: 'internal', pass: 2 })
    // The devices of the batch that died, and the one whose text was refused.
    const again = [...results.values()].filter(({ pass }) => pass === 2)
    expect(again.length).toBeGreaterThanOrEqual(25)
    expect(again.length).toBeLessThanOrEqual(26)
    await expectAgreement(agreement(), run.id)
  })

  test('KMS does not open the keys, is failed and says so, and the next run makes up for it', async () => {
    changeAll()
    product.runtime.faults.add({
      service: 'kms',
      action: 'Decrypt',
      times: 1000,
      effect: { kind: 'error', status: 403, code: 'AccessDeniedException' },
    })
    const failed = await endOfRun(product.api, await startRun(product.api))
    product.runtime.faults.clear()

    const next = await endOfRun(product.api, await startRun(product.api))

    expect(failed).toMatchObject({
      status: { value: 'failed' },
      changed: 0,
      failed: deviceCount,
      commit: null,
    })
    expect(next).toMatchObject({ status: { value: 'success' }, changed: deviceCount })
    await expectAgreement(agreement(), next.id)
  })
})

const changeAll = (): void => lab.devices.forEach((device) => device.change())
const agreement = () => ({ ...product, url: product.runtime.url, ids })
