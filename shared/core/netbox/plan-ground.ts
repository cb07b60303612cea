import { deviceRole } from '../../dcim/models/device-role.ts'
import { deviceType } from '../../dcim/models/device-type.ts'
import { manufacturer } from '../../dcim/models/manufacturer.ts'
import { platform } from '../../dcim/models/platform.ts'
import { site } from '../../dcim/models/site.ts'
import { tag } from '../../extras/models/tag.ts'
import type { Model, Row } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import { engineWith } from './overlay.ts'
import { planModel, type Planned, type PlanOptions } from './plan-model.ts'
import type { GoodUpstream, Named } from './upstream.ts'

/** What devices refer to: by the names of the fields of a device, and `manufacturer` of its type. */
type Kind = 'tags' | 'manufacturer' | 'platform' | 'site' | 'role' | 'device_type'

type Reference = Named & { within?: number | undefined }
type Resolved = { id: number } | { problem: string }

/** Ids of what devices refer to, there or planned. */
export type Ground = {
  /** With what is planned in its place. */
  engine: Engine
  planned: { model: Model; rows: Planned[] }[]
  find: (kind: Kind, one: Reference) => Resolved
}

type Step = {
  kind: Kind
  model: Model
  named: 'name' | 'model'
  wanted: (device: GoodUpstream, find: Ground['find']) => readonly Reference[]
}

/** In the order in which they are written: types after their manufacturers. */
const steps: readonly Step[] = [
  { kind: 'tags', model: tag, named: 'name', wanted: ({ tags }) => tags },
  { kind: 'manufacturer', model: manufacturer, named: 'name', wanted: (device) => [device.manufacturer] },
  {
    kind: 'platform',
    model: platform,
    named: 'name',
    wanted: (device) => (device.platform === undefined ? [] : [device.platform]),
  },
  { kind: 'site', model: site, named: 'name', wanted: (device) => [device.site] },
  { kind: 'role', model: deviceRole, named: 'name', wanted: (device) => [device.role] },
  {
    kind: 'device_type',
    model: deviceType,
    named: 'model',
    wanted: (device, find) => {
      const made = find('manufacturer', device.manufacturer)
      return 'id' in made ? [{ ...device.deviceType, within: made.id }] : []
    },
  },
]

/** The models that a sync writes beside devices. */
export const groundModels: readonly Model[] = steps.map(({ model }) => model)

/**
 * Plans what devices refer to and is not there. What has the slug is taken, else what has the name; it stays as it is.
 */
export async function planGround(
  engine: Engine,
  devices: readonly GoodUpstream[],
  options: Pick<PlanOptions, 'actor'>,
): Promise<Ground> {
  const places = new Map<string, Resolved>()
  const ground: Ground = {
    engine,
    planned: [],
    find: (kind, one) => places.get(keyOf(kind, one)) ?? { problem: 'it was not planned' },
  }
  for (const { kind, model, named, wanted } of steps) {
    const catalog = ground.engine.catalogs.of(model)
    await catalog.refresh()
    const known = indexOf(catalog.rows.values(), named)
    const missing = new Map<string, Reference>()
    for (const one of devices.flatMap((device) => wanted(device, ground.find))) {
      const key = keyOf(kind, one)
      if (places.has(key) || missing.has(key)) continue
      const id = known(one)
      if (id === undefined) missing.set(key, one)
      else places.set(key, { id })
    }
    const rows = Array.from(missing.values(), (one) => ({
      display: one.name,
      upstreamId: null,
      cells: {
        [named]: one.name,
        slug: one.slug,
        ...(one.within === undefined ? {} : { manufacturer: one.within }),
      },
    }))
    const planned = await planModel(ground.engine, model, rows, { ...options, mode: 'skip_bad' })
    for (const [at, key] of [...missing.keys()].entries()) places.set(key, resolvedOf(model, planned[at]))
    ground.planned.push({ model, rows: planned })
    ground.engine = engineWith(ground.engine, model, afterOf(planned))
  }
  return ground
}

function resolvedOf(model: Model, planned: Planned | undefined): Resolved {
  if (planned?.objectId !== undefined && planned.issues.length === 0) return { id: planned.objectId }
  return { problem: planned?.issues[0]?.message ?? `the ${model.label.toLowerCase()} cannot be made` }
}

const afterOf = (planned: readonly Planned[]): Row[] =>
  planned.flatMap(({ entry, status }) => (status === 'create' && entry.after ? [entry.after] : []))

const keyOf = (kind: Kind, { slug, within = 0 }: Reference): string => `${kind} ${within} ${slug}`

/** Finds by the slug, else by the name in any case; types within their manufacturer. */
function indexOf(rows: Iterable<Row>, named: string): (one: Reference) => number | undefined {
  const slugs = new Map<string, number>()
  const names = new Map<string, number>()
  for (const row of rows) {
    const within = typeof row['manufacturer'] === 'number' && named === 'model' ? row['manufacturer'] : 0
    slugs.set(`${within} ${String(row['slug'])}`, row.id)
    names.set(`${within} ${String(row[named]).toLowerCase()}`, row.id)
  }
  return ({ name, slug, within = 0 }) =>
    slugs.get(`${within} ${slug}`) ?? names.get(`${within} ${name.toLowerCase()}`)
}
