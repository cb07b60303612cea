import type * as z from 'zod'
import { AppError } from '../../errors.ts'
import { guardFormula } from '../../imports/cells.ts'
import { writeCsv } from '../../imports/annotate.ts'
import { pageOf } from '../../http/paging.ts'
import type { HttpRequest, RawReply } from '../../http/request.ts'
import type { Engine } from '../../model/engine.ts'
import { storedSchema } from '../../model/rows.ts'
import { keys } from '../../table/keys.ts'
import type { FactGroup, factRoutes, ShownConflict } from './routes.ts'
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
  if (asked.export === 'csv') {
    refuseLonger(conflicts.length)
    return csvOf('conflicts', conflictColumns, await showConflicts(engine, conflicts))
  }
  const page = pageOf(request, conflicts, (one) => one)
  return {
    ...page,
    by_field: countBy(conflicts, ({ field }) => field),
    by_state: countBy(conflicts, ({ state }) => state),
    results: await showConflicts(engine, page.results),
  }
}

/** Each is two reads and some 300 bytes: this many fit an answer and its time. */
const exportedMax = 10_000

function refuseLonger(count: number): void {
  if (count <= exportedMax) return
  const detail = `The filters match ${count} conflicts; a file holds ${exportedMax} at most: narrow them.`
  throw new AppError('too_large', detail, { extra: { count } })
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
  if (asked.export === 'csv') return csvOf('facts', factColumns, sorted)
  return { ...pageOf(request, sorted, (one) => one), devices: devices.length, observed }
}

const conflictColumns = [
  'device.id',
  'device.name',
  'site',
  'field',
  'kind',
  'state',
  'source',
  'inventory',
  'observed',
  'raw',
  'run',
  'first_seen',
  'last_seen',
  'count',
  'kept.by',
  'kept.at',
  'kept.reason',
] as const
const factColumns = ['platform.id', 'platform.name', 'driver', 'model', 'os_version', 'devices'] as const

type Cell = string | number | null
type Flat = Record<string, Cell | Record<string, Cell>>

/** `device.name` is what is nested. A text that a spreadsheet would calculate is made harmless. */
async function csvOf(name: string, columns: readonly string[], rows: readonly Flat[]): Promise<RawReply> {
  const cells = rows.map((row) =>
    columns.map((column) => {
      const [outer = '', inner] = column.split('.')
      const value = row[outer] ?? null
      const cell = typeof value === 'object' ? (value?.[inner ?? ''] ?? null) : value
      return cell === null ? '' : guardFormula(String(cell))
    }),
  )
  return {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.csv"`,
    },
    body: await writeCsv([columns, ...cells]),
  }
}
