import type * as z from 'zod'
import { orderOf, sortSlots } from '../catalog/order.ts'
import { viewOf, type View } from '../catalog/view.ts'
import { AppError } from '../errors.ts'
import { permissionOf, type Model } from '../model/define.ts'
import { refreshAll, type Sources } from '../model/listing.ts'
import { noSuch } from '../model/nearest.ts'
import { orderName, sortColumns } from '../model/ordering.ts'
import { urlOf, type Links } from '../model/output.ts'
import { displayOf } from '../model/rows.ts'
import type { Caller } from '../users/caller.ts'
import { matchesIn, ranks, type Match } from './match.ts'
import { readQuestion, type Question } from './question.ts'
import type { SearchAnswer } from './routes.ts'

/** What a network consists of. Users, runs and the like are found when they are asked for by their type. */
const searchedAreas: ReadonlySet<string> = new Set([
  'dcim',
  'virtualization',
  'ipam',
  'circuits',
  'wireless',
  'organization',
])

/** More than these are not sorted, but looked up in the order of all. */
const sortedMax = 500

type Group = z.input<typeof SearchAnswer>['groups'][number]
type Asked = { q: string; types: string | undefined; limit: number; caller: Caller; links: Links }

/**
 * Finds objects of every type the caller may see, the best first: what is called exactly so, what holds an address,
 * what begins so, what contains it. From memory, each model up to date with every write that had ended before.
 * @throws AppError `validation_failed` for a type that does not exist, `forbidden` for one the caller may not see.
 */
export async function search(
  sources: Sources,
  { q, types, limit, caller, links }: Asked,
): Promise<z.input<typeof SearchAnswer>> {
  const models = readTypes(sources, types, caller)
  await refreshAll(
    sources,
    models.map(({ name }) => name),
  )
  const question = readQuestion(q)
  const groups = models.flatMap((model) => groupOf(sources, model, { question, limit, links }))
  groups.sort((a, b) => a.best - b.best || b.group.count - a.group.count)
  return {
    q,
    count: groups.reduce((sum, { group }) => sum + group.count, 0),
    groups: groups.map(({ group }) => group),
  }
}

function readTypes({ registry }: Sources, types: string | undefined, caller: Caller): Model[] {
  const known = registry.all.filter(
    ({ search: fields, verbs }) => fields.length > 0 && verbs.includes('view'),
  )
  const mayView = (model: Model): boolean => caller.can(permissionOf(model, 'view'))
  if (types === undefined) return known.filter((model) => searchedAreas.has(model.area) && mayView(model))
  return [...new Set(types.split(','))].map((name) => {
    const model = known.find((one) => one.name === name)
    if (model === undefined) {
      const names = known.map((one) => one.name)
      const message = noSuch('type', name, names)
      throw new AppError('validation_failed', message, { issues: [{ path: 'types', message }] })
    }
    if (!mayView(model))
      throw new AppError('forbidden', `This needs the permission ${permissionOf(model, 'view')}.`)
    return model
  })
}

type Wanted = { question: Question; limit: number; links: Links }

function groupOf(
  sources: Sources,
  model: Model,
  { question, limit, links }: Wanted,
): { best: number; group: Group }[] {
  const view = viewOf(sources.catalogs.of(model))
  const found = matchesIn(view, model, question)
  if (found.size === 0) return []
  const objects = firstOf(sources, model, { view, found, limit }).flatMap(([slot, match]) => {
    const row = view.slots[slot]
    if (row === undefined) return []
    return [{ id: row.id, url: urlOf(links, model, row.id), display: displayOf(model, row), match }]
  })
  const best = ranks[objects[0]?.match ?? 'contains']
  return [{ best, group: { type: model.name, label: model.labelPlural, count: found.size, objects } }]
}

/** The best ones; equals in the order of their names, of what holds an address the narrowest first. */
function firstOf(
  sources: Sources,
  model: Model,
  { view, found, limit }: { view: View; found: ReadonlyMap<number, Match>; limit: number },
): [number, Match][] {
  const keys = [{ name: 'display', descending: false }]
  const columns = sortColumns(sources, model, keys)
  const slots =
    found.size <= sortedMax
      ? sortSlots(view, found.keys(), columns)
      : orderOf(view, orderName(keys), columns).filter((slot) => found.has(slot))
  const best: Record<Match, [number, Match][]> = { exact: [], holds: [], prefix: [], contains: [] }
  for (const slot of slots) {
    const match = found.get(slot)
    if (match !== undefined) best[match].push([slot, match])
  }
  return [...best.exact, ...best.holds.reverse(), ...best.prefix, ...best.contains].slice(0, limit)
}
