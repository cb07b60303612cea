import type { Model } from '../model/define.ts'
import type { Registry } from '../model/registry.ts'
import { complain, isBad, referredRow, rowReference, type Entry } from './entries.ts'
import { fieldOf, referenceList, setMember, type ReadRow } from './read-rows.ts'
import type { Resolver } from './references.ts'

/** Replaces names by ids, or by the row of the file that is to have the name. */
export function resolveRows(
  registry: Registry,
  model: Model,
  resolver: Resolver,
  rows: readonly ReadRow[],
): void {
  for (const { entry, references } of rows) {
    for (const [member, { column, given }] of references) {
      const field = fieldOf(model, member)
      if (field?.kind !== 'ref' && field?.kind !== 'refs') continue
      if (given === null) {
        setMember(entry.values, member, null)
        continue
      }
      const list = field.kind === 'ref' ? [given] : referenceList(given)
      if (list === undefined) {
        complain(entry, { column, code: 'invalid_value', message: 'A list of names is expected.' })
        continue
      }
      if (field.kind === 'refs' && list.length > field.max) {
        complain(entry, { column, code: 'invalid_value', message: `At most ${field.max} are possible.` })
        continue
      }
      const found = list.map((one) => resolver.find(registry.get(field.to), one, entry.values))
      for (const one of found) if ('code' in one) complain(entry, { column, ...one })
      if (found.some((one) => 'code' in one)) continue
      const ids = found.map((one) =>
        'row' in one ? rowReference(one.row) : 'id' in one ? one.id : undefined,
      )
      setMember(entry.values, member, field.kind === 'ref' ? ids[0] : [...new Set(ids)])
    }
  }
}

const rowsOf = ({ values }: Entry): number[] =>
  Object.values(values)
    .flat()
    .flatMap((value) => referredRow(value) ?? [])

/**
 * Puts each row one level above those it refers to, so that they are written before it.
 * @returns the entries by level. Rows that refer to each other in a ring have a complaint and are in none.
 */
export function levelsOf(entries: readonly Entry[]): Entry[][] {
  const levels: Entry[][] = []
  const state = new Map<Entry, 'open' | 'done'>()
  const visit = (entry: Entry): void => {
    if (state.has(entry)) return
    state.set(entry, 'open')
    for (const row of rowsOf(entry)) {
      const other = entries[row]
      if (other === undefined) continue
      visit(other)
      if (state.get(other) === 'open') {
        complain(entry, {
          column: null,
          code: 'reference_cycle',
          message: `This row and the one on line ${other.line} refer to each other.`,
        })
      }
      entry.level = Math.max(entry.level, other.level + 1)
    }
    state.set(entry, 'done')
    const level = levels[entry.level] ?? []
    levels[entry.level] = level
    level.push(entry)
  }
  for (const entry of entries) visit(entry)
  return Array.from(levels, (level) => level ?? [])
}

/** References to rows of the file become ids, once those rows are identified. */
export function settleReferences(entries: readonly Entry[], level: readonly Entry[]): void {
  for (const entry of level) {
    for (const [member, value] of Object.entries(entry.values)) {
      const settled = (one: unknown): unknown => {
        const row = referredRow(one)
        return row === undefined ? one : settle(entry, member, entries[row])
      }
      if (Array.isArray(value)) entry.values[member] = value.map(settled)
      else if (referredRow(value) !== undefined) entry.values[member] = settled(value)
    }
  }
}

function settle(entry: Entry, member: string, other: Entry | undefined): number | null {
  if (other !== undefined && !isBad(other) && other.objectId !== undefined) return other.objectId
  if (entry.issues.some(({ code }) => code === 'reference_cycle')) return null
  complain(entry, {
    column: member,
    code: 'reference_bad',
    message: `It refers to the row on line ${other?.line ?? '?'}, which has errors.`,
  })
  return null
}
