import type { Area } from './area.ts'
import type { Model } from '../model/define.ts'
import type { Route } from './route.ts'

/** What a path means in an area: operations by method, and perhaps a model's list or object. */
export type Match = {
  routes: { name: string; route: Route; params: Record<string, string> }[]
  model: Model | undefined
  /** Undefined for the list. */
  id: number | undefined
  /** What a deletion of the object would do, and not the object itself. */
  isImpact: boolean
  /** The area itself. */
  isRoot: boolean
}

/** Without the base and without slashes at its ends; undefined where the path is not of this area. */
function pathBelow(area: Pick<Area, 'bases'>, path: string): string | undefined {
  const base = area.bases.find((one) => path === one || path.startsWith(`${one}/`))
  return base === undefined ? undefined : path.slice(base.length).replace(/^\/+|\/+$/g, '')
}

/** Finds out what a path means; undefined where it means nothing. A missing slash at the end is tolerated. */
export function matchPath(area: Area, path: string): Match | undefined {
  const below = pathBelow(area, path)
  if (below === undefined) return undefined
  const routes = Object.entries(area.routes).flatMap(([name, route]) => {
    const params = matchRoute(route, below)
    return params === undefined ? [] : [{ name, route, params }]
  })
  // Words before placeholders: `/runs/latest/` is not the run of the id "latest".
  routes.sort((a, b) => placeholders(a.route) - placeholders(b.route))
  const [first = '', second, third, ...rest] = below.split('/')
  const isImpact = third === 'impact'
  const model =
    rest.length === 0 && (third === undefined || isImpact)
      ? area.models.find((one) => one.path === first)
      : undefined
  const isId = second !== undefined && /^[1-9]\d{0,15}$/.test(second)
  const named = model !== undefined && (second === undefined || isId) ? model : undefined
  const isRoot = below === '' && area.models.length > 0
  if (routes.length === 0 && named === undefined && !isRoot) return undefined
  return { routes, model: named, id: isId ? Number(second) : undefined, isImpact, isRoot }
}

const patterns = new WeakMap<Route, RegExp>()

const placeholders = ({ path }: Route): number => path.split('{').length

function matchRoute(route: Route, below: string): Record<string, string> | undefined {
  const known = patterns.get(route) ?? patternOf(route.path)
  patterns.set(route, known)
  const match = known.exec(below)
  if (match === null) return undefined
  try {
    return Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, text]) => [name, decodeURIComponent(text)]),
    )
  } catch {
    // A broken percent sign: no path of ours.
    return undefined
  }
}

function patternOf(path: string): RegExp {
  const parts = path.replace(/^\/|\/$/g, '').split('/')
  const sources = parts.map((part) => {
    const [, name, isGreedy] = /^\{(\w+)(\+)?\}$/.exec(part) ?? []
    if (name === undefined) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    return isGreedy === undefined ? `(?<${name}>[^/]+)` : `(?<${name}>.+)`
  })
  return new RegExp(`^${sources.join('/')}$`)
}
