import * as z from 'zod'
import type { Model, Row } from '../model/define.ts'
import { columnsOf, type Column } from './columns.ts'
import { compactValue, rowMaker } from './compact.ts'

/** The values of one column, in the order of the rows: one for all, a list with the place in it of each, or each. */
type Written = { same: unknown } | { values: unknown[]; at: number[] } | { each: unknown[] }

/** A list of values pays where each occurs twice and more. */
export function writeColumn(values: readonly unknown[]): Written {
  const plain = new Map<unknown, number>()
  const objects = new Map<unknown, number>()
  const distinct: unknown[] = []
  const at: number[] = []
  for (const value of values) {
    const isObject = typeof value === 'object' && value !== null
    const [places, name] = isObject ? [objects, JSON.stringify(value)] : [plain, value]
    let place = places.get(name)
    if (place === undefined) {
      place = distinct.length
      places.set(name, place)
      distinct.push(value)
      if (distinct.length > values.length / 2 && distinct.length > 1) return { each: [...values] }
    }
    at.push(place)
  }
  return distinct.length === 1 ? { same: distinct[0] } : { values: distinct, at }
}

/** A column that was read: the value of each row, and whether it is one for all. */
type Read = { isSame: boolean; valueOf: (row: number) => unknown }
type Problem = { problem: string }

type Shape = { rows: number; columns: readonly { name: string }[] }

/** @returns the rows, or what is wrong with the lines. Nothing is taken that the model's own schema refuses. */
export function readColumns(
  model: Model,
  { rows, columns: written }: Shape,
  lines: readonly Uint8Array[],
): { rows: Row[] } | Problem {
  if (lines.length !== written.length) return { problem: `${lines.length} columns, not ${written.length}` }
  const byName = new Map(written.map(({ name }, index) => [name, lines[index]]))
  const constant: Record<string, unknown> = {}
  const varying: { name: string; valueOf: (row: number) => unknown }[] = []
  for (const column of columnsOf(model)) {
    const line = byName.get(column.name)
    const read = line === undefined ? defaultOf(column) : readColumn(column, rows, line)
    if ('problem' in read) return { problem: `${column.name}: ${read.problem}` }
    if (read.isSame) constant[column.name] = read.valueOf(0)
    else varying.push({ name: column.name, valueOf: read.valueOf })
  }
  return rowsOf(model, rows, { constant, varying })
}

function rowsOf(
  model: Model,
  count: number,
  {
    constant,
    varying,
  }: {
    constant: Readonly<Record<string, unknown>>
    varying: readonly { name: string; valueOf: (row: number) => unknown }[]
  },
): { rows: Row[] } | Problem {
  const template = rowMaker(model).make(constant)
  const rows = Array.from({ length: count }, () => ({ ...template }))
  // Column by column: a loop that writes one member is several times as fast as one that writes many.
  for (const { name, valueOf } of varying) {
    for (const [index, row] of rows.entries()) row[name as 'id'] = valueOf(index) as never
  }
  const ids = new Set(rows.map(({ id }) => id))
  return ids.size === count ? { rows } : { problem: 'an id occurs twice' }
}

const defaultOf = ({ schema }: Column): Read => sameForAll(schema.parse(undefined))

function sameForAll(value: unknown): Read {
  const shared = forMany(value)
  return { isSame: true, valueOf: () => shared }
}

function readColumn(column: Column, rows: number, line: Uint8Array): Read | Problem {
  let written: unknown
  try {
    written = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line))
  } catch {
    return { problem: 'no JSON' }
  }
  if (typeof written !== 'object' || written === null) return { problem: 'no column' }
  if ('same' in written) return checked(column, [written.same], ([value]) => sameForAll(value))
  if ('each' in written && Array.isArray(written.each) && written.each.length === rows)
    return checked(column, written.each, (values) => ({
      isSame: false,
      valueOf: (row) => compactValue(values[row]),
    }))
  if (!('values' in written && Array.isArray(written.values) && 'at' in written))
    return { problem: 'no column' }
  const { values: distinct, at } = written
  if (!isPlaces(at, rows, distinct.length)) return { problem: 'places that do not exist' }
  return checked(column, distinct, (values) => {
    const shared = values.map(forMany)
    return { isSame: false, valueOf: (row) => shared[at[row] ?? 0] }
  })
}

const isPlaces = (at: unknown, rows: number, values: number): at is number[] =>
  Array.isArray(at) &&
  at.length === rows &&
  at.every((place) => Number.isInteger(place) && place >= 0 && place < values)

function checked(
  { schema }: Column,
  values: readonly unknown[],
  read: (values: readonly unknown[]) => Read,
): Read | Problem {
  const parsed = z.array(schema).safeParse(values)
  if (!parsed.success) return { problem: z.prettifyError(parsed.error).slice(0, 500) }
  return read(parsed.data)
}

/** A list or an object that many rows have: nobody may change it. */
const forMany = (value: unknown): unknown => Object.freeze(compactValue(value))
