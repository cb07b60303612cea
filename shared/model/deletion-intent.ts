import * as z from 'zod'
import { AppError } from '../errors.ts'
import { keys } from '../table/keys.ts'
import type { Write } from '../table/table.ts'
import type { Model } from './define.ts'
import type { Engine } from './engine.ts'
import { presenceItems, type Reference } from './writes.ts'

/** A deletion that has begun: no one can attach to the object any more. */
const Intent = z.object({ version: z.number(), at: z.string() })

/** After this long its writer is taken for dead (a function lives 30 s), and the object is put back. */
const abandonedMs = 60_000

/**
 * Removes the presence items of an object: from here on a child's transaction fails.
 * @returns the token that proves the deletion is still ours.
 * @throws AppError `write_conflict` where another deletion is under way; `not_found`.
 */
export async function beginDeletion(engine: Engine, model: Model, id: number): Promise<number> {
  const token = engine.ids.next()
  const intent = { ...keys.deletion(model.name, id), version: token, at: engine.now().toISOString() }
  const writes: Write[] = [
    { check: keys.entity(model.name, id), isPresent: 'not_found' },
    { put: intent, ifAbsent: 'write_conflict', detail: 'Someone else is deleting it.' },
    ...presenceItems(model, id).map((key): Write => ({ remove: key, unconditionally: true })),
  ]
  try {
    await engine.table.write(writes)
  } catch (cause) {
    const isTaken = cause instanceof AppError && cause.code === 'write_conflict'
    if (!isTaken || !(await heal(engine, model, id))) throw cause
    await engine.table.write(writes)
  }
  return token
}

/** The intent goes with the object. */
export const endDeletion = (model: Model, id: number, token: number): Write => ({
  remove: keys.deletion(model.name, id),
  ifVersion: token,
  otherwise: 'write_conflict',
})

/** The object stays: children may attach again. */
export async function cancelDeletion(engine: Engine, model: Model, id: number, token: number): Promise<void> {
  await engine.table.write([
    { check: keys.entity(model.name, id), isPresent: 'not_found' },
    endDeletion(model, id, token),
    ...presenceItems(model, id).map((key): Write => ({ put: key, unconditionally: true })),
  ])
}

/**
 * Puts back objects whose deletion was abandoned, so that a writer who found them closed can try again.
 * @throws AppError `write_conflict` where a deletion is really under way.
 */
export async function healDeletions(engine: Engine, references: readonly Reference[]): Promise<void> {
  const seen = new Set<string>()
  for (const { to, id } of references) {
    const key = keys.deletion(to, id)
    if (seen.has(key.pk)) continue
    seen.add(key.pk)
    const model = engine.registry.get(to)
    const isUnderWay = (await engine.table.get(Intent, key)) !== undefined
    if (isUnderWay && !(await heal(engine, model, id))) {
      throw new AppError('write_conflict', `The ${model.label.toLowerCase()} ${id} is being deleted.`)
    }
  }
}

/** @returns false where the deletion is too young to be given up. */
async function heal(engine: Engine, model: Model, id: number): Promise<boolean> {
  const intent = await engine.table.get(Intent, keys.deletion(model.name, id))
  if (intent === undefined) return true
  if (engine.now().getTime() - Date.parse(intent.at) < abandonedMs) return false
  try {
    await cancelDeletion(engine, model, id, intent.version)
  } catch (cause) {
    // Someone else was faster, with the healing or with the deletion.
    const isSettled =
      cause instanceof AppError && (cause.code === 'write_conflict' || cause.code === 'not_found')
    if (!isSettled) throw cause
  }
  return true
}
