import type { Model, Row } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import type { Actor } from '../model/change.ts'
import { customColumn } from '../model/custom-filters.ts'
import {
  completeCustomFields,
  customNameOf,
  customValuesOf,
  settleCustomFields,
} from '../model/custom-values.ts'
import { changeRow, stampCreator } from '../model/row-changes.ts'
import { isOptional } from '../model/field-schema.ts'
import type { Field } from '../model/fields.ts'
import { withDefaults } from '../model/input.ts'
import { GuardItem } from '../model/prepare.ts'
import { publicRow, storedSchema } from '../model/rows.ts'
import { steadyJson } from '../model/steady-json.ts'
import { guardsOf, type Guard } from '../model/writes.ts'
import { keys } from '../table/keys.ts'
import { complain, isBad, type Entry } from './entries.ts'

/**
 * Finds the object each row is about: by its id, else by the model's first unique set of fields that is given in the
 * row. New objects get their ids here.
 */
export async function identifyRows(
  engine: Engine,
  model: Model,
  { level, actor }: { level: readonly Entry[]; actor: Pick<Actor, 'userId'> },
): Promise<void> {
  const owners = await ownersOf(engine, model, level)
  const known = level.map((entry, at) => entry.id ?? owners[at])
  const wanted = known.filter((id) => id !== undefined)
  const stored = await engine.table.getMany(
    storedSchema(model),
    wanted.map((id) => keys.entity(model.name, id)),
  )
  const byId = new Map(stored.flatMap((row) => (row === undefined ? [] : [[row.id, row] as const])))
  for (const [at, entry] of level.entries()) {
    const id = known[at]
    const before = id === undefined ? undefined : byId.get(id)
    if (entry.id !== undefined && before === undefined) {
      const message = `There is no ${model.label.toLowerCase()} with the id ${entry.id}.`
      complain(entry, { column: 'id', code: 'not_found', message })
    } else takeObject(engine, model, { entry, before, actor })
  }
}

/** Owners of the rows' keys; undefined where the object is new, or the row has an id. */
async function ownersOf(
  engine: Engine,
  model: Model,
  level: readonly Entry[],
): Promise<(number | undefined)[]> {
  const guards = level.map((entry) => (entry.id === undefined ? keyOf(model, entry) : undefined))
  const asked = guards.filter((guard) => guard !== undefined)
  const items = await engine.table.getMany(
    GuardItem,
    asked.map(({ key }) => key),
  )
  const owner = new Map(asked.map(({ key }, at) => [key.pk, items[at]?.owner]))
  const alike = await alikeRows(
    engine,
    model,
    level.filter((entry, at) => isKeyless(entry, guards[at])),
  )
  return level.map((entry, at) => {
    const guard = guards[at]
    return guard === undefined ? alike.get(entry) : owner.get(guard.key.pk)
  })
}

const isKeyless = (entry: Entry, guard: Guard | undefined): boolean =>
  entry.id === undefined && guard === undefined && !isBad(entry)

/** The first unique value of the row. */
function keyOf(model: Model, entry: Entry): Guard | undefined {
  return guardsOf(model, draftOf(model, entry.values))[0]
}

const draftOf = (model: Model, values: Readonly<Record<string, unknown>>): Row => ({
  id: 0,
  version: 0,
  created: '',
  last_updated: '',
  ...withDefaults(model, values),
})

/**
 * Rows of a model whose objects have no unique value: one that is in all that is given like an object there is, is
 * about that object, so that a file given again makes nothing anew.
 */
async function alikeRows(
  engine: Engine,
  model: Model,
  keyless: readonly Entry[],
): Promise<Map<Entry, number>> {
  const found = new Map<Entry, number>()
  if (keyless.length === 0) return found
  const catalog = engine.catalogs.of(model)
  await catalog.refresh()
  const indexes = new Map<string, Map<string, number>>()
  for (const entry of keyless) {
    const names = Object.keys(entry.values).sort()
    const signature = names.join()
    const index = indexes.get(signature) ?? indexRows(catalog.rows.values(), names)
    indexes.set(signature, index)
    const id = index.get(valuesOf(publicRow(model, draftOf(model, entry.values)), names))
    if (id !== undefined) found.set(entry, id)
  }
  return found
}

