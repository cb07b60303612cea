import type { Issue } from '../errors.ts'
import { mergeCustomValues, type CustomValues } from './custom-values.ts'
import type { Actor } from './change.ts'
import { takesTags, type Model, type Row } from './define.ts'
import { refs } from './fields.ts'

/** Tags to add to and take off those that a row has at the moment of the write, as in NetBox 4.6. */
const tagChanges = {
  add_tags: refs('extras.tag', { filter: 'tag' }),
  remove_tags: refs('extras.tag', { filter: 'tag' }),
}

const patched = new WeakMap<Model, Model>()

/** The model as a PATCH sees it: with the members that say how a field changes, beside those that say what it becomes. */
export function patchModel(model: Model): Model {
  if (!takesTags(model)) return model
  const known = patched.get(model) ?? { ...model, fields: { ...model.fields, ...tagChanges } }
  patched.set(model, known)
  return known
}

/** A complaint where the tags are given whole and in part at once. */
export function tagChangeIssues(values: Readonly<Record<string, unknown>>): Issue[] {
  if (!Object.hasOwn(values, 'tags')) return []
  return Object.keys(tagChanges)
    .filter((name) => Object.hasOwn(values, name))
    .map((name) => ({ path: name, message: 'Give either tags or what changes of them.' }))
}

/** The values of a new row with what tells who made it. The system is nobody. */
export function stampCreator(
  model: Model,
  values: Record<string, unknown>,
  { userId }: Pick<Actor, 'userId'>,
): Record<string, unknown> {
  const names = Object.entries(model.fields).flatMap(([name, field]) =>
    field.kind === 'ref' && field.isCreator === true ? [name] : [],
  )
  return { ...values, ...Object.fromEntries(names.map((name) => [name, userId])) }
}

/** The row with the values that a body gave. Tried again on the row as it then is where a race was lost. */
export function changeRow(model: Model, before: Row, values: Readonly<Record<string, unknown>>): Row {
  // A model without tags may have a field of such a name: the tags that a rule adds.
  const { plain, added, removed } = takesTags(model)
    ? tagChangesOf(values)
    : { plain: values, added: undefined, removed: undefined }
  const { custom_fields: custom, ...fields } = plain
  const changed: Row = { ...before, ...fields }
  if (custom !== undefined) changed['custom_fields'] = mergeCustomValues(before, custom as CustomValues)
  if (added !== undefined || removed !== undefined) {
    const kept = (before['tags'] as number[]).filter((id) => !idsOf(removed).includes(id))
    changed['tags'] = [...new Set([...kept, ...idsOf(added)])]
  }
  return changed
}

function tagChangesOf(values: Readonly<Record<string, unknown>>) {
  const { add_tags: added, remove_tags: removed, ...plain } = values
  return { plain, added, removed }
}

const idsOf = (value: unknown): readonly number[] => (value ?? []) as readonly number[]
