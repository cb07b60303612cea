import { AppError } from '../errors.ts'
import { permissionOf } from '../model/define.ts'
import { impactOf, type ImpactGroup } from '../model/impact.ts'
import { noSuch } from '../model/nearest.ts'
import { urlOf, type Links } from '../model/output.ts'
import { rejectQuery } from '../model/query.ts'
import { getRow, noRow } from '../model/records.ts'
import { displayOf } from '../model/rows.ts'
import type { Caller } from '../users/caller.ts'
import type { ModelCall } from './model-reads.ts'
import type { Reply } from './request.ts'

/** Answers `GET …/{id}/impact/`: what a deletion would refuse, take along and clear. */
export async function replyImpact({ engine, model, request, caller }: ModelCall, id: number): Promise<Reply> {
  const unknown = [...request.query.keys()].filter((name) => name !== 'format')
  rejectQuery(
    unknown.map((name) => ({ path: name, message: noSuch('parameter', name, ['format']) })),
    [],
  )
  const row = await getRow(engine, model, id)
  if (row === undefined) throw new AppError('not_found', noRow(model, id))
  const { problem, restricted, deleted, cleared, isComplete } = await impactOf(engine, model, row)
  const show = (groups: readonly ImpactGroup[]) =>
    groups.map((group) => showGroup(request.links, caller, group))
  return {
    status: 200,
    body: {
      object: {
        id,
        url: urlOf(request.links, model, id),
        display: displayOf(model, row),
      },
      deletable: problem === undefined,
      problem: problem ?? null,
      complete: isComplete,
      restricted: show(restricted),
      deleted: show(deleted),
      cleared: show(cleared),
    },
  }
}

/** Of what the caller may not see, how many there are and no more. */
function showGroup(links: Links, caller: Caller, { model, field, refersTo, count, rows }: ImpactGroup) {
  const named = caller.can(permissionOf(model, 'view')) ? rows : []
  return {
    type: model.name,
    label: model.labelPlural,
    field,
    refers_to: refersTo,
    count,
    objects: named.map((row) => ({
      id: row.id,
      url: urlOf(links, model, row.id),
      display: displayOf(model, row),
    })),
  }
}
