import { writeCsv, writeObjects } from '../imports/annotate.ts'
import { guardFormula, joinList } from '../imports/cells.ts'
import { createResolver, type Resolver } from '../imports/references.ts'
import { customFieldsOf } from '../model/custom-fields.ts'
import { customColumn } from '../model/custom-filters.ts'
import { customValuesOf } from '../model/custom-values.ts'
import type { Model, Row } from '../model/define.ts'
import type { Field } from '../model/fields.ts'
import type { Sources } from '../model/listing.ts'
import { briefFields, visibleFields, type Selection } from '../model/output.ts'
import { displayOf } from '../model/rows.ts'
import type { ExportFormat } from './formats.ts'

/** A column of an export: its name, and the plain value of each row. */
type Column = {
  name: string
  valueOf: (row: Row) => unknown
  /** Its cells are JSON. */
  isJson?: boolean
}

/**
 * Rows as a file that an import takes: flat, references by name where a name tells the object, choices by their value.
 * Imported again it changes nothing. Without a selection all that an import takes is in it, and the id.
 * The catalogs of the model and of what it refers to must be fresh.
 */
export async function exportRows(
  sources: Sources,
  model: Model,
  { rows, selection, format }: { rows: readonly Row[]; selection: Selection; format: ExportFormat },
): Promise<string> {
  const columns = columnsOf(sources, model, selection)
  if (format !== 'csv') {
    const objects = rows.map((row) =>
      Object.fromEntries(columns.map(({ name, valueOf }) => [name, valueOf(row) ?? null])),
    )
    return writeObjects(objects, format)
  }
  const header = columns.map(({ name }) => name)
  return writeCsv([
    header,
    ...rows.map((row) => columns.map(({ valueOf, isJson }) => cellOf(valueOf(row), isJson))),
  ])
}

function columnsOf(sources: Sources, model: Model, { brief, fields, omit }: Selection): Column[] {
  const resolver = createResolver(sources)
  const own: Column[] = [
    { name: 'id', valueOf: (row) => row.id },
    { name: 'display', valueOf: (row) => displayOf(model, row) },
    { name: 'created', valueOf: (row) => row.created },
    { name: 'last_updated', valueOf: (row) => row.last_updated },
    { name: '_version', valueOf: (row) => row.version },
  ]
  const ofFields = visibleFields(model).flatMap(([name, field]) =>
    fieldColumns(sources, resolver, { name, field }),
  )
  const custom = customFieldsOf(model).map(({ name, field }): Column => {
    const column = customColumn(name)
    const flat = fieldColumns(sources, resolver, { name, field })[0]
    const isJson = field.kind === 'json'
    return { name: column, valueOf: (row) => flat?.valueOf({ ...row, ...customValuesOf(row) }), isJson }
  })
  const all = new Map([...own, ...ofFields, ...custom].map((column) => [column.name, column]))
  const writable = visibleFields(model).flatMap(([name, field]) =>
    field.readOnly === true || field.kind === 'secret' ? [] : namesOf(name, field),
  )
  const chosen =
    brief === true
      ? ['id', 'display', ...briefFields(model).flatMap((name) => namesOf(name, model.fields[name]))]
      : fields === undefined
        ? ['id', ...writable, ...custom.map(({ name }) => name)]
        : [...fields].flatMap((name) =>
            name === 'custom_fields' ? custom.map((one) => one.name) : namesOf(name, model.fields[name]),
          )
  return chosen.flatMap((name) => (omit?.has(name) === true ? [] : (all.get(name) ?? [])))
}

/** An object reference is two columns, as on input. */
const namesOf = (name: string, field: Field | undefined): string[] =>
  field?.kind === 'object'
    ? [`${name}_type`, `${name}_id`]
    : field?.kind === 'secret'
      ? [`has_${name}`]
      : [name]

function fieldColumns(
  { registry }: Sources,
  resolver: Resolver,
  { name, field }: { name: string; field: Field },
): Column[] {
  const read = (row: Row): unknown => row[name] ?? null
  if (field.kind === 'secret') return [{ name: `has_${name}`, valueOf: (row) => row[`has_${name}`] }]
  if (field.kind === 'object') {
    const part = (row: Row, member: 'type' | 'id'): unknown =>
      (row[name] as Record<string, unknown> | null | undefined)?.[member] ?? null
    return [
      { name: `${name}_type`, valueOf: (row) => part(row, 'type') },
      { name: `${name}_id`, valueOf: (row) => part(row, 'id') },
    ]
  }
  if (field.kind === 'ref') {
    const target = registry.get(field.to)
    return [
      {
        name,
        valueOf: (row) => (typeof row[name] === 'number' ? resolver.nameOf(target, row[name], row) : null),
      },
    ]
  }
  if (field.kind === 'refs') {
    const target = registry.get(field.to)
    return [
      {
        name,
        valueOf: (row) => ((row[name] ?? []) as number[]).map((id) => resolver.nameOf(target, id, row)),
      },
    ]
  }
  return [{ name, valueOf: read, isJson: field.kind === 'json' }]
}

/** A value as the text of a cell, so that an import reads the same value back. */
function cellOf(value: unknown, isJson = false): string {
  if (value === null || value === undefined) return ''
  if (isJson) return JSON.stringify(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return guardFormula(value)
  return guardFormula(Array.isArray(value) ? joinList(value as string[]) : JSON.stringify(value))
}
