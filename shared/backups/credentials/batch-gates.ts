import * as z from 'zod'
import type { LoginGate } from '../../collect/login-gate.ts'
import { keys } from '../../table/keys.ts'
import type { DevicePlaces } from '../access/batch-places.ts'
import type { Cap } from '../access/session-places.ts'
import { type BudgetScope, usualBudget, type Stores } from './login-budget.ts'
import { loginGates } from './login-gate.ts'

/** An AAA realm as the table holds it. */
const RealmItem = z.object({
  id: z.int(),
  name: z.string(),
  sessions_max: z.int().nullish(),
  failures_max: z.int(),
  window_minutes: z.int(),
  local_accounts: z.boolean(),
})
type RealmItem = z.infer<typeof RealmItem>

/** What no realm is named for is one realm together: it is not known that its accounts have nothing in common. */
const unnamed: Omit<RealmItem, 'id' | 'name'> = {
  failures_max: usualBudget.failuresMax,
  window_minutes: usualBudget.windowMinutes,
  local_accounts: false,
}

type Holder = {
  /** `device-12` or `jump-host-3`. */
  name: string
  /** The AAA realm that an access rule gives it. */
  realm: number | undefined
  /** Where its sessions are counted. */
  places?: DevicePlaces
}

export type BatchGates = {
  now: () => Date
  /** @param realmOf the realm of a credential, which holds where the holder has none. */
  gateFor(holder: Holder, realmOf: (credentialId: number) => number | undefined): LoginGate
}

/** Who may log in where, for the devices and jump hosts of one batch. Each realm is read once. */
export function batchGates(stores: Stores): BatchGates {
  const gates = loginGates(stores)
  const realms = new Map<number, Promise<RealmItem | undefined>>()
  const readRealm = (id: number): Promise<RealmItem | undefined> => {
    const known = realms.get(id) ?? stores.table.get(RealmItem, keys.entity('backups.aaarealm', id))
    realms.set(id, known)
    return known
  }
  return {
    now: stores.now,
    gateFor: (holder, realmOf) => async (credential) => {
      const id = holder.realm ?? realmOf(credential.id)
      const realm = id === undefined ? undefined : await readRealm(id)
      // Before its turn to log in comes: a login slot is not kept from others while it waits.
      const refused = await holder.places?.takeInstead(capOf(realm))
      if (refused !== undefined) return refused
      return gates.enter(scopeOf(realm, credential.username, holder.name), holder.name)
    },
  }
}

function capOf(realm: RealmItem | undefined): Cap | undefined {
  const max = realm?.sessions_max ?? undefined
  if (realm === undefined || max === undefined) return undefined
  return { scope: `realm-${realm.id}`, max, of: `AAA realm ${realm.name}` }
}

function scopeOf(realm: RealmItem | undefined, username: string, holder: string): BudgetScope {
  const { failures_max: failuresMax, window_minutes: minutes, local_accounts: isLocal } = realm ?? unnamed
  const name = realm === undefined ? 'unnamed' : String(realm.id)
  return {
    realm: isLocal ? `${name}#${holder}` : name,
    username,
    failuresMax,
    windowMs: minutes * 60_000,
  }
}
