import * as z from 'zod'
import type { LoginGate } from '../collect/login-gate.ts'
import { keys } from '../table/keys.ts'
import { type BudgetScope, usualBudget, type Stores } from './login-budget.ts'
import { loginGates } from './login-gate.ts'

/** An AAA realm as the table holds it. */
const RealmItem = z.object({
  id: z.int(),
  failures_max: z.int(),
  window_minutes: z.int(),
  local_accounts: z.boolean(),
})
type RealmItem = z.infer<typeof RealmItem>

/** What no realm is named for is one realm together: it is not known that its accounts have nothing in common. */
const unnamed: Omit<RealmItem, 'id'> = {
  failures_max: usualBudget.failuresMax,
  window_minutes: usualBudget.windowMinutes,
  local_accounts: false,
}

type Holder = {
  /** `device-12` or `jump-host-3`. */
  name: string
  /** The AAA realm that an access rule gives it. */
  realm: number | undefined
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
      return gates.enter(scopeOf(realm, credential.username, holder.name), holder.name)
    },
  }
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
