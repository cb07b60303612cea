import * as z from 'zod'
import { AppError } from '../../errors.ts'
import { keys } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'

/**
 * How many logins of one username may fail in one realm. There is a slot for each failure that is allowed. Who wants to
 * send a password takes a slot before; a login that was accepted gives it back, one that was refused leaves it taken
 * until the window has passed. So what is under way counts as if it had failed: parallel callers never fail more often
 * than there are slots, and a caller that dies counts too much, never too little.
 */
export type BudgetScope = { realm: string; username: string; failuresMax: number; windowMs: number }

/** Where nothing is said. Accounts are seldom locked by fewer than five failures. */
export const usualBudget = { failuresMax: 4, windowMinutes: 30 } as const

/** Of one budget a single device uses no more: an old password and a new one. */
const failuresOfHolderMax = 2
/** Longer than any function runs: a slot is never given away while its login may be under way. */
const reservedMsMin = 20 * 60_000
/** Lost races before a caller waits a moment. */
const racesMax = 5

const Slot = z.object({
  sk: z.string(),
  version: z.int(),
  state: z.enum(['reserved', 'failed', 'locked']),
  until: z.string(),
  /** Whose login failed. */
  holder: z.string().optional(),
})
type Slot = z.infer<typeof Slot>

export type Lease = { scope: BudgetScope; slot: number; version: number }
export type Refusal = { category: 'login_budget' | 'account_locked'; detail: string }
export type Stores = { table: Table; now: () => Date }

/** @returns `busy` where all slots are taken, some of them by logins under way. */
export async function takeSlot(
  { table, now }: Stores,
  scope: BudgetScope,
  holder: string,
): Promise<Lease | Refusal | 'busy'> {
  for (let race = 1; race <= racesMax; race += 1) {
    const slots = await slotsOf(table, scope)
    const live = slots.filter(({ until }) => Date.parse(until) > now().getTime())
    const refusal = refusalIn(live, scope, holder)
    if (refusal !== undefined) return refusal
    if (live.length >= scope.failuresMax) return 'busy'
    const taken = new Set(live.map(({ sk }) => sk))
    const free = Array.from({ length: scope.failuresMax }, (_, slot) => slot).filter(
      (slot) => !taken.has(keyOf(scope, slot).sk),
    )
    // At random: callers at the same moment mostly want different ones.
    const slot = free[Math.floor(Math.random() * free.length)] ?? 0
    const before = slots.find(({ sk }) => sk === keyOf(scope, slot).sk)
    const lease = { scope, slot, version: (before?.version ?? 0) + 1 }
    const until = new Date(now().getTime() + Math.max(scope.windowMs, reservedMsMin))
    if (await putSlot(table, lease, { state: 'reserved', until }, before?.version)) return lease
  }
  return 'busy'
}

/** Whether the next login may use a slot that is held already. */
export async function refusalNow(
  { table, now }: Stores,
  scope: BudgetScope,
  holder: string,
): Promise<Refusal | undefined> {
  const slots = await slotsOf(table, scope)
  const live = slots.filter(({ until }) => Date.parse(until) > now().getTime())
  return refusalIn(live, scope, holder)
}

/** Leaves the slot taken until the window has passed. */
export async function spendSlot({ table, now }: Stores, lease: Lease, holder: string): Promise<void> {
  const until = new Date(now().getTime() + lease.scope.windowMs)
  const next = { ...lease, version: lease.version + 1 }
  await putSlot(table, next, { state: 'failed', until, holder }, lease.version)
}

/** Gives it back. Where that fails it frees itself in time. */
export async function freeSlot({ table }: Stores, { scope, slot, version }: Lease): Promise<void> {
  await table
    .write([{ remove: keyOf(scope, slot), ifVersion: version, otherwise: 'number_taken' }])
    .catch(() => undefined)
}

/** The realm has said that the account is locked: nobody uses it until the window has passed. */
export async function lockBudget({ table, now }: Stores, scope: BudgetScope): Promise<void> {
  const until = new Date(now().getTime() + scope.windowMs)
  const item = { state: 'locked', version: 1, until: until.toISOString(), expiresAt: expiryOf(until) }
  const key = keys.loginLock(scope.realm, scope.username)
  await table.write([{ put: { ...key, ...item }, unconditionally: true }])
}

const slotsOf = (table: Table, { realm, username }: BudgetScope): Promise<Slot[]> =>
  Array.fromAsync(table.query(Slot, { partition: keys.loginSlots(realm, username) }))

function refusalIn(live: readonly Slot[], scope: BudgetScope, holder: string): Refusal | undefined {
  const who = `the username ${scope.username}`
  const lock = live.find(({ state }) => state === 'locked')
  if (lock !== undefined)
    return {
      category: 'account_locked',
      detail: `${who} was reported as locked: not used until ${lock.until}`,
    }
  const failed = live.filter(({ state }) => state === 'failed')
  if (failed.length >= scope.failuresMax) {
    const until = failed.map((slot) => slot.until).sort()[0]
    const times = `${failed.length} failed logins in ${scope.windowMs / 60_000} minutes`
    return { category: 'login_budget', detail: `${who} has had ${times}: not used until ${until}` }
  }
  const own = failed.filter((slot) => slot.holder === holder).length
  if (own < Math.min(failuresOfHolderMax, scope.failuresMax)) return undefined
  return { category: 'login_budget', detail: `${who} was refused by this device ${own} times: its share` }
}

const keyOf = ({ realm, username }: BudgetScope, slot: number) => keys.loginSlot(realm, username, slot)

/** @returns false where somebody else was quicker. */
async function putSlot(
  table: Table,
  { scope, slot, version }: Lease,
  { until, ...rest }: { state: 'reserved' | 'failed'; until: Date; holder?: string },
  versionBefore: number | undefined,
): Promise<boolean> {
  const put = {
    ...keyOf(scope, slot),
    ...rest,
    version,
    until: until.toISOString(),
    expiresAt: expiryOf(until),
  }
  try {
    await table.write([
      versionBefore === undefined
        ? { put, ifAbsent: 'number_taken' }
        : { put, ifVersion: versionBefore, otherwise: 'number_taken' },
    ])
    return true
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'number_taken') return false
    throw cause
  }
}

/** The table's time to live. Items may be deleted long after it, never before. */
const expiryOf = (until: Date): number => Math.ceil(until.getTime() / 1000) + 3600
