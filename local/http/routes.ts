import type { RouteResource } from '../template/resources.ts'

export type RouteMatch = { route: RouteResource; parameters: Record<string, string> }

/**
 * Picks a route as an HTTP API does: a full match before a greedy one, a longer path before a shorter,
 * the method before ANY, `$default` last (API Gateway developer guide, routing API requests).
 */
export function findRoute(
  routes: readonly RouteResource[],
  method: string,
  path: string,
): RouteMatch | undefined {
  const candidates = routes.flatMap((route) => {
    const parsed = parseKey(route.routeKey)
    if (parsed === undefined || (parsed.method !== 'ANY' && parsed.method !== method)) return []
    const parameters = match(parsed.pattern, segments(path))
    return parameters === undefined ? [] : [{ route, parameters, rank: rankOf(parsed) }]
  })
  const [best] = candidates.toSorted((a, b) => (a.rank < b.rank ? 1 : -1))
  if (best !== undefined) return { route: best.route, parameters: best.parameters }
  const fallback = routes.find(({ routeKey }) => routeKey === '$default')
  return fallback === undefined ? undefined : { route: fallback, parameters: {} }
}

type ParsedKey = { method: string; pattern: string[] }

function parseKey(routeKey: string): ParsedKey | undefined {
  const [method, path] = routeKey.split(' ')
  return method === undefined || path === undefined ? undefined : { method, pattern: segments(path) }
}

function segments(path: string): string[] {
  return path.split('/').slice(1)
}

function match(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {}
  for (const [position, part] of pattern.entries()) {
    const value = path[position]
    const greedy = /^\{(\w+)\+\}$/.exec(part)?.[1]
    if (greedy !== undefined) {
      const rest = path.slice(position).join('/')
      // A greedy parameter stands for at least one character.
      return rest === '' ? undefined : { ...parameters, [greedy]: rest }
    }
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    if (value === undefined || (name === undefined ? part !== value : value === '')) return undefined
    if (name !== undefined) parameters[name] = value
  }
  return pattern.length === path.length ? parameters : undefined
}

/** Compared as text: literal parts beat parameters, parameters beat greedy ones, a method beats ANY. */
function rankOf({ method, pattern }: ParsedKey): string {
  const kinds = pattern.map((part) => (part.endsWith('+}') ? '1' : part.startsWith('{') ? '2' : '3'))
  return `${kinds.join('')}${method === 'ANY' ? '0' : '9'}`
}
