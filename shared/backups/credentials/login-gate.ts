import { setTimeout as sleep } from 'node:timers/promises'
import type { LoginEnd, LoginPass } from '../../collect/login-gate.ts'
import type { Failed } from '../../collect/outcome.ts'
import {
  type BudgetScope,
  freeSlot,
  type Lease,
  lockBudget,
  refusalNow,
  spendSlot,
  type Stores,
  takeSlot,
} from './login-budget.ts'

/** Logins that wait for a slot for so long are given up. The rest of a function's time is for the sessions. */
const waitMsMax = 5 * 60_000
/** A queue that is not through after so long takes another slot. */
const anotherSlotMs = 200
const pollMs = { first: 50, most: 1000 } as const

type Waiting = { holder: string; since: number; admit: (pass: LoginPass | Failed) => void }
type Lane = { scope: BudgetScope; waiting: Waiting[]; isFetching: boolean }

export type LoginGates = {
  /** @param holder the device, or jump host, that is logged in to. */
  enter(scope: BudgetScope, holder: string): Promise<LoginPass | Failed>
}

/**
 * The logins of one batch: those that need the same budget stand in one queue, so that a batch asks the table in one
 * place, and hands a slot on from login to login as long as they are accepted.
 */
export function loginGates(stores: Stores): LoginGates {
  const lanes = new Map<string, Lane>()
  return {
    enter(scope, holder) {
      const name = JSON.stringify([scope.realm, scope.username])
      const lane = lanes.get(name) ?? { scope, waiting: [], isFetching: false }
      lanes.set(name, lane)
      return new Promise((resolve, reject) => {
        lane.waiting.push({ holder, since: performance.now(), admit: resolve })
        fetchSlots(stores, lane).catch(reject)
      })
    },
  }
}

/** Takes slots as long as somebody waits. */
async function fetchSlots(stores: Stores, lane: Lane): Promise<void> {
  if (lane.isFetching) return
  lane.isFetching = true
  try {
    let restMs: number = pollMs.first
    for (let next = lane.waiting[0]; next !== undefined; next = lane.waiting[0]) {
      const got = await takeSlot(stores, lane.scope, next.holder)
      if (got === 'busy') {
        giveUpLate(lane)
        await sleep(restMs * (0.5 + Math.random()))
        restMs = Math.min(restMs * 2, pollMs.most)
        continue
      }
      restMs = pollMs.first
      // A slot that was handed on meanwhile may have served it.
      const isStill = lane.waiting[0] === next
      if ('category' in got) {
        if (isStill) lane.waiting.shift()?.admit({ ok: false, ...got })
      } else if (isStill) admitNext(stores, lane, got)
      else await handOn(stores, lane, got)
      // What is handed on saves another slot, and its two writes.
      if (lane.waiting.length > 0) await sleep(anotherSlotMs)
    }
  } catch (error) {
    const detail = `the failed logins could not be counted: ${String(error)}`
    for (const one of lane.waiting.splice(0)) one.admit({ ok: false, category: 'internal', detail })
  } finally {
    lane.isFetching = false
  }
}

function admitNext(stores: Stores, lane: Lane, lease: Lease): void {
  const next = lane.waiting.shift()
  if (next === undefined) return
  const { holder } = next
  next.admit({ ok: true, end: (result) => endLogin(stores, { lane, lease, holder }, result) })
}

async function endLogin(
  stores: Stores,
  { lane, lease, holder }: { lane: Lane; lease: Lease; holder: string },
  result: LoginEnd,
): Promise<void> {
  if (result === 'locked') await lockBudget(stores, lease.scope)
  if (result === 'locked' || result === 'refused') return spendSlot(stores, lease, holder)
  return handOn(stores, lane, lease)
}

/** To the next login of the batch, unless the account was locked or its device has had its share; else back. */
async function handOn(stores: Stores, lane: Lane, lease: Lease): Promise<void> {
  try {
    for (let next = lane.waiting[0]; next !== undefined; next = lane.waiting[0]) {
      const refusal = await refusalNow(stores, lane.scope, next.holder)
      if (lane.waiting[0] !== next) continue
      if (refusal === undefined) return admitNext(stores, lane, lease)
      lane.waiting.shift()
      next.admit({ ok: false, ...refusal })
    }
  } catch {
    // The table does not answer: who waits is told by the one who asks for slots.
  }
  await freeSlot(stores, lease)
}

function giveUpLate(lane: Lane): void {
  const since = performance.now() - waitMsMax
  const detail = 'too many logins with this username at once: its turn did not come'
  while ((lane.waiting[0]?.since ?? Infinity) < since)
    lane.waiting.shift()?.admit({ ok: false, category: 'login_budget', detail })
}
