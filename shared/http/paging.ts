import { readPage, type Page } from '../model/query.ts'
import { pluginPrefix } from './area.ts'
import type { HttpRequest } from './request.ts'

/**
 * `next` and `previous` of a page, absolute, with the same filters and below the prefix that was asked for.
 * The limit in them is the capped one: pynetbox computes with the length of the first page. `next` also says where
 * this page ended, and that decides; the offset beside it tells a reader how far it is.
 */
export function pageLinks(
  request: HttpRequest,
  { count, page, after }: { count: number; page: Page; after?: string | undefined },
): { next: string | null; previous: string | null } {
  const { limit, offset } = page
  return {
    next: offset + limit < count ? linkTo(request, { limit, offset: offset + limit }, after) : null,
    previous: offset > 0 ? linkTo(request, { limit, offset: Math.max(0, offset - limit) }) : null,
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

function linkTo({ links, path, query }: HttpRequest, { limit, offset }: Page, after?: string): string {
  const parameters = new URLSearchParams()
  for (const [name, texts] of query) {
    if (name !== 'limit' && name !== 'offset' && name !== 'after')
      for (const text of texts) parameters.append(name, text)
  }
  parameters.set('limit', String(limit))
  if (offset > 0) parameters.set('offset', String(offset))
  if (after !== undefined) parameters.set('after', after)
  const withSlash = path.endsWith('/') ? path : `${path}/`
  return `${links.origin}${withSlash}?${parameters.toString()}`
}

export const isPluginPath = (path: string): boolean => path.startsWith(pluginPrefix)
