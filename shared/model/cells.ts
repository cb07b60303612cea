import * as z from 'zod'
import type { Issue } from '../errors.ts'
import { keys, type Key } from '../table/keys.ts'
import type { Table, Write } from '../table/table.ts'
import type { Cell, Model, Row, Written } from './define.ts'

/**
 * Places in a space that rows share: a cell of it holds who has each of its parts. Unlike a guard, a cell may be shared
 * by rows that take different parts of it, and costs one item whatever it holds: a chassis of 40 units, both faces,
 * still fits a transaction.
 */
const CellItem = z.object({ version: z.number(), parts: z.record(z.string(), z.number()) })
type CellState = z.infer<typeof CellItem>

type Sources = { table: Table }

/** What each write does to the cells, and what is taken already, in the order of the writes. */
export async function cellWrites(
  { table }: Sources,
  model: Model,
  written: readonly Written[],
): Promise<{ writes: Write[]; issues: Issue[] }[]> {
  const none = written.map(() => ({ writes: [], issues: [] }))
  if (model.cells === undefined) return none
  const places = written.map((one) => placesOf(model, one))
  const wanted = new Map(places.flat().map(({ key }) => [key.pk, key]))
  if (wanted.size === 0) return none
  const found = await table.getMany(CellItem, [...wanted.values()])
  const states = new Map([...wanted.keys()].map((pk, index) => [pk, found[index]]))
  return places.map((changes) => applyChanges(states, changes))
}

/** What rows give up when they are deleted, in their order. */
export async function cellReleases(
  sources: Sources,
  rows: readonly { model: Model; row: Row }[],
): Promise<Write[][]> {
  const releases = new Map<Row, Write[]>()
  for (const [model, group] of Map.groupBy(rows, (one) => one.model)) {
    const written = group.map(({ row }) => ({ before: row, after: undefined }))
    const found = await cellWrites(sources, model, written)
    for (const [index, { row }] of group.entries()) releases.set(row, found[index]?.writes ?? [])
  }
  return rows.map(({ row }) => releases.get(row) ?? [])
}

type Change = { key: Key; cell: Cell; owner: number; isTaken: boolean }

/** What the row gives up, then what it takes. */
function placesOf(model: Model, { before, after }: Written): Change[] {
  const owner = after?.id ?? before?.id ?? 0
  const changesOf = (row: Written['after'], isTaken: boolean): Change[] =>
    (row === undefined ? [] : (model.cells?.(row) ?? [])).map((cell) => ({
      key: keys.cell(model.name, cell.space, cell.values.map(String)),
      cell,
      owner,
      isTaken,
    }))
  return before === after ? [] : [...changesOf(before, false), ...changesOf(after, true)]
}

/** Later rows of the same request see what earlier ones leave, so that they may share a transaction. */
function applyChanges(
  states: Map<string, CellState | undefined>,
  changes: readonly Change[],
): { writes: Write[]; issues: Issue[] } {
  const parts = new Map<string, { key: Key; parts: Record<string, number> }>()
  const issues = new Map<string, Issue>()
  for (const { key, cell, owner, isTaken } of changes) {
    const entry = parts.get(key.pk) ?? { key, parts: { ...states.get(key.pk)?.parts } }
    parts.set(key.pk, entry)
    for (const part of cell.parts) {
      const holder = entry.parts[part]
      if (!isTaken && holder === owner) delete entry.parts[part]
      if (!isTaken) continue
      if (holder !== undefined && holder !== owner)
        issues.set(`${cell.field}\n${cell.message}`, { path: cell.field, message: cell.message })
      entry.parts[part] = owner
    }
  }
  if (issues.size > 0) return { writes: [], issues: [...issues.values()] }
  const writes = [...parts.values()].flatMap((entry) => writeOf(states, entry))
  return { writes, issues: [] }
}

function writeOf(
  states: Map<string, CellState | undefined>,
  { key, parts }: { key: Key; parts: Record<string, number> },
): Write[] {
  const state = states.get(key.pk)
  if (JSON.stringify(sorted(parts)) === JSON.stringify(sorted(state?.parts ?? {}))) return []
  const next = { version: (state?.version ?? 0) + 1, parts }
  states.set(key.pk, next)
  const put = { ...key, ...next }
  return state === undefined
    ? [{ put, ifAbsent: 'version_conflict' }]
    : [{ put, ifVersion: state.version, otherwise: 'version_conflict' }]
}

const sorted = (parts: Record<string, number>): [string, number][] =>
  Object.entries(parts).sort(([a], [b]) => a.localeCompare(b))
