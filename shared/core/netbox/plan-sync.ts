import { device } from '../../dcim/models/device.ts'
import type { Entry } from '../../imports/entries.ts'
import type { ImportIssue } from '../../imports/issues.ts'
import type { Actor } from '../../model/change.ts'
import type { Model, Row, RowOf } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import type { netboxSource } from '../models/netbox-source.ts'
import { readLinks } from './links.ts'
import { planGround, type Ground } from './plan-ground.ts'
import { changesOf, issueOf, planModel, type ObjectChange, type Planned, type Wanted } from './plan-model.ts'
import type { GoodUpstream, Upstream } from './upstream.ts'

export type Source = RowOf<typeof netboxSource>
type WantedDevice = Wanted & { upstreamId: number; isGone: boolean }

export type SyncPlan = {
  /** In the order in which they are written: devices last. */
  ground: Ground['planned']
  devices: Planned<WantedDevice>[]
  /** Devices of ours that NetBox does not list any more. */
  gone: { upstream_id: number; object_id: number; display: string }[]
  /** Of what comes from NetBox: device ids by upstream ids, where they are kept already. */
  links: ReadonlyMap<number, number>
  issues: ImportIssue[]
  changes: ObjectChange[]
}

/** What a sync would write. Nothing is written. */
export async function planSync(
  engine: Engine,
  {
    source,
    upstream,
    actor,
  }: { source: Source; upstream: readonly Upstream[]; actor: Pick<Actor, 'userId'> },
): Promise<SyncPlan> {
  const catalog = engine.catalogs.of(device)
  const [links] = await Promise.all([readLinks(engine, source), catalog.refresh()])
  const good = upstream.filter((one): one is GoodUpstream => one.problem === undefined)
  const ground = await planGround(engine, good, { actor })
  const issues = ground.planned.flatMap(({ rows }) => rows.flatMap((row) => row.issues))
  for (const one of upstream) if (one.problem !== undefined) issues.push(deviceIssue(one, one.problem))
  const ownId = (upstreamId: number): number | undefined => {
    const id = links.get(upstreamId)
    return id !== undefined && catalog.rows.has(id) ? id : undefined
  }
  const wanted = good.flatMap((one): WantedDevice[] => {
    const read = cellsOf(one, ground.find, ownId(one.id))
    if ('problem' in read) {
      issues.push(deviceIssue(one, read.problem))
      return []
    }
    return [{ display: one.display, upstreamId: one.id, isGone: false, cells: read.cells }]
  })
  const options = { mode: 'skip_bad', actor } as const
  const listed = await planModel(ground.engine, device, wanted, { ...options, settle: keepTags })
  const gone = goneOf(catalog.rows, links, { upstream, listed })
  const offline = source.gone === 'status' ? gone.map(offlineOf) : []
  const devices = [...listed, ...(await planModel(ground.engine, device, offline, options))]
  issues.push(...devices.flatMap((one) => one.issues))
  const all: { model: Model; rows: readonly Planned[] }[] = [
    ...ground.planned,
    { model: device, rows: devices },
  ]
  const changes = all.flatMap(({ model, rows }) => changesOf(ground.engine, model, rows))
  return { ground: ground.planned, devices, gone, links, issues, changes }
}

const deviceIssue = (one: Upstream, message: string): ImportIssue =>
  issueOf(
    device,
    { display: one.display, upstreamId: one.id },
    { column: null, code: 'reference_bad', message, suggestion: null },
  )

/** What NetBox leaves empty stays as it is here. @param id of the device that it is known to be. */
function cellsOf(
  one: GoodUpstream,
  find: Ground['find'],
  id: number | undefined,
): { cells: Record<string, unknown> } | { problem: string } {
  const made = find('manufacturer', one.manufacturer)
  if ('problem' in made) return made
  const found = {
    site: find('site', one.site),
    role: find('role', one.role),
    device_type: find('device_type', { ...one.deviceType, within: made.id }),
    ...(one.platform === undefined ? {} : { platform: find('platform', one.platform) }),
  }
  const tags = one.tags.map((tag) => find('tags', tag))
  const bad = [...Object.values(found), ...tags].find((resolved) => 'problem' in resolved)
  if (bad !== undefined && 'problem' in bad) return bad
  const idOf = (resolved: { id: number } | { problem: string }): number =>
    'id' in resolved ? resolved.id : 0
  const cells = {
    ...(id === undefined ? {} : { id }),
    ...(one.name === undefined ? {} : { name: one.name }),
    ...Object.fromEntries(Object.entries(found).map(([name, resolved]) => [name, idOf(resolved)])),
    status: one.status,
    ...(one.serial === '' ? {} : { serial: one.serial }),
    ...(one.assetTag === '' ? {} : { asset_tag: one.assetTag }),
    ...(one.address === '' ? {} : { management_address: one.address }),
    ...(tags.length === 0 ? {} : { tags: tags.map(idOf) }),
  }
  return { cells }
}

/** Tags of NetBox are added; those that a device has here, which schedules may go by, are not taken away. */
function keepTags({ before, after }: Entry): void {
  if (before === undefined || after === undefined) return
  const there = tagsOf(before)
  after['tags'] = [...there, ...tagsOf(after).filter((id) => !there.includes(id))]
}

const tagsOf = (row: Row): unknown[] => (Array.isArray(row['tags']) ? row['tags'] : [])

function goneOf(
  rows: ReadonlyMap<number, Row>,
  links: ReadonlyMap<number, number>,
  { upstream, listed }: { upstream: readonly Upstream[]; listed: readonly Planned[] },
): SyncPlan['gone'] {
  const ids = new Set(upstream.map(({ id }) => id))
  // A device that was made anew there under its old name is not gone.
  const kept = new Set(listed.map(({ objectId }) => objectId))
  return [...links].flatMap(([upstreamId, id]) => {
    const row = rows.get(id)
    if (ids.has(upstreamId) || kept.has(id) || row === undefined) return []
    return [{ upstream_id: upstreamId, object_id: id, display: String(row['name']) }]
  })
}

const offlineOf = ({ upstream_id, object_id, display }: SyncPlan['gone'][number]): WantedDevice => ({
  display,
  upstreamId: upstream_id,
  isGone: true,
  cells: { id: object_id, status: 'offline' },
})