const valuesOf = (row: Row, names: readonly string[]): string =>
  steadyJson(names.map((name) => row[name] ?? null))

const indexRows = (rows: Iterable<Row>, names: readonly string[]): Map<string, number> =>
  new Map(Array.from(rows, (row) => [valuesOf(row, names), row.id] as const))

/** Fixes what the row is to make of the object. */
function takeObject(
  engine: Engine,
  model: Model,
  { entry, before, actor }: { entry: Entry; before: Row | undefined; actor: Pick<Actor, 'userId'> },
): void {
  if (before === undefined) {
    const missing = requiredFields(model).filter(
      (name) => entry.values[name] === undefined && !isComplained(entry, name),
    )
    for (const name of missing)
      complain(entry, { column: name, code: 'required', message: 'This field is required.' })
    const id = engine.ids.next()
    const at = engine.now().toISOString()
    entry.objectId = id
    const values = newValues(model, entry, actor)
    entry.after = settleCustomFields(model, { id, version: 1, created: at, last_updated: at, ...values })
    return
  }
  if (entry.version !== undefined && entry.version !== before.version) {
    const message = `The current version is ${before.version}, not ${entry.version}: the object was changed since.`
    complain(entry, { column: '_version', code: 'version_conflict', message })
  }
  entry.objectId = before.id
  entry.before = before
  const values = { ...clearedValues(model, entry.cleared), ...entry.values }
  const custom = { ...clearedCustom(entry.cleared), ...customValuesOf(entry.values as Row) }
  const given = Object.keys(custom).length === 0 ? {} : { custom_fields: custom }
  entry.after = settleCustomFields(model, changeRow(model, before, { ...values, ...given }))
}

/** The values of a new object, with all that is not in the row. */
function newValues(model: Model, entry: Entry, actor: Pick<Actor, 'userId'>): Record<string, unknown> {
  const { values, issues } = completeCustomFields(model, entry.values, {
    parsed: { values: entry.values, issues: [] },
    bySystem: false,
  })
  for (const { path, message } of issues)
    complain(entry, { column: customColumnOf(path), code: 'required', message })
  return stampCreator(model, withDefaults(model, values), actor)
}

const customColumnOf = (path: string): string => customColumn(customNameOf(path) ?? path)

const clearedCustom = (cleared: readonly string[]): Record<string, null> =>
  Object.fromEntries(
    cleared.flatMap((member) =>
      customNameOf(member) === undefined ? [] : [[customNameOf(member) ?? '', null]],
    ),
  )

const isComplained = (entry: Entry, name: string): boolean =>
  entry.issues.some(({ column }) => column === name || column?.startsWith(`${name}__`) === true)

const required = new WeakMap<Model, string[]>()

/** Fields that a new object needs. */
function requiredFields(model: Model): string[] {
  const known = required.get(model)
  if (known !== undefined) return known
  const defaults = withDefaults(model, {})
  const names = Object.entries(model.fields).flatMap(([name, { readOnly, hidden }]) =>
    defaults[name] === undefined && readOnly !== true && hidden !== true ? [name] : [],
  )
  required.set(model, names)
  return names
}

/** An empty cell takes the value away where a field may be empty, and otherwise says nothing. */
function clearedValues(model: Model, cleared: readonly string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const name of cleared) {
    const field = model.fields[name] ?? model.fields[name.replace(/_(?:type|id)$/, '')]
    const value = field === undefined ? undefined : emptyOf(field)
    if (value !== undefined)
      values[model.fields[name] === undefined ? name.replace(/_(?:type|id)$/, '') : name] = value
  }
  return values
}

/** What an empty cell of a field means; undefined where it cannot be empty. */
function emptyOf(field: Field): unknown {
  if (isOptional(field)) return null
  if (field.kind === 'text' && field.default === '') return ''
  return field.kind === 'refs' || field.kind === 'list' ? [] : undefined
}
