import * as z from 'zod'
import { AppError } from '../../errors.ts'
import { keys } from '../../table/keys.ts'
import type { Table, Write } from '../../table/table.ts'
import type { RunResult } from '../records.ts'

/**
 * How often credentials are accepted, by device type. Each batch leaves one item of counts; a run that ends folds those
 * of its batches into an average per credential. Nothing is written per device, and no item by two batches.
 */
const Count = z.object({ accepted: z.int(), refused: z.int() })
type Count = z.infer<typeof Count>
/** By credential, then by device type. */
const Uses = z.object({ uses: z.record(z.string(), z.record(z.string(), Count)) })

/** All device types together. */
const any = '*'
/** What an older login still counts beside a newer one. */
const keptPerLogin = 0.9
/** A credential that nobody has tried yet is neither good nor bad. */
const unknownRate = 0.5
/** Runs whose counts are known to be in: a run may be closed twice, and two may end at once. */
const runsKept = 50
const racesMax = 10

const CredentialRates = z.object({
  version: z.int(),
  /** From 0 to 1, by device type and over all. */
  rates: z.record(z.string(), z.number()),
  runs: z.array(z.int()),
})
export type CredentialRates = z.infer<typeof CredentialRates>['rates']

export const rateOn = (rates: CredentialRates | undefined, deviceType: string): number =>
  rates?.[deviceType] ?? rates?.[any] ?? unknownRate

/** What one batch leaves; under the same key however often it is carried out. */
export function credentialUsesOf(
  batch: { runId: number; pass: number; items: readonly { deviceId: number; deviceType: string }[] },
  results: readonly RunResult[],
  expiresAt: number,
): Write[] {
  const types = new Map(batch.items.map(({ deviceId, deviceType }) => [deviceId, deviceType]))
  const uses: Record<string, Record<string, Count>> = {}
  // Who was done in the pass before was counted then.
  const own = results.filter(({ pass }) => pass === batch.pass)
  for (const { deviceId, attempts } of own)
    for (const { credentialId, accepted } of attempts) {
      const byType = (uses[String(credentialId)] ??= {})
      const count = (byType[types.get(deviceId) || any] ??= { accepted: 0, refused: 0 })
      if (accepted) count.accepted += 1
      else count.refused += 1
    }
  if (Object.keys(uses).length === 0) return []
  const key = keys.credentialUse(batch.runId, batch.pass, own[0]?.deviceId ?? 0)
  return [{ put: { ...key, uses, expiresAt }, unconditionally: true }]
}

export async function readRates(
  table: Table,
  credentialIds: readonly number[],
): Promise<Map<number, { rates: CredentialRates }>> {
  const found = await table.getMany(
    CredentialRates,
    credentialIds.map((id) => keys.credentialRates(id)),
  )
  return new Map(
    credentialIds.flatMap((id, index) => {
      const rates = found[index]?.rates
      return rates === undefined ? [] : [[id, { rates }]]
    }),
  )
}

/** Takes what the batches of a run have counted into the averages. May be repeated. */
export async function foldUses(table: Table, runId: number): Promise<void> {
  const sums = new Map<number, Map<string, Count>>()
  for await (const { uses } of table.query(Uses, { partition: keys.credentialUses(runId) }))
    for (const [id, byType] of Object.entries(uses)) {
      const sum = sums.get(Number(id)) ?? new Map<string, Count>()
      sums.set(Number(id), sum)
      for (const [type, count] of Object.entries(byType))
        for (const name of new Set([type, any])) sum.set(name, plus(sum.get(name), count))
    }
  for (const [id, sum] of sums) await foldInto(table, { id, runId }, sum)
}

async function foldInto(
  table: Table,
  { id, runId }: { id: number; runId: number },
  sum: ReadonlyMap<string, Count>,
): Promise<void> {
  for (let race = 1; ; race += 1) {
    const before = await table.get(CredentialRates, keys.credentialRates(id))
    if (before?.runs.includes(runId) === true) return
    const rates = { ...before?.rates }
    for (const [type, count] of sum) rates[type] = nextRate(rates[type], count)
    const runs = [...(before?.runs ?? []), runId].slice(-runsKept)
    const put = { ...keys.credentialRates(id), version: (before?.version ?? 0) + 1, rates, runs }
    try {
      return await table.write([
        before === undefined
          ? { put, ifAbsent: 'version_conflict' }
          : { put, ifVersion: before.version, otherwise: 'version_conflict' },
      ])
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'version_conflict' || race === racesMax) throw error
    }
  }
}

/** As if the logins had come one by one, the refused ones spread evenly among the others. */
export function nextRate(before: number | undefined, { accepted, refused }: Count): number {
  const logins = accepted + refused
  if (logins === 0) return before ?? unknownRate
  const kept = keptPerLogin ** logins
  return (before ?? unknownRate) * kept + (accepted / logins) * (1 - kept)
}

const plus = (a: Count | undefined, b: Count): Count => ({
  accepted: (a?.accepted ?? 0) + b.accepted,
  refused: (a?.refused ?? 0) + b.refused,
})
