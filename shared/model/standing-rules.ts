import * as z from 'zod'
import type { Issue } from '../errors.ts'
import { keys } from '../table/keys.ts'
import type { Write } from '../table/table.ts'
import type { Frozen, Model, Row, RuleTools } from './define.ts'
import { holdersOf, presenceCount, type Registry } from './registry.ts'
import { storedSchema } from './rows.ts'

/** Rules that a model declares by a word: what may not change, and which references form a tree. */

/** Deeper trees than this are refused: each level is checked when a row moves. */
const depthMax = 40

type Change = { before: Row | undefined; after: Row }

const Child = z.object({ child: z.string(), field: z.string() })

/** The fields of a change that others may rely on. */
export function frozenChanges(model: Model, { before, after }: Change): [field: string, rule: Frozen][] {
  if (before === undefined || before === after) return []
  return Object.entries(model.frozen ?? {}).filter(([field, rule]) => {
    const breaksNothing = 'unless' in rule && rule.unless(after[field], before[field])
    return before[field] !== after[field] && !breaksNothing
  })
}

/** A complaint for each frozen field that changes while rows of the named models refer to this one. */
export async function frozenIssues(
  { table, registry }: RuleTools,
  model: Model,
  change: Change,
): Promise<Issue[]> {
  const changed = frozenChanges(model, change)
  if (changed.length === 0) return []
  const children = new Set<string>()
  const shards = Array.from({ length: presenceCount(model) }, (_, shard) => shard)
  await Promise.all(
    shards.map(async (shard) => {
      const partition = keys.references(model.name, change.after.id, shard)
      for await (const { child, field } of table.query(Child, { partition }))
        children.add(child).add(`${child}.${field}`)
    }),
  )
  return changed.flatMap(([field, rule]) => {
    const holding = holdersOf(rule).filter((name) => children.has(name))
    if (holding.length === 0) return []
    const names = holding.map((name) => labelOf(registry, name)).join(' and ')
    return [
      {
        path: field,
        message: `This cannot change while ${names} refer to the ${model.label.toLowerCase()}.`,
      },
    ]
  })
}

/** `dcim.interface.lag` are interfaces too. */
const labelOf = (registry: Registry, name: string): string =>
  registry.get(name.split('.').slice(0, 2).join('.')).labelPlural.toLowerCase()

/**
 * Walks up from a new parent. The transaction then checks that every ancestor is as it was seen: of two moves that
 * would close a ring together, one is refused.
 */
export async function treeChecks(
  { table }: RuleTools,
  model: Model,
  { before, after }: Change,
): Promise<{ checks: Write[]; issues: Issue[] }> {
  const { tree } = model
  const isMoved = tree !== undefined && before !== undefined && before[tree] !== after[tree]
  if (!isMoved) return { checks: [], issues: [] }
  const checks: Write[] = []
  let parent = after[tree]
  while (typeof parent === 'number') {
    if (parent === after.id)
      return { checks, issues: [{ path: tree, message: `This would be its own ${tree}.` }] }
    if (checks.length >= depthMax)
      return { checks, issues: [{ path: tree, message: `A tree has at most ${depthMax} levels.` }] }
    const row = await table.get(storedSchema(model), keys.entity(model.name, parent))
    if (row === undefined) break
    const check = keys.entity(model.name, row.id)
    checks.push({ check, isVersion: row.version, otherwise: 'version_conflict' })
    parent = row[tree]
  }
  return { checks, issues: [] }
}
