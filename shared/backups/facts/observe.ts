import { createHash } from 'node:crypto'
import { changedFields, systemActor } from '../../model/change.ts'
import type { Row, RowOf } from '../../model/define.ts'
import { drawPresence, type Engine } from '../../model/engine.ts'
import { storedSchema } from '../../model/rows.ts'
import { createWrites, updateWrites } from '../../model/writes.ts'
import { keys } from '../../table/keys.ts'
import type { Table, Write } from '../../table/table.ts'
import { observation, type Reading } from '../models/observation.ts'
import type { DeviceRun } from '../runs/record.ts'
import type { BackupState, Observed } from '../records.ts'
import { isSameFact } from './agreement.ts'
import {
  comparedFields,
  comparedNames,
  observedNames,
  type ComparedField,
  type ObservedName,
} from './compared.ts'

type Values = Partial<Record<ObservedName, string>>

export type Observation = RowOf<typeof observation>
export type RowTools = Pick<Engine, 'registry' | 'ids' | 'random'>
type Stores = { table: Table; rows: RowTools; now: () => Date }

/**
 * What a reading adds to the transaction that records it. A device that says what it said before costs nothing
 * beyond its state; another reading takes one read, and the row with its change record.
 *
 * The state and the row are written together, on condition of the state's version: of two runs at once the second
 * one looks again. A session that began before the last reading ended late, and tells nothing new.
 */
export async function observe(
  stores: Stores,
  run: DeviceRun,
  state: BackupState | undefined,
): Promise<{ observed: Observed | undefined; writes: Write[] }> {
  const before = state?.observed
  const { outcome, item } = run
  if (!outcome.ok) return { observed: before, writes: [] }
  const at = outcome.events[0]?.at ?? stores.now().toISOString()
  if (before !== undefined && at < before.at) return { observed: before, writes: [] }
  const { version, ...facts } = outcome.facts
  const driver = (outcome.detected?.deviceType ?? item.deviceType).slice(0, longestDriver)
  const values: Values = { ...facts, ...(version === undefined ? {} : { os_version: version }), driver }
  const hash = fingerprint(values)
  const observed = { hash, at, runId: run.runId, readings: (before?.readings ?? 0) + 1 }
  if (hash === before?.hash) return { observed, writes: [] }
  const lines: Values = { ...outcome.factLines, os_version: outcome.factLines.version ?? '', driver }
  const row = await stores.table.get(storedSchema(observation), keys.entity(observation.name, item.deviceId))
  const next = foldReading(row ?? blank(item.deviceId), { values, lines, observed, before })
  return { observed, writes: rowWrites(stores, row, next) }
}

const longestDriver = 128

const fingerprint = (values: Values): string =>
  createHash('sha256')
    .update(JSON.stringify(observedNames.map((name) => values[name] ?? null)))
    .digest('base64url')
    .slice(0, 16)

type Blank = Omit<Observation, 'version' | 'created' | 'last_updated'>

const blank = (deviceId: number): Blank => ({
  id: deviceId,
  device: deviceId,
  hostname: '',
  model: '',
  serial: '',
  os_version: '',
  driver: '',
  changed: null,
  run: 0,
  readings: {},
  kept: {},
})

type NewReading = { values: Values; lines: Values; observed: Observed; before: Observed | undefined }

/** What a device does not say this time it has said before: the value stays, with the time it was said last. */
function foldReading<B extends Blank>(row: B, { values, lines, observed, before }: NewReading): B {
  const readings: Record<string, Reading> = { ...row.readings }
  const kept = { ...row.kept }
  const next = { ...row, changed: observed.at, run: observed.runId, readings, kept }
  for (const name of observedNames) {
    const known = row.readings[name]
    const value = values[name]
    if (value === undefined) {
      if (known !== undefined && known.until === undefined && before !== undefined)
        readings[name] = { ...known, until: { at: before.at, count: before.readings - known.from + 1 } }
      continue
    }
    const isSame = known !== undefined && isSameFact(name, value, row[name])
    const raw = lines[name] ?? value
    next[name] = value
    readings[name] = isSame
      ? { raw, runId: known.runId, since: known.since, from: startOf(known, observed) }
      : { raw, runId: observed.runId, since: observed.at, from: observed.readings }
    if (!isSame) for (const field of fieldsOf(name)) delete kept[field]
  }
  return next
}

/** The inventory's fields that are held against it: what was decided of them was decided of the former value. */
const fieldsOf = (name: ObservedName): ComparedField[] =>
  comparedNames.filter((field) => comparedFields[field] === name)

/** Readings in which the device did not say it do not count. */
const startOf = ({ from, until }: Reading, { readings }: Observed): number =>
  until === undefined ? from : readings - until.count

function rowWrites({ rows, now }: Stores, row: Observation | undefined, next: Blank): Write[] {
  const at = now().toISOString()
  const context = {
    registry: rows.registry,
    actor: systemActor(`run-${next.run}`),
    at,
    message: `Backup run ${next.run}`,
    presenceShard: drawPresence(rows),
    nextChangeId: () => rows.ids.next(),
  }
  const stamps = new Map<string, number | null>()
  if (row === undefined) {
    const after: Row = { ...next, version: 1, created: at, last_updated: at }
    return createWrites(context, observation, { after, stamps })
  }
  const after: Row = { ...row, ...next, version: row.version + 1, last_updated: at }
  if (changedFields(row, after).length === 0) return []
  return updateWrites(context, observation, { before: row, after, stamps })
}
