import * as z from 'zod'
import { AppError } from '../../errors.ts'
import type { LoginGate } from '../../collect/login-gate.ts'
import type { Failed } from '../../collect/outcome.ts'
import { reach as directly, type Reach } from '../../collect/reach.ts'
import { keys } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'
import { expiryOf } from '../records.ts'

/**
 * What collectors see of a pause: an item that is there while the run is paused. It is small, and a batch reads it
 * often; the run itself, which may name ten thousand devices, is read only where the item is there, and what the run
 * says holds: the item is written after it, and may be late.
 */
const Pause = z.object({ version: z.int() })
const Standing = z.object({ status: z.string() })

/** @param pauses how often the run was paused by now: which pause this is. */
export async function raisePause(
  table: Table,
  { id, pauses }: { id: number; pauses: number },
  now: Date,
): Promise<void> {
  const put = { ...keys.runPause(id), version: pauses, expiresAt: expiryOf(now) }
  await table.write([{ put, unconditionally: true }])
}

/** Of that pause, not of one that came after it. */
export async function liftPause(table: Table, { id, pauses }: { id: number; pauses: number }): Promise<void> {
  try {
    await table.write([{ remove: keys.runPause(id), ifVersion: pauses, otherwise: 'number_taken' }])
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'number_taken') throw error
  }
}

export async function isPaused(table: Table, runId: number): Promise<boolean> {
  if ((await table.get(Pause, keys.runPause(runId))) === undefined) return false
  return (await table.get(Standing, keys.entity('backups.run', runId)))?.status === 'paused'
}

/** An answer is good for so long: the devices of a batch begin together, and ask once. */
const lookMs = 1000

/** A table that does not answer pauses nothing: what is to be stored will tell. */
export function pauseWatch(table: Table, runId: number): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined
  let askedAt = -Infinity
  return () => {
    if (answer === undefined || performance.now() - askedAt > lookMs) {
      askedAt = performance.now()
      answer = isPaused(table, runId).catch(() => false)
    }
    return answer
  }
}

export type Pausable = {
  reach: Reach
  gate: LoginGate
  /** Whether the run is paused, and the device was not logged in to: it has no outcome then, whatever came of it. */
  isGivenBack(): Promise<boolean>
}

/** Neither is ever shown: a device that is given back has no result. */
const givenBack: Failed = { ok: false, category: 'internal', detail: 'the run was paused' }

/**
 * Begins no session of a device once the run is paused. A device that was logged in to is finished: what it has
 * answered, or refused, counts.
 */
export function untilPaused(
  watch: () => Promise<boolean>,
  { reach = directly, gate }: { reach?: Reach | undefined; gate: LoginGate },
): Pausable {
  let hasBegun = false
  let isBack = false
  const isOver = async (): Promise<boolean> => {
    isBack ||= !hasBegun && (await watch())
    return isBack
  }
  return {
    reach: async (...to) => ((await isOver()) ? givenBack : reach(...to)),
    async gate(credential) {
      const pass = await gate(credential)
      if (!pass.ok) return pass
      // It may have waited for its turn for minutes.
      if (await isOver()) {
        await pass.end('unused')
        return givenBack
      }
      hasBegun = true
      return pass
    },
    isGivenBack: isOver,
  }
}
