import { AppError } from '../../shared/errors.ts'
import { findChange, listChanges } from '../../shared/core/changes.ts'
import type { changeRoutes } from '../../shared/core/routes.ts'
import { showChange } from '../../shared/core/show-change.ts'
import { pageLinks } from '../../shared/http/paging.ts'
import type { Handlers } from '../../shared/http/route.ts'
import { readPage } from '../../shared/model/query.ts'
import type { Deps } from './deps.ts'

const dateOf = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text)

/** Who changed what, for each area that answers it. */
export const changeHandlers = (deps: Deps): Handlers<typeof changeRoutes> => ({
  listChanges: async ({ query, request }) => {
    const { page } = readPage(request.query)
    const filter = {
      model: query.changed_object_type,
      objectId: query.changed_object_id,
      action: query.action,
      username: query.user_name,
      userId: query.user_id,
      requestId: query.request_id,
      after: dateOf(query.time_after),
      before: dateOf(query.time_before),
    }
    const { changes, count, isWhole } = await listChanges(deps.engine, filter, page)
    if (!isWhole && page.offset + page.limit > count) {
      throw new AppError(
        'validation_failed',
        'There are too many changes to look through: narrow the filters.',
      )
    }
    const shown = changes.map((change) => showChange(request.links, change))
    return { count, ...pageLinks(request, { count, page }), results: shown }
  },
  getChange: async ({ params, request }) => {
    const change = await findChange(deps.engine, params.id)
    if (change === undefined) throw new AppError('not_found', `There is no change with the id ${params.id}.`)
    return showChange(request.links, change)
  },
})
