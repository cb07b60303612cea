import { changedFields, type Actor } from '../model/change.ts'
import { permissionOf, type Model, type Row } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { examine, type Draft } from '../model/prepare.ts'
import { targetsOf } from '../model/references.ts'
import { guardsOf } from '../model/writes.ts'
import { complain, isBad, type Entry, type LineStatus } from './entries.ts'
import { identifyRows } from './identify.ts'
import type { ImportIssue, IssueCode } from './issues.ts'
import type { ImportMode } from './modes.ts'
import { tableWith } from './overlay.ts'
import { headerIssues, noRows, readRows } from './read-rows.ts'
import { createResolver } from './references.ts'
import { levelsOf, resolveRows, settleReferences } from './resolve-rows.ts'
import type { Source } from './source.ts'

export type Validated = {
  /** About the file as a whole: nothing of it is written then. */
  fileIssues: ImportIssue[]
  entries: Entry[]
  levels: Entry[][]
  statusOf: (entry: Entry) => LineStatus
}

/**
 * One pass over a file that finds everything wrong with every row, and what each row is to make. Nothing is written.
 * The cost goes with the file, not with the table: keys and unique values are read in batches, names of references
 * are looked up in memory.
 */
export async function validateRows(
  engine: Engine,
  model: Model,
  { source, mode, actor }: { source: Source; mode: ImportMode; actor: Pick<Actor, 'userId'> },
): Promise<Validated> {
  const fileIssues = [
    ...noRows(source),
    ...source.issues.filter(({ index }) => index === null),
    ...headerIssues(engine.registry, model, source),
  ]
  const rows = readRows(engine.registry, model, source)
  const entries = rows.map(({ entry }) => entry)
  await Promise.all(
    targetsOf(engine.registry, model, () => true).map((name) =>
      engine.catalogs.of(engine.registry.get(name)).refresh(),
    ),
  )
  const file = { model, rows: new Map(entries.map(({ index, values }) => [index, values])) }
  resolveRows(engine.registry, model, createResolver(engine, file), rows)
  const levels = levelsOf(entries)
  for (const level of levels) {
    settleReferences(entries, level)
    await identifyRows(engine, model, { level, actor })
  }
  findRepeated(model, entries)
  const statusOf = (entry: Entry): LineStatus => statusIn(mode, entry)
  await applyRules(
    engine,
    model,
    entries.filter((entry) => ['create', 'change'].includes(statusOf(entry))),
  )
  return { fileIssues, entries, levels, statusOf }
}

function statusIn(mode: ImportMode, entry: Entry): LineStatus {
  if (isBad(entry) || entry.after === undefined) return 'error'
  if (entry.before === undefined) return 'create'
  if (mode === 'only_new') return 'skipped'
  return changedFields(entry.before, entry.after).length > 0 ? 'change' : 'unchanged'
}

/** Rows about one object, or with one unique value: the later one is told which the earlier is. */
function findRepeated(model: Model, entries: readonly Entry[]): void {
  const objects = new Map<number, Entry>()
  const values = new Map<string, Entry>()
  for (const entry of entries) {
    const { objectId, before, after } = entry
    if (after === undefined || objectId === undefined) continue
    const same = before === undefined ? undefined : objects.get(objectId)
    if (same !== undefined)
      complain(entry, repeated(null, `This row is about the same object as the one on line ${same.line}.`))
    else objects.set(objectId, entry)
    for (const { key, fields } of guardsOf(model, after)) {
      const earlier = values.get(key.pk)
      if (earlier === undefined) values.set(key.pk, entry)
      else if (earlier !== same)
        complain(
          entry,
          repeated(
            fields.at(-1) ?? null,
            `The row on line ${earlier.line} has this ${fields.join(' and ')} already.`,
          ),
        )
    }
  }
}

const repeated = (column: string | null, message: string) =>
  ({ column, code: 'duplicate_in_file', message }) as const

/** The model's own rules and the unique values that others hold, for all rows together. */
async function applyRules(engine: Engine, model: Model, entries: readonly Entry[]): Promise<void> {
  const drafts: Draft[] = []
  const byIndex = new Map<number, Entry>()
  const afters: Row[] = []
  for (const entry of entries) {
    const { index, before, after } = entry
    if (after === undefined) continue
    drafts.push({ place: { index }, before, after })
    byIndex.set(index, entry)
    afters.push(after)
  }
  const planned = { ...engine, table: tableWith(engine.table, model, afters) }
  const { problems } = await examine(planned, model, drafts)
  for (const { place, code, issues } of problems) {
    const entry = 'index' in place ? byIndex.get(place.index) : undefined
    for (const { path, message } of issues)
      if (entry !== undefined)
        complain(entry, {
          column: path === '' ? null : (path.split('.')[0] ?? null),
          code: codes[code] ?? 'rule',
          message,
        })
  }
  // What follows from other fields is filled in by then.
  for (const draft of drafts) {
    const entry = 'index' in draft.place ? byIndex.get(draft.place.index) : undefined
    if (entry !== undefined) entry.after = draft.after
  }
}

const codes: Partial<Record<string, IssueCode>> = {
  duplicate: 'duplicate',
  reference_missing: 'reference_not_found',
}

/** What a caller must be allowed to give a file of this model. */
export const importPermissions = (model: Model, mode: ImportMode) =>
  mode === 'only_new'
    ? [permissionOf(model, 'add')]
    : [permissionOf(model, 'add'), permissionOf(model, 'change')]
