import { AppError } from '../errors.ts'
import { readPage, rejectQuery } from '../model/query.ts'
import type { AbsentPlace } from './absent.ts'
import type { HttpRequest, Reply } from './request.ts'

const reading = ['GET', 'HEAD', 'OPTIONS']

/**
 * Answers for what NetBox has and netkeep does not, so that its clients work: a list is empty, whatever filter is given
 * (no filter can change that, so none is refused), an object is not there, and a write is refused with the reason.
 * @throws AppError `not_found`, `method_not_allowed`, `validation_failed` for a page that is none.
 */
export function replyForAbsent(place: AbsentPlace, request: HttpRequest): Reply {
  if (place.kind === 'part') throw new AppError('not_found', place.why)
  if (!reading.includes(request.method)) {
    const detail = place.kind === 'area' ? undefined : place.list.why
    throw new AppError('method_not_allowed', detail, { extra: { allow: [...reading].sort() } })
  }
  if (place.kind === 'object') throw new AppError('not_found', place.list.why)
  if (place.kind === 'area') {
    const { origin } = request.links
    const links = place.lists.map(({ area, path }) => [path, `${origin}/api/${area}/${path}/`])
    return { status: 200, body: Object.fromEntries(links) }
  }
  if (request.method === 'OPTIONS') return replyOptions(place.list.path, place.list.why)
  rejectQuery([], readPage(request.query).issues)
  return { status: 200, body: { count: 0, next: null, previous: null, results: [] } }
}

const replyOptions = (path: string, why: string): Reply => ({
  status: 200,
  headers: { allow: [...reading].sort().join(', ') },
  body: { name: path, description: why, renders: ['application/json'], parses: [], actions: {} },
})
