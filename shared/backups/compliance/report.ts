import type * as z from 'zod'
import { mapAhead } from '../../concurrency.ts'
import { platform } from '../../dcim/models/platform.ts'
import { site } from '../../dcim/models/site.ts'
import { pageOf } from '../../http/paging.ts'
import type { HttpRequest } from '../../http/request.ts'
import type { Engine } from '../../model/engine.ts'
import { rowsOf } from '../../model/rows-of.ts'
import { complianceShards, keys } from '../../table/keys.ts'
import type { ComplianceCounts, complianceRoutes, ShownFailure } from './routes.ts'
import { ruleSeverities, type RuleSeverity } from '../models/compliance-rule.ts'
import { isChosen, readDevices, readExceptions, readRules } from './current.ts'
import type { CheckedDevice, Exception, Rule } from './current.ts'
import { complianceKey, DeviceCompliance, listReader, outcomeMarks } from './records.ts'

/** The report: outcomes as they were stored, rules, exceptions and devices as they are now. No text is read. */

type Asked = z.output<(typeof complianceRoutes)['compliance']['query']>
type Counts = z.infer<typeof ComplianceCounts>
type Standing = keyof Counts
type Failing = { rule: Rule; exception: Exception | undefined }
/** Only what fails is kept of a device: the rest is counted. */
type DeviceStanding = { device: CheckedDevice; item: DeviceCompliance | undefined; rules: Failing[] }
type Standings = { devices: DeviceStanding[]; counts: ReadonlyMap<Rule, Counts> }

/** Up to so many devices are read one by one, beyond that all of them together. */
const readByKeyMax = 2000
const queriesAhead = 16

/** Every device that is asked for, by name, and for each rule how those stand that it is about. */
async function readStandings(engine: Engine, asked: Asked): Promise<Standings> {
  const rules = (await readRules(engine)).filter(
    ({ id, severity }) =>
      asked.rule_id?.includes(id) !== false && asked.severity?.includes(severity) !== false,
  )
  const devices = (await readDevices(engine))
    .filter(chosenBy(asked))
    .sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id)
  const [items, exceptionOf] = await Promise.all([
    readItems(engine, devices),
    readExceptions(engine, engine.now()),
  ])
  const placeOf = await readPlaces(engine, items)
  const counts = new Map(rules.map((rule) => [rule, noCounts()]))
  const standings = devices.map((device): DeviceStanding => {
    const item = items.get(device.id)
    const failing: Failing[] = []
    for (const [rule, count] of counts) {
      if (!isChosen(rule, device)) continue
      const place = item === undefined ? undefined : placeOf(item.rules, rule)
      const mark = place === undefined ? undefined : item?.outcomes[place]
      const exception = mark === outcomeMarks.failed ? exceptionOf(rule.id, device.id) : undefined
      const standing = item === undefined ? 'unchecked' : standingOf(mark, exception !== undefined)
      count[standing] += 1
      if (mark === outcomeMarks.failed) failing.push({ rule, exception })
    }
    return { device, item, rules: failing }
  })
  return { devices: standings, counts }
}

/** Where in a list of rules a rule stands; undefined where it is not in it, or in another version. */
async function readPlaces(
  { table }: Engine,
  items: ReadonlyMap<number, DeviceCompliance>,
): Promise<(hash: string, rule: Rule) => number | undefined> {
  const readList = listReader(table)
  const places = new Map<string, ReadonlyMap<string, number>>()
  for (const hash of new Set([...items.values()].map(({ rules }) => rules))) {
    const list = await readList(hash)
    places.set(hash, new Map(list?.rules.map(([id, version], at) => [`${id}.${version}`, at])))
  }
  return (hash, { id, version }) => places.get(hash)?.get(`${id}.${version}`)
}

function standingOf(mark: string | undefined, isExcepted: boolean): Standing {
  if (mark === outcomeMarks.passed) return 'passed'
  if (mark === outcomeMarks.failed) return isExcepted ? 'excepted' : 'failed'
  return mark === outcomeMarks.not_applicable ? 'not_applicable' : 'stale'
}

function chosenBy({ site_id, tag_id, platform_id }: Asked): (device: CheckedDevice) => boolean {
  const [sites, tags, platforms] = [site_id, tag_id, platform_id].map((list) => list && new Set(list))
  return ({ site: { id }, tagIds, platformId }) =>
    sites?.has(id) !== false &&
    (tags === undefined || tagIds.some((tag) => tags.has(tag))) &&
    (platforms === undefined || (platformId !== undefined && platforms.has(platformId)))
}

