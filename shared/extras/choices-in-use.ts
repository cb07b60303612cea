import type { Issue } from '../errors.ts'
import { choicesOf } from '../model/custom-definition.ts'
import { customValuesOf } from '../model/custom-values.ts'
import type { Row, RuleDraft, RuleTools } from '../model/define.ts'

type Sources = Pick<RuleTools, 'registry' | 'catalogs'>

/** A choice that rows hold, or that is a default, stays in its set. */
export async function choicesInUse(sources: Sources, drafts: readonly RuleDraft[]): Promise<Issue[][]> {
  return Promise.all(
    drafts.map(async ({ before, after }) => {
      const gone = goneFrom(before, after)
      if (gone.size === 0) return []
      const definitions = sources.catalogs.of(sources.registry.get('extras.customfield'))
      await definitions.refresh()
      const fields = [...definitions.rows.values()].filter((row) => row['choice_set'] === after.id)
      const read = await Promise.all(fields.map((field) => heldChoices(sources, field, gone)))
      return read.flat().map((message) => ({ path: 'extra_choices', message }))
    }),
  )
}

/** A field may change to another set where that has all that its rows hold. */
export async function newSetIssues(sources: Sources, before: Row | undefined, after: Row): Promise<Issue[]> {
  if (before === undefined || before['choice_set'] === after['choice_set']) return []
  const sets = sources.catalogs.of(sources.registry.get('extras.customfieldchoiceset'))
  await sets.refresh()
  const setOf = (row: Row): Row | undefined => sets.rows.get(Number(row['choice_set']))
  const gone = goneFrom(setOf(before), setOf(after))
  const messages = gone.size === 0 ? [] : await heldChoices(sources, after, gone)
  return messages.map((message) => ({ path: 'choice_set', message }))
}

function goneFrom(before: Row | undefined, after: Row | undefined): Set<string> {
  const kept = new Set(choicesOf(after).map(([value]) => value))
  return new Set(choicesOf(before).flatMap(([value]) => (kept.has(value) ? [] : [value])))
}

/** Who still holds any of the choices. */
async function heldChoices(
  { registry, catalogs }: Sources,
  field: Row,
  choices: ReadonlySet<string>,
): Promise<string[]> {
  const name = String(field['name'])
  const defaults = membersOf(field['default']).filter((value) => choices.has(value))
  const messages = defaults.map((value) => `"${value}" cannot go: it is the default of ${name}.`)
  for (const model of field['object_types'] as readonly string[]) {
    const catalog = catalogs.of(registry.get(model))
    await catalog.refresh()
    for (const [value, count] of countHeld(catalog.rows.values(), name, choices)) {
      const holders = count === 1 ? `1 row of ${model} holds` : `${count} rows of ${model} hold`
      messages.push(`"${value}" cannot go: ${holders} it.`)
    }
  }
  return messages
}

function countHeld(rows: Iterable<Row>, field: string, values: ReadonlySet<string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) {
    for (const value of membersOf(customValuesOf(row)[field])) {
      if (values.has(value)) counts.set(value, (counts.get(value) ?? 0) + 1)
    }
  }
  return counts
}

const membersOf = (held: unknown): string[] =>
  (Array.isArray(held) ? held : [held]).filter((value) => typeof value === 'string')
