import { AppError } from '../errors.ts'
import type { Model } from '../model/define.ts'
import { matchRows, type Sources } from '../model/listing.ts'
import type { Query } from '../model/query.ts'
import { bulkRowsMax, type HttpRequest } from './request.ts'

/** How many objects the caller believes the filters to match. */
const guardParameter = 'expect_count'

/** Whether a write on a list says by filters, and not by ids in its body, what it is about. */
export const isByFilter = ({ method, query }: HttpRequest): boolean =>
  (method === 'PATCH' || method === 'DELETE') && [...query.keys()].some((name) => name !== 'format')

/**
 * What the filters match, each with its version: a row that someone changes meanwhile is refused, not overwritten.
 * @throws AppError `validation_failed` without a filter or without `expect_count`; `count_mismatch` with the real
 * `count`; `too_large` above the rows of one request. Nothing has been written then.
 */
export async function filteredTargets(
  sources: Sources,
  model: Model,
  request: HttpRequest,
): Promise<{ id: number; version: number }[]> {
  if (request.method === 'DELETE' && request.body.length > 0) {
    throw new AppError('validation_failed', 'Either filters or a body say what to delete, not both.')
  }
  const expected = expectedCount(request.query)
  const filters = new Map([...request.query].filter(([name]) => name !== guardParameter))
  const rows = await matchRows(sources, model, filters)
  const count = rows.length
  if (count !== expected) {
    const detail = `The filters match ${count} objects, not ${expected}: nothing was changed.`
    throw new AppError('count_mismatch', detail, { extra: { count } })
  }
  if (count > bulkRowsMax) {
    const detail = `The filters match ${count} objects; at most ${bulkRowsMax} are changed at once: narrow them.`
    throw new AppError('too_large', detail, { extra: { count } })
  }
  return rows.map(({ id, version }) => ({ id, version }))
}

function expectedCount(query: Query): number {
  const texts = query.get(guardParameter) ?? []
  const [text = ''] = texts
  if (texts.length === 1 && /^\d{1,9}$/.test(text)) return Number(text)
  const message =
    texts.length === 0
      ? `A change by filters needs ${guardParameter}: how many objects they are to match.`
      : 'A whole number is expected, once.'
  throw new AppError('validation_failed', message, { issues: [{ path: guardParameter, message }] })
}

/** Values that all the objects get: one object, about no object in particular. */
export function sharedValues(body: unknown): Record<string, never> {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new AppError(
      'validation_failed',
      'One object is expected: the values that all matched objects get.',
    )
  }
  const own = ['id', '_version'].filter((name) => Object.hasOwn(body, name))
  if (own.length > 0) {
    const message = 'The filters say which objects are meant.'
    throw new AppError('validation_failed', message, {
      issues: own.map((path) => ({ path, message })),
    })
  }
  // Checked against the model's own schema when it is written.
  return body as Record<string, never>
}
