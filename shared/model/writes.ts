import { keys, shardOf, type Key } from '../table/keys.ts'
import type { Write } from '../table/table.ts'
import { changeItem, recentItem, type Actor } from './change.ts'
import { customGuards, customPath, customReferences } from './custom-values.ts'
import { uniqueFields, type Model, type Row } from './define.ts'
import type { ObjectRef } from './fields.ts'
import { changeShardCount, isRelying, presenceCount, type Registry } from './registry.ts'
import { itemOf } from './rows.ts'

/** What all rows of one transaction share. */
export type WriteContext = {
  registry: Registry
  actor: Actor
  at: string
  message: string
  /** Which presence item of each parent is checked: one for all rows, so that they check it once. */
  presenceShard: number
  nextChangeId: () => number
}

/**
 * A row as it shall be. `stamps`: under which versions the presence of its parents was seen before they were read
 * (`shared/model/stamps.ts`); null for none.
 */
type Attached = { after: Row; stamps: Stamps }
export type Stamps = { get(parent: string): number | null | undefined }
export const parentKey = ({ to, id }: { to: string; id: number }): string => `${to}#${id}`

/** A unique value of a row, and the item that holds it. */
export type Guard = { key: Key; fields: readonly string[]; message?: string }

/** Guards of the values that are set; a null or empty member takes the row out of the constraint. */
export function guardsOf(model: Model, row: Row): Guard[] {
  const ofFields = (model.unique ?? []).flatMap((unique): Guard[] => {
    const fields = uniqueFields(unique)
    const values = fields.map((field) => row[field])
    if (values.some((value) => value === null || value === undefined || value === '')) return []
    const texts = values.map((value) => String(value).normalize('NFC'))
    const folded = 'fields' in unique ? texts.map((text) => text.toLowerCase()) : texts
    return [{ key: keys.unique(model.name, fields, folded), fields }]
  })
  const others = (model.guards?.(row) ?? []).map(({ name, values, field, message }): Guard => ({
    key: keys.unique(model.name, [name], values.map(String)),
    fields: [field],
    message,
  }))
  const custom = customGuards(row).map(({ fieldId, name, text }): Guard => ({
    key: keys.unique(model.name, [`custom ${fieldId}`], [text.normalize('NFC')]),
    fields: [customPath(name)],
    message: `${model.label} with this ${name} already exists.`,
  }))
  return [...ofFields, ...others, ...custom]
}

/** One reference of a row to another object. */
export type Reference = { to: string; id: number; field: string }

export function referencesOf(model: Model, row: Row): Reference[] {
  const ofFields = Object.entries(model.fields).flatMap(([field, shape]): Reference[] => {
    const value = row[field]
    if (shape.kind === 'object' && value !== null && value !== undefined) {
      const { type, id } = value as ObjectRef
      return [{ to: type, id, field }]
    }
    if (shape.kind !== 'ref' && shape.kind !== 'refs') return []
    const ids = Array.isArray(value) ? value : value === null || value === undefined ? [] : [value]
    return ids.map((id: number) => ({ to: shape.to, id, field }))
  })
  return [...ofFields, ...customReferences(model, row)]
}

export function createWrites(
  context: WriteContext,
  model: Model,
  { after: stored, stamps }: Attached,
): Write[] {
  const attaching = { ...context, stamps }
  return [
    { put: itemOf(model, stored), ifAbsent: 'id_taken' },
    ...guardsOf(model, stored).map((guard) => takeGuard(guard, stored)),
    ...presenceItems(model, stored.id).map((key): Write => ({ put: key, unconditionally: true })),
    ...referencesOf(model, stored).flatMap((reference) => attach(attaching, model, stored.id, reference)),
    ...companionsOf(model, stored).map((item): Write => ({ put: item, unconditionally: true })),
    ...recordChange(context, model, { before: undefined, after: stored }),
  ]
}

/** @param after carries the next version. */
export function updateWrites(
  context: WriteContext,
  model: Model,
  { before, after, stamps }: Attached & { before: Row },
): Write[] {
  const attaching = { ...context, stamps }
  const guards = difference(guardsOf(model, before), guardsOf(model, after), ({ key }) => key.pk)
  const references = changedReferences(model, before, after)
  const companions = difference(
    companionsOf(model, before),
    companionsOf(model, after),
    ({ pk, sk }) => `${pk}\n${sk}`,
  )
  return [
    { put: itemOf(model, after), ifVersion: before.version, otherwise: 'version_conflict' },
    ...guards.removed.map(({ key }): Write => ({ remove: key, unconditionally: true })),
    ...guards.added.map((guard) => takeGuard(guard, after)),
    ...references.removed.map((reference) => detach(context, model, before.id, reference)),
    ...references.added.flatMap((reference) => attach(attaching, model, after.id, reference)),
    ...companions.removed.map(({ pk, sk }): Write => ({ remove: { pk, sk }, unconditionally: true })),
    ...companionsOf(model, after).map((item): Write => ({ put: item, unconditionally: true })),
    ...recordChange(context, model, { before, after }),
  ]
}

