import type { Model, Row } from '../model/define.ts'
import { columnsOf } from './columns.ts'

/**
 * Rows in memory. A row that is put together member by member becomes a hash table of its own in V8 (2,000 bytes for
 * 30 members); a copy of a template stays a plain record (430 bytes), whose members only point to values. Equal texts
 * and empty lists are one value for all rows.
 */
export type RowMaker = {
  /** @param row has every column of the model; it is copied. */
  make(row: Readonly<Record<string, unknown>>): Row
}

const makers = new WeakMap<Model, RowMaker>()

export function rowMaker(model: Model): RowMaker {
  const before = makers.get(model)
  if (before !== undefined) return before
  const names = columnsOf(model).map(({ name }) => name)
  // Parsed, since that is what makes a record. Every member starts as null, so that it may become anything.
  const template = JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, null])))) as Row
  const maker: RowMaker = {
    make(row) {
      const made = { ...template }
      for (const name of names) made[name as 'id'] = compactValue(row[name]) as never
      return made
    },
  }
  makers.set(model, maker)
  return maker
}

const emptyList: readonly never[] = Object.freeze([])
const emptyObject = Object.freeze({})

/** The one value that stands for all values equal to it, where that is cheap to know. */
export function compactValue(value: unknown): unknown {
  if (typeof value === 'string') return shared(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.length === 0 ? emptyList : value
  return Object.keys(value).length === 0 ? emptyObject : value
}

/** The last text of each slot: bounded, and right for what occurs again and again. */
const slots: string[] = Array.from({ length: 1 << 14 }, () => '')
const textMax = 64
const digestCharacters = 12

function shared(text: string): string {
  if (text.length > textMax) return text
  let slot = text.length
  for (let at = Math.max(0, text.length - digestCharacters); at < text.length; at++)
    slot = (Math.imul(slot, 31) + text.charCodeAt(at)) | 0
  slot &= slots.length - 1
  const there = slots[slot]
  if (there === text) return there
  slots[slot] = text
  return text
}
