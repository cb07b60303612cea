import * as z from 'zod'
import { AppError } from '../../errors.ts'
import { keys } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'

/**
 * How many sessions there may be at once in a scope (the devices of a site, those behind a jump host, those of an AAA
 * realm), over all batches and runs together. There is an item for each place; whoever begins a session takes one that
 * is free, on condition that nobody else has. A place is leased for a minute and renewed while it is held, so a collector
 * that dies frees what it held soon.
 */
export type Cap = {
  scope: string
  max: number
  /** In words, for who is told that there was no place. */
  of: string
}

export type Lease = { scope: string; place: number; version: number }
export type Stores = { table: Table; now: () => Date }

const leaseMs = 60_000
/** Two renewals may fail before somebody else takes the place. */
export const renewMs = leaseMs / 3
/** Lost races before a caller waits a moment. */
const racesMax = 5
const transactionMax = 100

const Place = z.object({ sk: z.string(), version: z.int(), until: z.string() })

/** @returns undefined where all places are taken. */
export async function takePlace({ table, now }: Stores, { scope, max }: Cap): Promise<Lease | undefined> {
  for (let race = 1; race <= racesMax; race += 1) {
    const places = await Array.fromAsync(table.query(Place, { partition: keys.sessionPlaces(scope) }))
    const before = new Map(places.map((place) => [place.sk, place]))
    const live = places.filter(({ until }) => Date.parse(until) > now().getTime())
    // Also those beyond the cap: it may have been lowered.
    if (live.length >= max) return undefined
    const taken = new Set(live.map(({ sk }) => sk))
    const free = Array.from({ length: max }, (_, place) => place).filter(
      (place) => !taken.has(keys.sessionPlace(scope, place).sk),
    )
    // At random: callers at the same moment mostly want different ones.
    const place = free[Math.floor(Math.random() * free.length)]
    if (place === undefined) return undefined
    const lease = { scope, place, version: newVersion() }
    const put = itemOf(lease, now())
    const known = before.get(put.sk)?.version
    const isTaken = await written(table, [
      known === undefined
        ? { put, ifAbsent: 'number_taken' }
        : { put, ifVersion: known, otherwise: 'number_taken' },
    ])
    if (isTaken) return lease
  }
  return undefined
}

/** One transaction for a hundred of them. One that was lost meanwhile takes none of the others along. */
export async function renewPlaces({ table, now }: Stores, leases: readonly Lease[]): Promise<void> {
  const renewal = (lease: Lease) =>
    ({ put: itemOf(lease, now()), ifVersion: lease.version, otherwise: 'number_taken' }) as const
  for (let start = 0; start < leases.length; start += transactionMax) {
    const some = leases.slice(start, start + transactionMax)
    if (await written(table, some.map(renewal))) continue
    for (const lease of some) await written(table, [renewal(lease)])
  }
}

/** Gives it back. Where that fails it frees itself in time. */
export async function freePlace({ table }: Stores, { scope, place, version }: Lease): Promise<void> {
  await table
    .write([{ remove: keys.sessionPlace(scope, place), ifVersion: version, otherwise: 'number_taken' }])
    .catch(() => undefined)
}

/** Never one that a place had before: who held it then must not free what somebody else holds now. */
const newVersion = (): number => Math.floor(Math.random() * Number.MAX_SAFE_INTEGER)

function itemOf({ scope, place, version }: Lease, now: Date) {
  const until = new Date(now.getTime() + leaseMs)
  const expiresAt = Math.ceil(until.getTime() / 1000) + 3600
  return { ...keys.sessionPlace(scope, place), version, until: until.toISOString(), expiresAt }
}

async function written(table: Table, writes: Parameters<Table['write']>[0]): Promise<boolean> {
  try {
    await table.write(writes)
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'number_taken') return false
    throw error
  }
}
