import { readPage, type Page } from '../model/query.ts'
import { pluginPrefix } from './area.ts'
import type { HttpRequest } from './request.ts'

/**
 * `next` and `previous` of a page, absolute, with the same filters and below the prefix that was asked for.
 * The limit in them is the capped one: pynetbox computes with the length of the first page.
 */
export function pageLinks(
  request: HttpRequest,
  { count, page }: { count: number; page: Page },
): { next: string | null; previous: string | null } {
  const { limit, offset } = page
  return {
    next: offset + limit < count ? linkTo(request, limit, offset + limit) : null,
    previous: offset > 0 ? linkTo(request, limit, Math.max(0, offset - limit)) : null,
  }
}

/** One page of what an operation found, as a list of the API. */
export function pageOf<T, S>(
  request: HttpRequest,
  found: readonly T[],
  show: (one: T) => S,
): { count: number; next: string | null; previous: string | null; results: S[] } {
  const { page } = readPage(request.query)
  const count = found.length
  const members = found.slice(page.offset, page.offset + page.limit)
  return { count, ...pageLinks(request, { count, page }), results: members.map(show) }
}

function linkTo({ links, path, query }: HttpRequest, limit: number, offset: number): string {
  const parameters = new URLSearchParams()
  for (const [name, texts] of query) {
    if (name !== 'limit' && name !== 'offset') for (const text of texts) parameters.append(name, text)
  }
  parameters.set('limit', String(limit))
  if (offset > 0) parameters.set('offset', String(offset))
  const withSlash = path.endsWith('/') ? path : `${path}/`
  return `${links.origin}${withSlash}?${parameters.toString()}`
}

export const isPluginPath = (path: string): boolean => path.startsWith(pluginPrefix)
