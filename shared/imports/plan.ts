import * as z from 'zod'
import { changedFields } from '../model/change.ts'
import type { Model } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { sealSecrets } from '../model/prepare.ts'
import type { ObjectStore } from '../objects.ts'
import { lineStatuses, type Entry, type LineStatus } from './entries.ts'
import type { ImportIssue } from './issues.ts'
import type { Validated } from './validate.ts'

/** One object to make or change. A change says the version it was planned on, and what the fields were. */
export const PlannedRow = z.object({
  index: z.int(),
  line: z.int(),
  id: z.int(),
  values: z.record(z.string(), z.unknown()),
  change: z.object({ version: z.int(), before: z.record(z.string(), z.unknown()) }).optional(),
})
export type PlannedRow = z.infer<typeof PlannedRow>
const PlannedRows = z.array(PlannedRow)

/** How much one part holds: what is noted as done, and done again after a crash. */
const partRows = 500

/** Parts by level: those of one level may be written in any order, after those of the level before. */
export const PlanManifest = z.object({ prefix: z.string(), levels: z.array(z.int()), rows: z.int() })
export type PlanManifest = z.infer<typeof PlanManifest>

const partKey = (prefix: string, part: number): string => `${prefix}${String(part).padStart(6, '0')}.json`

/** Writes what is to be done below `prefix`. Ids are fixed in it, so that carrying it out twice makes nothing twice. */
export async function writePlan(
  { engine, work }: { engine: Engine; work: ObjectStore },
  model: Model,
  {
    levels,
    statuses,
    prefix,
  }: { levels: readonly (readonly Entry[])[]; statuses: readonly LineStatus[]; prefix: string },
): Promise<PlanManifest> {
  const manifest: PlanManifest = { prefix, levels: [], rows: 0 }
  let part = 0
  for (const level of levels) {
    const planned = level
      .filter(({ index }) => statuses[index] === 'create' || statuses[index] === 'change')
      .map(plannedRow)
    for (let start = 0; start < planned.length; start += partRows) {
      const rows = planned.slice(start, start + partRows)
      for (const { values } of rows) await sealSecrets(engine, model, values)
      await work.put(partKey(prefix, part), JSON.stringify(rows), { contentType: 'application/json' })
      part += 1
    }
    manifest.levels.push(Math.ceil(planned.length / partRows))
    manifest.rows += planned.length
  }
  return manifest
}

/** What is to be written of an entry that was validated. */
export function plannedRow({ index, line, before, after, objectId }: Entry): PlannedRow {
  if (after === undefined || objectId === undefined) throw new Error(`row ${index} has no object`)
  const { id: _id, version: _version, created: _created, last_updated: _updated, ...values } = after
  if (before === undefined) return { index, line, id: objectId, values }
  const names = changedFields(before, after)
  const pick = (row: Record<string, unknown>) =>
    Object.fromEntries(names.map((name) => [name, row[name] ?? null]))
  return {
    index,
    line,
    id: objectId,
    values: pick(values),
    change: { version: before.version, before: pick(before) },
  }
}

export async function readPart(work: ObjectStore, prefix: string, part: number): Promise<PlannedRow[]> {
  const bytes = await work.get(partKey(prefix, part))
  if (bytes === undefined) throw new Error(`part ${part} of the plan is gone`)
  return PlannedRows.parse(JSON.parse(new TextDecoder().decode(bytes)))
}

/** What the check of a file found: the status of each row, in one letter, and all that is wrong. */
const Outcome = z.object({
  statuses: z.string(),
  issues: z.array(z.custom<ImportIssue>((value) => typeof value === 'object' && value !== null)),
})
export type Outcome = { statuses: LineStatus[]; issues: ImportIssue[] }

const letters = Object.fromEntries(lineStatuses.map((status, at) => [status, String(at)])) as Record<
  LineStatus,
  string
>

export async function writeOutcome(
  work: ObjectStore,
  key: string,
  { statuses, issues }: Outcome,
): Promise<void> {
  const text = JSON.stringify({ statuses: statuses.map((status) => letters[status]).join(''), issues })
  await work.put(key, text, { contentType: 'application/json' })
}

export async function readOutcome(work: ObjectStore, key: string): Promise<Outcome> {
  const bytes = await work.get(key)
  if (bytes === undefined) throw new Error(`the outcome ${key} is gone`)
  const { statuses, issues } = Outcome.parse(JSON.parse(new TextDecoder().decode(bytes)))
  return { statuses: Array.from(statuses, (letter) => lineStatuses[Number(letter)] ?? 'error'), issues }
}

export function outcomeOf({ fileIssues, entries, statusOf }: Validated): Outcome {
  return {
    statuses: entries.map(statusOf),
    issues: [...fileIssues, ...entries.flatMap(({ issues }) => issues)],
  }
}