async function readItems(
  { table }: Engine,
  devices: readonly CheckedDevice[],
): Promise<Map<number, DeviceCompliance>> {
  if (devices.length <= readByKeyMax) {
    const found = await table.getMany(
      DeviceCompliance,
      devices.map(({ id }) => complianceKey(id)),
    )
    return new Map(found.flatMap((item) => (item === undefined ? [] : [[item.deviceId, item]])))
  }
  const items = new Map<number, DeviceCompliance>()
  const shards = Array.from({ length: complianceShards }, (_, shard) => shard)
  const parts = mapAhead(shards, queriesAhead, (shard) =>
    Array.fromAsync(table.query(DeviceCompliance, { partition: keys.complianceOf(shard) })),
  )
  for await (const part of parts) for (const item of part) items.set(item.deviceId, item)
  return items
}

const noCounts = (): Counts => ({
  passed: 0,
  failed: 0,
  excepted: 0,
  not_applicable: 0,
  stale: 0,
  unchecked: 0,
})

function sumOf(all: readonly Counts[]): Counts {
  const sum = noCounts()
  for (const counts of all)
    for (const standing of Object.keys(sum) as Standing[]) sum[standing] += counts[standing]
  return sum
}

const isFailing = ({ rules }: DeviceStanding): boolean =>
  rules.some(({ exception }) => exception === undefined)

/** All that fails in it is excepted. */
const isExcepted = (one: DeviceStanding): boolean => one.rules.length > 0 && !isFailing(one)

const groupOf = (members: readonly DeviceStanding[]) => ({
  devices: members.length,
  failing: members.filter(isFailing).length,
  excepted: members.filter(isExcepted).length,
})

type Names = ReadonlyMap<number, { name: string }>
type Failure = z.input<typeof ShownFailure>

/** What the report lists, all pages of it. */
type ComplianceReport = Standings & { listed: DeviceStanding[]; show: (one: DeviceStanding) => Failure }

export async function readReport(engine: Engine, asked: Asked): Promise<ComplianceReport> {
  const standings = await readStandings(engine, asked)
  const [sites, platforms] = await Promise.all([rowsOf(engine, site), rowsOf(engine, platform)])
  return {
    ...standings,
    listed: standings.devices.filter(asked.standing === 'failed' ? isFailing : isExcepted),
    show: (one) => showFailure(one, sites, platforms),
  }
}

export async function reportCompliance(engine: Engine, asked: Asked, request: HttpRequest) {
  const { devices, counts, listed, show } = await readReport(engine, asked)
  const [sites, platforms] = await Promise.all([rowsOf(engine, site), rowsOf(engine, platform)])
  const severities = Object.keys(ruleSeverities) as RuleSeverity[]
  const bySite = Map.groupBy(devices, ({ device }) => device.site.id)
  const byPlatform = Map.groupBy(devices, ({ device }) => device.platformId)
  const ofSeverity = (severity: RuleSeverity): Counts[] =>
    [...counts].flatMap(([rule, count]) => (rule.severity === severity ? [count] : []))
  return {
    devices: devices.length,
    totals: sumOf([...counts.values()]),
    rules: [...counts]
      .sort(([a], [b]) => a.name.localeCompare(b.name))
      .map(([rule, count]) => ({ rule: showRule(rule), ...count })),
    severities: Object.fromEntries(
      severities.map((severity) => [severity, sumOf(ofSeverity(severity))]),
    ) as Record<RuleSeverity, Counts>,
    sites: [...bySite].map(([id, members]) => ({ site: named(id, sites), ...groupOf(members) })),
    platforms: [...byPlatform].map(([id, members]) => ({
      platform: id === undefined ? null : named(id, platforms),
      ...groupOf(members),
    })),
    ...pageOf(request, listed, show),
  }
}

const named = (id: number, names: Names): { id: number; name: string } => ({
  id,
  name: names.get(id)?.name ?? String(id),
})

const showRule = ({ id, name, severity }: Rule) => ({ id, name, severity })

function showFailure({ device, item, rules }: DeviceStanding, sites: Names, platforms: Names): Failure {
  return {
    device: { id: device.id, name: device.name },
    site: named(device.site.id, sites),
    platform: device.platformId === undefined ? null : named(device.platformId, platforms),
    version: item?.sequence ?? 0,
    checked: item?.checkedAt ?? '',
    rules: rules.map(({ rule, exception }) => ({
      ...showRule(rule),
      ...(item?.findings[String(rule.id)] ?? { number: null, text: '', missing: true }),
      exception: exception === undefined ? null : showException(exception),
    })),
  }
}

export const showException = ({ id, reason, expires }: Exception) => ({ id, reason, expires })
