import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  credentialUsesOf,
  foldUses,
  nextRate,
  rateOn,
  readRates,
} from '../../../shared/backups/credentials/credential-uses.ts'
import type { RunResult } from '../../../shared/backups/records.ts'
import { startTable, type TestTable } from '../../support/table.ts'

let store: TestTable
const expiresAt = 4_000_000_000

beforeAll(async () => {
  store = await startTable()
})
afterAll(() => store?.stop())

test('ten logins at once weigh as ten, and one login weighs a tenth', () => {
  expect(nextRate(undefined, { accepted: 1, refused: 0 })).toBeCloseTo(0.55)
  expect(nextRate(0.5, { accepted: 0, refused: 1 })).toBeCloseTo(0.45)
  expect(nextRate(0, { accepted: 10, refused: 0 })).toBeCloseTo(1 - 0.9 ** 10)
  expect(nextRate(0.3, { accepted: 0, refused: 0 })).toBe(0.3)
})

test('what batches count at once comes to the same as one after the other, however often a run is closed', async () => {
  const batch = (first: number, deviceType: string, accepted: boolean) => {
    const items = [0, 1, 2].map((n) => ({ deviceId: first + n, deviceType }))
    const results = items.map(({ deviceId }) => resultOf(deviceId, accepted))
    return credentialUsesOf({ runId: 1, pass: 1, items }, results, expiresAt)
  }
  const writes = [...batch(10, 'cisco_ios', true), ...batch(20, 'arista_eos', false)]
  // Delivered twice: the second one is the same item.
  await Promise.all([...writes, ...writes].map((write) => store.table.write([write])))

  await Promise.all(Array.from({ length: 4 }, () => foldUses(store.table, 1)))
  await foldUses(store.table, 1)

  const rates = (await readRates(store.table, [7, 8])).get(7)?.rates
  expect(rateOn(rates, 'cisco_ios')).toBeCloseTo(nextRate(undefined, { accepted: 3, refused: 0 }))
  expect(rateOn(rates, 'arista_eos')).toBeCloseTo(nextRate(undefined, { accepted: 0, refused: 3 }))
  expect(rateOn(rates, 'juniper_junos')).toBeCloseTo(nextRate(undefined, { accepted: 3, refused: 3 }))
  expect(rateOn(undefined, 'juniper_junos')).toBe(0.5)
})

test('a device that was done in the pass before is not counted again', () => {
  const items = [{ deviceId: 1, deviceType: 'cisco_ios' }]
  expect(credentialUsesOf({ runId: 1, pass: 2, items }, [resultOf(1, true)], expiresAt)).toEqual([])
})

const resultOf = (deviceId: number, accepted: boolean): RunResult => ({
  runId: 1,
  deviceId,
  name: `sw${deviceId}`,
  pass: 1,
  status: accepted ? 'changed' : 'failed',
  attempts: [{ credentialId: 7, accepted }],
  finishedAt: '2026-11-21T12:00:00.000Z',
  elapsedMs: 1,
  events: [],
})
