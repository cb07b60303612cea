import { setTimeout as sleep } from 'node:timers/promises'
import type { Failed } from '../../collect/outcome.ts'
import {
  type Cap,
  freePlace,
  type Lease,
  renewMs,
  renewPlaces,
  type Stores,
  takePlace,
} from './session-places.ts'

/** A collector runs for fifteen minutes; of these a login may wait for five (`login-gate.ts`), and some are for storing. */
const waitMsMax = 9 * 60_000
const pollMs = { first: 100, most: 2000 } as const

/** When waiting is over without a place. */
type Patience = {
  /** By the clock of `performance.now`. */
  until: number
  isOver: () => Promise<boolean>
}
type Waiting = Patience & { admit: (got: Lease | Failed) => void }
type Lane = { cap: Cap; waiting: Waiting[]; fetching: Promise<void> | undefined }

/** The places that the session of one device holds. */
export type DevicePlaces = {
  /** Takes one of each, in this order, beside those it holds. @returns why not, where its turn did not come. */
  take(caps: readonly Cap[]): Promise<Failed | undefined>
  /** The same for one that changes with the credential: the one before it is given back first. */
  takeInstead(cap: Cap | undefined): Promise<Failed | undefined>
  release(): Promise<void>
}

export type BatchPlaces = {
  /**
   * @param deviceMs what the device may take: it waits no longer than leaves so much of the function's time.
   * @param isOver ends its waiting, too.
   */
  ofDevice(deviceMs: number, isOver?: () => Promise<boolean>): DevicePlaces
  /** Gives back what is still held. */
  close(): Promise<void>
}

/**
 * The places of one batch. Devices that need the same one stand in a queue, so that a batch asks the table in one place,
 * and a place is handed on from device to device without a write. Where there is no cap nothing is read or written.
 */
export function batchPlaces(stores: Stores): BatchPlaces {
  const startedAt = performance.now()
  const lanes = new Map<string, Lane>()
  const held = heldPlaces(stores)
  const ended = new AbortController()
  const enter = (cap: Cap, patience: Patience): Promise<Lease | Failed> => {
    const lane = lanes.get(cap.scope) ?? { cap, waiting: [], fetching: undefined }
    lanes.set(cap.scope, lane)
    return new Promise((resolve) => {
      lane.waiting.push({ ...patience, admit: resolve })
      lane.fetching ??= fetchPlaces(stores, lane, { held, ended: ended.signal })
    })
  }
  const giveBack = async (lease: Lease): Promise<void> => {
    const next = lanes.get(lease.scope)?.waiting.shift()
    if (next === undefined) await held.free(lease)
    else next.admit(lease)
  }
  return {
    ofDevice(deviceMs, isOver = async () => false) {
      const own = new Map<string, Lease>()
      const until = startedAt + waitMsMax - deviceMs
      let changing: string | undefined
      const take = async (caps: readonly Cap[]): Promise<Failed | undefined> => {
        for (const cap of caps) {
          if (own.has(cap.scope)) continue
          const got = await enter(cap, { until, isOver })
          if ('category' in got) return got
          own.set(cap.scope, got)
        }
        return undefined
      }
      return {
        take,
        async takeInstead(cap) {
          const before = changing === cap?.scope ? undefined : own.get(changing ?? '')
          if (before !== undefined) {
            own.delete(before.scope)
            // Who holds one and waits for another must not stand in the way of who does it the other way round.
            await giveBack(before)
          }
          changing = cap?.scope
          return cap === undefined ? undefined : take([cap])
        },
        async release() {
          const leases = [...own.values()]
          own.clear()
          await Promise.all(leases.map(giveBack))
        },
      }
    },
    async close() {
      ended.abort()
      await Promise.all([...lanes.values()].flatMap(({ fetching }) => fetching ?? []))
      await held.close()
    },
  }
}

type Held = { keep(lease: Lease): void; free(lease: Lease): Promise<void>; close(): Promise<void> }

/** What is held is renewed, in one write for all of it. */
function heldPlaces(stores: Stores): Held {
  const leases = new Set<Lease>()
  let timer: NodeJS.Timeout | undefined
  // What cannot be renewed now is tried again before the lease is over.
  const renew = (): void => void renewPlaces(stores, [...leases]).catch(() => undefined)
  const free = async (lease: Lease): Promise<void> => {
    leases.delete(lease)
    await freePlace(stores, lease)
  }
  return {
    keep(lease) {
      leases.add(lease)
      timer ??= setInterval(renew, renewMs).unref()
    },
    free,
    async close() {
      clearInterval(timer)
      await Promise.all([...leases].map(free))
    },
  }
}

/** Takes places as long as somebody waits. */
async function fetchPlaces(
  stores: Stores,
  lane: Lane,
  { held, ended }: { held: Held; ended: AbortSignal },
): Promise<void> {
  try {
    let restMs: number = pollMs.first
    while (lane.waiting.length > 0) {
      const lease = await takePlace(stores, lane.cap)
      if (lease === undefined) {
        await giveUpLate(lane)
        // Nobody waits any more once the batch is at its end.
        await sleep(restMs * (0.5 + Math.random()), undefined, { signal: ended }).catch(() => undefined)
        restMs = Math.min(restMs * 2, pollMs.most)
        continue
      }
      restMs = pollMs.first
      held.keep(lease)
      // One that was handed on meanwhile may have served who waited.
      const next = lane.waiting.shift()
      if (next === undefined) await held.free(lease)
      else next.admit(lease)
    }
  } catch (error) {
    const detail = `the sessions could not be counted: ${String(error)}`
    for (const one of lane.waiting.splice(0)) one.admit({ ok: false, category: 'internal', detail })
  } finally {
    lane.fetching = undefined
  }
}

async function giveUpLate(lane: Lane): Promise<void> {
  const { of, max } = lane.cap
  const detail = `${of} may have ${max} ${max === 1 ? 'session' : 'sessions'} at once: its turn did not come`
  for (const one of lane.waiting.slice()) {
    if (performance.now() < one.until && !(await one.isOver())) continue
    const place = lane.waiting.indexOf(one)
    // It may have been served meanwhile.
    if (place < 0) continue
    lane.waiting.splice(place, 1)
    one.admit({ ok: false, category: 'session_cap', detail })
  }
}