/** Everything that came with the row goes with it. Presence items are gone already (`shared/model/deletion.ts`). */
export function removeWrites(context: WriteContext, model: Model, before: Row): Write[] {
  return [
    { remove: keys.entity(model.name, before.id), ifVersion: before.version, otherwise: 'version_conflict' },
    ...guardsOf(model, before).map(({ key }): Write => ({ remove: key, unconditionally: true })),
    ...referencesOf(model, before).map((reference) => detach(context, model, before.id, reference)),
    ...companionsOf(model, before).map(({ pk, sk }): Write => ({
      remove: { pk, sk },
      unconditionally: true,
    })),
    ...recordChange(context, model, { before, after: undefined }),
  ]
}

export const presenceItems = (model: Model, id: number): Key[] =>
  Array.from({ length: presenceCount(model) }, (_, shard) => keys.presence(model.name, id, shard))

/** Deterministic by the child, so that it is found again when the reference is removed. */
function referenceKey(context: WriteContext, model: Model, id: number, reference: Reference): Key {
  const shard = shardOf(id, presenceCount(context.registry.get(reference.to)))
  return keys.reference(
    { model: reference.to, id: reference.id, shard },
    { model: model.name, id, field: reference.field },
  )
}

function attach(
  context: WriteContext & { stamps: Stamps },
  model: Model,
  id: number,
  reference: Reference,
): Write[] {
  return [
    presenceCheck(context, model, reference),
    {
      put: {
        ...referenceKey(context, model, id, reference),
        child: model.name,
        childId: id,
        field: reference.field,
      },
      unconditionally: true,
    },
  ]
}

/** Who relies on what the parent is checks that it is as it was when it was read. */
function presenceCheck(
  context: WriteContext & { stamps: Stamps },
  model: Model,
  { to, id, field }: Reference,
): Write {
  const target = context.registry.get(to)
  const check = keys.presence(to, id, context.presenceShard % presenceCount(target))
  const detail = `${field} refers to an object that does not exist.`
  if (!isRelying(target, model, field)) return { check, isPresent: 'reference_missing', detail }
  const seenVersion = context.stamps.get(parentKey({ to, id }))
  if (seenVersion === undefined) throw new Error(`the presence of ${to} ${id} was not read`)
  return { check, isPresent: 'parent_changed', seenVersion }
}

const detach = (context: WriteContext, model: Model, id: number, reference: Reference): Write => ({
  remove: referenceKey(context, model, id, reference),
  unconditionally: true,
})

const takeGuard = ({ key, fields, message }: Guard, row: Row): Write => ({
  put: { ...key, owner: row.id },
  ifAbsent: 'duplicate',
  detail: message ?? `Another object has this ${fields.join(' and ')} already.`,
})

const companionsOf = (model: Model, row: Row) => model.companions?.(row) ?? []

function recordChange(
  context: WriteContext,
  model: Model,
  rows: { before: Row | undefined; after: Row | undefined },
): Write[] {
  const { actor, at, message } = context
  const change = { model, ...rows, changeId: context.nextChangeId(), at, actor, message }
  const items =
    changeShardCount(model) === 1 ? [changeItem(change), recentItem(change)] : [changeItem(change)]
  return items.map((put) => ({ put, unconditionally: true }))
}

/** References that come and go with a change of the row. */
export const changedReferences = (
  model: Model,
  before: Row,
  after: Row,
): { removed: Reference[]; added: Reference[] } =>
  difference(
    referencesOf(model, before),
    referencesOf(model, after),
    ({ field, to, id }) => `${field}#${to}#${id}`,
  )

function difference<T>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (value: T) => string,
): { removed: T[]; added: T[] } {
  const had = new Set(before.map(nameOf))
  const has = new Set(after.map(nameOf))
  return {
    removed: before.filter((value) => !has.has(nameOf(value))),
    added: after.filter((value) => !had.has(nameOf(value))),
  }
}
