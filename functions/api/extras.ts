import { extrasArea } from '../../shared/extras/area.ts'
import { AppError } from '../../shared/errors.ts'
import { applyRule, findByRule } from '../../shared/extras/apply-tag-rule.ts'
import { customFieldChoiceSet } from '../../shared/extras/models/custom-field-choice-set.ts'
import { tagRule } from '../../shared/extras/models/tag-rule.ts'
import { showTested } from '../../shared/extras/show-tag-rule.ts'
import { pageOf } from '../../shared/http/paging.ts'
import { choicesOf } from '../../shared/model/custom-definition.ts'
import { permissionOf, type Row, type Verb } from '../../shared/model/define.ts'
import { getRow, noRow } from '../../shared/model/records.ts'
import type { Caller } from '../../shared/users/caller.ts'
import { changeHandlers } from '../lib/change-handlers.ts'
import type { Deps } from '../lib/deps.ts'
import { httpLambda } from '../lib/http.ts'

export const handler = httpLambda(extrasArea, (deps) => ({
  listChoices: async ({ params, query, request }) => {
    const set = await getRow(deps.engine, customFieldChoiceSet, params.id)
    if (set === undefined) throw new AppError('not_found', noRow(customFieldChoiceSet, params.id))
    const wanted = query.q?.toLowerCase() ?? ''
    const found = choicesOf(set).filter((choice) =>
      choice.some((text) => text.toLowerCase().includes(wanted)),
    )
    return pageOf(request, found, ([id, display]) => ({ id, display }))
  },
  testTagRule: async ({ params, body: { limit }, caller, request }) => {
    const rule = await readRule(deps, params.id)
    allowModel(deps, caller, rule, 'view')
    return showTested(deps.engine, request.links, await findByRule(deps.engine, rule), limit)
  },
  applyTagRule: async ({ params, body: { remove }, caller }) => {
    const rule = await readRule(deps, params.id)
    allowModel(deps, caller, rule, 'change')
    const message = `tag rule ${String(rule['name'])}`
    return applyRule(deps.engine, rule, { actor: caller, message, remove })
  },
  ...changeHandlers(deps),
}))

/** @throws AppError `not_found`. */
async function readRule({ engine }: Deps, id: number): Promise<Row> {
  const rule = await getRow(engine, tagRule, id)
  if (rule === undefined) throw new AppError('not_found', noRow(tagRule, id))
  return rule
}

/** A rule reaches into another model: the caller must be allowed there too. @throws AppError `forbidden`. */
function allowModel({ engine }: Deps, caller: Caller, rule: Row, verb: Verb): void {
  const permission = permissionOf(engine.registry.get(String(rule['object_type'])), verb)
  if (!caller.can(permission)) throw new AppError('forbidden', `This needs the permission ${permission}.`)
}
