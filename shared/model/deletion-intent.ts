import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod'
import { AppError } from '../errors.ts'
import { keys, type Key } from '../table/keys.ts'
import type { Item, Write } from '../table/table.ts'
import type { Model } from './define.ts'
import type { Engine } from './engine.ts'
import { presenceItems, type Reference } from './writes.ts'

/**
 * An object is closed before its references are asked: to all children while it is being deleted, to those that rely
 * on what it is while that is being changed (`shared/model/frozen-change.ts`).
 */
type Purpose = 'deletion' | 'change'
const Intent = z.object({
  version: z.number(),
  at: z.string(),
  purpose: z.enum(['deletion', 'change']).default('deletion'),
})

/**
 * After this long its writer is taken for dead, and the object is put back. A deletion has several steps, and a
 * function lives 30 s. A change is one transaction, which fails where it is robbed of its intent: it may be taken for
 * dead before it is.
 */
const abandonedMs = { deletion: 60_000, change: 3000 } as const satisfies Record<Purpose, number>
/** Longer than an abandoned change is in the way. */
const patienceMs = 8000
const pauseCapMs = 200

/** Waits before the next look at something that others are about to finish. */
export async function pause({ random }: Pick<Engine, 'random'>, tries: number): Promise<void> {
  await wait(Math.min(pauseCapMs, 5 * 2 ** tries) * (0.5 + random() / 2))
}

/**
 * Removes the presence items of an object: from here on a child's transaction fails.
 * @returns the token that proves the deletion is still ours.
 * @throws AppError `write_conflict` where another deletion is under way; `not_found`.
 */
export const beginDeletion = (engine: Engine, model: Model, id: number): Promise<number> =>
  begin(engine, model, id, { purpose: 'deletion', close: (key) => ({ remove: key, unconditionally: true }) })

/**
 * Closes the presence items of an object to children that rely on what it is; all others attach as before.
 * @returns the token that proves the change is still ours.
 * @throws AppError `write_conflict` where a deletion is under way; `not_found`.
 */
export const beginChange = (engine: Engine, model: Model, id: number): Promise<number> =>
  begin(engine, model, id, {
    purpose: 'change',
    close: (key, version) => ({ put: { ...key, version, closed: true }, unconditionally: true }),
  })

type Closing = { purpose: Purpose; close: (key: Key, token: number) => Write }

async function begin(engine: Engine, model: Model, id: number, { purpose, close }: Closing): Promise<number> {
  const startedMs = performance.now()
  for (let tries = 1; ; tries++) {
    const token = engine.ids.next()
    const intent: Item = {
      ...keys.deletion(model.name, id),
      version: token,
      at: engine.now().toISOString(),
      purpose,
    }
    try {
      await engine.table.write([
        { check: keys.entity(model.name, id), isPresent: 'not_found' },
        { put: intent, ifAbsent: 'write_conflict', detail: 'Someone else is deleting it.' },
        ...presenceItems(model, id).map((key) => close(key, token)),
      ])
      return token
    } catch (cause) {
      const isTaken = cause instanceof AppError && cause.code === 'write_conflict'
      if (!isTaken || performance.now() - startedMs > patienceMs) throw cause
      // A change is over in a moment; a deletion is not waited for.
      if ((await healObject(engine, model, id)) === 'deletion') throw cause
      await pause(engine, tries)
    }
  }
}

/** The intent goes with the object. */
export const endDeletion = (model: Model, id: number, token: number): Write => ({
  remove: keys.deletion(model.name, id),
  ifVersion: token,
  otherwise: 'write_conflict',
})

/** What a change is written with: it is still ours. */
export const changeIsOurs = (model: Model, id: number, token: number): Write => ({
  check: keys.deletion(model.name, id),
  isVersion: token,
  otherwise: 'write_conflict',
})

/** The object stays: children may attach again, under a version that none has seen before. */
export async function reopen(engine: Engine, model: Model, id: number, token: number): Promise<void> {
  await engine.table.write([
    { check: keys.entity(model.name, id), isPresent: 'not_found' },
    endDeletion(model, id, token),
    ...presenceItems(model, id).map((key): Write => ({
      put: { ...key, version: token },
      unconditionally: true,
    })),
  ])
}

/**
 * Puts back objects whose deletion was abandoned, so that a writer who found them closed can try again.
 * @throws AppError `write_conflict` where a deletion is really under way.
 */
export async function healDeletions(engine: Engine, references: readonly Reference[]): Promise<void> {
  const seen = new Set<string>()
  for (const { to, id } of references) {
    const { pk } = keys.deletion(to, id)
    if (seen.has(pk)) continue
    seen.add(pk)
    const model = engine.registry.get(to)
    if ((await healObject(engine, model, id)) === 'deletion')
      throw new AppError('write_conflict', `The ${model.label.toLowerCase()} ${id} is being deleted.`)
  }
}

/** @returns what is under way, too young to be given up; undefined where the object is open. */
export async function healObject(engine: Engine, model: Model, id: number): Promise<Purpose | undefined> {
  const intent = await engine.table.get(Intent, keys.deletion(model.name, id))
  if (intent === undefined) return undefined
  if (engine.now().getTime() - Date.parse(intent.at) < abandonedMs[intent.purpose]) return intent.purpose
  await reopenIfOurs(engine, model, id, intent.version)
  return undefined
}

/** Puts the object back, unless someone else was faster, with the healing or with the deletion. */
export async function reopenIfOurs(engine: Engine, model: Model, id: number, token: number): Promise<void> {
  try {
    await reopen(engine, model, id, token)
  } catch (cause) {
    const isSettled =
      cause instanceof AppError && (cause.code === 'write_conflict' || cause.code === 'not_found')
    if (!isSettled) throw cause
  }
}
