import * as z from 'zod'
import { device } from '../../dcim/models/device.ts'
import { applyPart } from '../../imports/apply-part.ts'
import type { ImportIssue } from '../../imports/issues.ts'
import type { Model } from '../../model/define.ts'
import type { Engine, WriteOptions } from '../../model/engine.ts'
import { writeLinks } from './links.ts'
import { issueOf, isWritten, rowsOf, type Planned } from './plan-model.ts'
import type { Source, SyncPlan } from './plan-sync.ts'

/** What a sync has written so far; over all invocations it is kept with the job. */
export const Written = z.object({
  created: z.int(),
  changed: z.int(),
  set_offline: z.int(),
  /** What devices refer to, by model. */
  related: z.record(z.string(), z.int()),
})
export type Written = z.infer<typeof Written>
export const nothing: Written = { created: 0, changed: 0, set_offline: 0, related: {} }

/** Rows that are written, and noted as written, at once. */
const partRows = 500

export type Applying = {
  source: Source
  plan: SyncPlan
  options: WriteOptions
  hasTime: () => boolean
  /** Called after each part. @throws AppError `job_finished` to stop. */
  note: (more: Written) => Promise<void>
}

/**
 * Writes what is planned, until all is done or the time is up. What is written is found as such by the next plan.
 * @throws AppError `parent_changed`, `write_conflict`, `unavailable`: plan and call it again.
 */
export async function applySync(
  engine: Engine,
  { source, plan, options, hasTime, note }: Applying,
): Promise<{ isDone: boolean; failures: ImportIssue[] }> {
  const failures: ImportIssue[] = []
  /** @returns those that could be written. */
  const write = async <P extends Planned>(model: Model, planned: readonly P[]): Promise<P[]> => {
    if (planned.length === 0) return []
    const { failures: failed } = await applyPart(engine, model, { rows: rowsOf(planned), options })
    const bad = new Set(failed.map(({ index }) => index))
    for (const issue of failed) {
      const one = planned[issue.index ?? -1]
      if (one !== undefined) failures.push(issueOf(model, one.wanted, issue))
    }
    return planned.filter((_, index) => !bad.has(index))
  }
  for (const { model, rows } of plan.ground) {
    const made = await write(model, rows.filter(isWritten))
    if (made.length > 0) await note({ ...nothing, related: { [model.name]: made.length } })
  }
  for (let from = 0; from < plan.devices.length; from += partRows) {
    if (!hasTime()) return { isDone: false, failures }
    const part = plan.devices.slice(from, from + partRows)
    const good = await write(device, part.filter(isWritten))
    await writeLinks(engine, source, newLinks(plan, part, good))
    if (good.length > 0) await note(countsOf(good))
  }
  return { isDone: true, failures }
}

const countsOf = (good: readonly SyncPlan['devices'][number][]): Written => ({
  created: good.filter(({ status }) => status === 'create').length,
  changed: good.filter(({ status, wanted }) => status === 'change' && !wanted.isGone).length,
  set_offline: good.filter(({ wanted }) => wanted.isGone).length,
  related: {},
})

/** Of devices that are there now and were not known by their id. */
function newLinks(
  { links }: SyncPlan,
  part: SyncPlan['devices'],
  good: SyncPlan['devices'],
): [upstreamId: number, deviceId: number][] {
  return part.flatMap((one): [number, number][] => {
    const { objectId, status, wanted } = one
    const isThere = status === 'unchanged' || good.includes(one)
    if (objectId === undefined || !isThere || links.get(wanted.upstreamId) === objectId) return []
    return [[wanted.upstreamId, objectId]]
  })
}

export const sumOf = (a: Written, b: Written): Written => {
  const related = { ...a.related }
  for (const [model, count] of Object.entries(b.related)) related[model] = (related[model] ?? 0) + count
  return {
    created: a.created + b.created,
    changed: a.changed + b.changed,
    set_offline: a.set_offline + b.set_offline,
    related,
  }
}
