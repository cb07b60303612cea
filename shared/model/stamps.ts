import * as z from 'zod'
import { AppError } from '../errors.ts'
import { keys } from '../table/keys.ts'
import type { Model, Row } from './define.ts'
import { healObject, pause } from './deletion-intent.ts'
import { drawPresence, type Engine } from './engine.ts'
import { isRelying, presenceCount } from './registry.ts'
import { changedReferences, parentKey, referencesOf, type Reference } from './writes.ts'

/**
 * What a row relies on of its parents (`frozen` in `define.ts`) is read between two looks at their presence: the
 * first is here, and says under which version it stands; the second is the check of the row's transaction. A parent
 * that is changed between the two stands under another.
 */

const Presence = z.object({ version: z.number().optional(), closed: z.boolean().optional() })

/** Longer than an abandoned change keeps a parent closed. */
const patienceMs = 8000

type Change = { before: Row | undefined; after: Row }

/**
 * Notes the versions of the parents that rows come to rely on, before these are read. A parent that is being changed is
 * waited for; nothing is read for parents without frozen fields.
 * @throws AppError `parent_changed` where the changes do not come to an end.
 */
export async function readStamps(
  engine: Engine,
  model: Model,
  changes: readonly Change[],
  stamps: Map<string, number | null>,
): Promise<void> {
  let left = reliedOn(engine, model, changes).filter((parent) => !stamps.has(parentKey(parent)))
  const startedMs = performance.now()
  for (let tries = 1; left.length > 0; tries++) {
    const found = await engine.table.getMany(
      Presence,
      left.map(({ to, id }) => {
        const shard = drawPresence(engine) % presenceCount(engine.registry.get(to))
        return keys.presence(to, id, shard)
      }),
    )
    for (const [index, parent] of left.entries()) {
      // One that is not there is being deleted, or never was: the transaction finds out.
      if (found[index]?.closed !== true) stamps.set(parentKey(parent), found[index]?.version ?? null)
    }
    left = left.filter((_, index) => found[index]?.closed === true)
    if (left.length === 0) return
    if (performance.now() - startedMs > patienceMs) throw new AppError('parent_changed')
    for (const { to, id } of left) await healObject(engine, engine.registry.get(to), id)
    await pause(engine, tries)
  }
}

/** Parents that the rows did not refer to before, each once. */
function reliedOn({ registry }: Engine, model: Model, changes: readonly Change[]): Reference[] {
  const parents = new Map<string, Reference>()
  for (const { before, after } of changes) {
    const added =
      before === undefined ? referencesOf(model, after) : changedReferences(model, before, after).added
    for (const reference of added) {
      const { to, field } = reference
      if (registry.has(to) && isRelying(registry.get(to), model, field))
        parents.set(parentKey(reference), reference)
    }
  }
  return [...parents.values()]
}
