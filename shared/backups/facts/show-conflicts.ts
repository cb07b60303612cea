import type * as z from 'zod'
import { guardFormula } from '../../imports/cells.ts'
import { writeCsv } from '../../imports/annotate.ts'
import { pageOf } from '../../http/paging.ts'
import type { HttpRequest, RawReply } from '../../http/request.ts'
import type { Engine } from '../../model/engine.ts'
import { storedSchema } from '../../model/rows.ts'
import { keys } from '../../table/keys.ts'
import type { FactGroup, factRoutes, ShownConflict } from '../fact-routes.ts'
import { matchDevices } from '../matched-devices.ts'
import { observation } from '../models/observation.ts'
import { BackupState } from '../records.ts'
import { comparedFields } from './compared.ts'
import { readConflicts, readKnown, type Conflict } from './conflicts.ts'
import { seenOf } from './seen.ts'

type Shown = z.input<typeof ShownConflict>
type Asked<Name extends 'listConflicts' | 'factReport'> = z.output<(typeof factRoutes)[Name]['query']>

/** One page, or all of them as a file. What a device said when costs two reads for each that is shown. */
export async function listConflicts(engine: Engine, asked: Asked<'listConflicts'>, request: HttpRequest) {
  const { conflicts } = await readConflicts(engine, asked)
  if (asked.export === 'csv') return csvOf('conflicts', await showConflicts(engine, conflicts))
  const page = pageOf(request, conflicts, (one) => one)
  return {
    ...page,
    by_field: countBy(conflicts, ({ field }) => field),
    by_state: countBy(conflicts, ({ state }) => state),
    results: await showConflicts(engine, page.results),
  }
}

function countBy<K extends string>(
  conflicts: readonly Conflict[],
  of: (one: Conflict) => K,
): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {}
  for (const one of conflicts) counts[of(one)] = (counts[of(one)] ?? 0) + 1
  return counts
}

export async function showConflicts(engine: Engine, conflicts: readonly Conflict[]): Promise<Shown[]> {
  const ids = conflicts.map(({ device }) => device.id)
  const [states, rows] = await Promise.all([
    engine.table.getMany(
      BackupState,
      ids.map((id) => keys.backupState(id)),
    ),
    engine.table.getMany(
      storedSchema(observation),
      ids.map((id) => keys.entity(observation.name, id)),
    ),
  ])
  return conflicts.map((conflict, index) => {
    const { device, field, kind, state, source, inventory, observed } = conflict
    const reading = rows[index]?.readings[comparedFields[field]]
    const kept = state === 'ignored' ? conflict.observation.kept[field] : undefined
    return {
      device: { id: device.id, name: device.name },
      site: device.site,
      field,
      kind,
      state,
      source,
      observed,
      inventory: inventory === '' ? null : inventory,
      raw: reading?.raw ?? observed,
      run: reading?.runId ?? conflict.observation.run,
      ...seenOf(reading, states[index]?.observed),
      kept: kept === undefined ? null : { by: kept.by, at: kept.at, reason: kept.reason },
    }
  })
}

/** What runs where, as the devices say it; the most frequent first. */
export async function reportFacts(engine: Engine, asked: Asked<'factReport'>, request: HttpRequest) {
  const [devices, { observations, platforms }] = await Promise.all([
    matchDevices(engine, asked),
    readKnown(engine),
  ])
  const groups = new Map<string, z.input<typeof FactGroup>>()
  let observed = 0
  for (const row of devices) {
    const seen = observations.get(row.id)
    if (seen === undefined) continue
    observed += 1
    const { driver, model, os_version } = seen
    const key = JSON.stringify([row.platform, driver, model, os_version])
    const found = row.platform === null ? undefined : platforms.get(row.platform)
    const platform = found === undefined ? null : { id: found.id, name: found.name }
    const group = groups.get(key) ?? { platform, driver, model, os_version, devices: 0 }
    groups.set(key, { ...group, devices: group.devices + 1 })
  }
  const sorted = [...groups.values()].sort(
    (a, b) =>
      b.devices - a.devices ||
      a.driver.localeCompare(b.driver) ||
      a.model.localeCompare(b.model) ||
      a.os_version.localeCompare(b.os_version, undefined, { numeric: true }),
  )
  if (asked.export === 'csv')
    return csvOf(
      'facts',
      sorted.map((group) => ({ ...group, platform: group.platform?.name ?? '' })),
    )
  return { ...pageOf(request, sorted, (one) => one), devices: devices.length, observed }
}

type Cell = string | number | null
type Flat = Record<string, Cell | Record<string, Cell>>

async function csvOf(name: string, rows: readonly Flat[]): Promise<RawReply> {
  const flat = rows.map((row) => flatten(row))
  const header = [...new Set(flat.flatMap((row) => Object.keys(row)))]
  const body = await writeCsv([header, ...flat.map((row) => header.map((column) => row[column] ?? ''))])
  return {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.csv"`,
    },
    body,
  }
}

/** `device.name` for what is nested. A name that a spreadsheet would calculate is made harmless. */
function flatten(row: Flat, path = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]): [string, string][] => {
      const column = `${path}${name}`
      if (typeof value === 'object' && value !== null) return Object.entries(flatten(value, `${column}.`))
      return [[column, value === null ? '' : guardFormula(String(value))]]
    }),
  )
}
