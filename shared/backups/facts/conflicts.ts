import { deviceType } from '../../dcim/models/device-type.ts'
import { manufacturer } from '../../dcim/models/manufacturer.ts'
import { platform } from '../../dcim/models/platform.ts'
import type { RowOf } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import { rowsOf } from '../../model/rows-of.ts'
import { matchDevices, type DeviceFilters, type DeviceRow } from '../matched-devices.ts'
import { observation } from '../models/observation.ts'
import { isSameFact, isSameModel, isSameVersion, type TypeNames } from './agreement.ts'
import {
  comparedFields,
  comparedNames,
  type ComparedField,
  type ConflictKind,
  type ConflictState,
} from './compared.ts'
import type { Observation } from './observe.ts'

/**
 * Two sources that say different things of one field of a device. Nothing of it is stored but a decision: it is there
 * as long as they differ, and gone when they agree, whoever of the two was changed. `source` tells who observed.
 */
export type Conflict = {
  source: 'backup'
  device: DeviceRow
  field: ComparedField
  kind: ConflictKind
  state: ConflictState
  /** As it reads, not its id. */
  inventory: string
  observed: string
  observation: Observation
}

type TypeRow = RowOf<typeof deviceType>
type PlatformRow = RowOf<typeof platform>

/** What a conflict is made of, as of now. */
export type Known = {
  types: ReadonlyMap<number, TypeRow>
  platforms: ReadonlyMap<number, PlatformRow>
  makers: ReadonlyMap<number, RowOf<typeof manufacturer>>
  observations: ReadonlyMap<number, Observation>
}

export type ConflictFilters = DeviceFilters & {
  field?: ComparedField | ComparedField[] | undefined
  kind?: ConflictKind | undefined
  state?: ConflictState | undefined
}

/** By the names of the devices. Costs no read per device: all of it is in the catalogs. */
export async function readConflicts(
  engine: Engine,
  asked: ConflictFilters,
): Promise<{ conflicts: Conflict[]; known: Known }> {
  const [devices, known] = await Promise.all([matchDevices(engine, asked), readKnown(engine)])
  const fields = asked.field === undefined ? comparedNames : [asked.field].flat()
  const compare = comparison(known)
  const conflicts = devices
    .flatMap((row) => fields.flatMap((field) => compare(row, field) ?? []))
    .filter(
      ({ kind, state }) =>
        (asked.kind === undefined || kind === asked.kind) &&
        (asked.state === undefined || state === asked.state),
    )
    .sort(
      (a, b) =>
        a.device.name.localeCompare(b.device.name) ||
        a.device.id - b.device.id ||
        comparedNames.indexOf(a.field) - comparedNames.indexOf(b.field),
    )
  return { conflicts, known }
}

export async function readKnown(engine: Engine): Promise<Known> {
  const [types, platforms, makers, observations] = await Promise.all([
    rowsOf(engine, deviceType),
    rowsOf(engine, platform),
    rowsOf(engine, manufacturer),
    rowsOf(engine, observation),
  ])
  return { types, platforms, makers, observations }
}

/** Fields that an inventory need not fill: nothing is missing where nobody keeps them. */
const optionalFields: ReadonlySet<ComparedField> = new Set(['build'])

/** Compares one field of a device; undefined where both agree, or one of them says nothing. */
export function comparison(known: Known): (row: DeviceRow, field: ComparedField) => Conflict | undefined {
  // A fleet has few models: each is compared once with each type.
  const sameModels = new Map<string, boolean>()
  const isModelOf = (observed: string, typeId: number): boolean => {
    const key = `${typeId} ${observed}`
    const found = sameModels.get(key) ?? isSameModel(observed, namesOfType(known, typeId))
    sameModels.set(key, found)
    return found
  }
  return (row, field) => {
    const seen = known.observations.get(row.id)
    const observed = seen?.[comparedFields[field]] ?? ''
    if (seen === undefined || observed === '') return undefined
    const { text, isSame } = inventoryOf[field]({ known, row, observed, isModelOf })
    if (isSame || (text === '' && optionalFields.has(field))) return undefined
    const kept = seen.kept[field]
    const isKept = kept !== undefined && isSameFact(comparedFields[field], kept.observed, observed)
    return {
      source: 'backup',
      device: row,
      field,
      kind: text === '' ? 'missing' : 'differs',
      state: isKept ? 'ignored' : 'new',
      inventory: text,
      observed,
      observation: seen,
    }
  }
}

type Asked = {
  known: Known
  row: DeviceRow
  observed: string
  isModelOf: (observed: string, typeId: number) => boolean
}

/** What the inventory says, as it reads, and whether that is what was observed. */
const inventoryOf: Record<ComparedField, (asked: Asked) => { text: string; isSame: boolean }> = {
  name: ({ row, observed }) => ({ text: row.name, isSame: isSameFact('hostname', row.name, observed) }),
  serial: ({ row, observed }) => ({ text: row.serial, isSame: isSameFact('serial', row.serial, observed) }),
  build: ({ row, observed }) => ({ text: row.build, isSame: isSameVersion(observed, row.build) }),
  device_type: ({ known, row, observed, isModelOf }) => {
    const text = known.types.get(row.device_type)?.model ?? `device type ${row.device_type}`
    return { text, isSame: isModelOf(observed, row.device_type) }
  },
  platform: ({ known, row, observed }) => {
    const found = row.platform === null ? undefined : known.platforms.get(row.platform)
    return { text: found?.name ?? '', isSame: found !== undefined && isPlatformOf(found, observed) }
  },
}

/** How an inventory calls a device type: by its model, its order number or its slug. */
export function namesOfType({ types, makers }: Known, typeId: number): TypeNames {
  const type = types.get(typeId)
  if (type === undefined) return { names: [], maker: [] }
  const maker = makers.get(type.manufacturer)
  return {
    names: [type.model, type.part_number, type.slug],
    maker: maker === undefined ? [] : [maker.name, maker.slug],
  }
}

/** One without a driver says by its slug what it is. */
export const isPlatformOf = ({ driver, slug }: PlatformRow, observed: string): boolean =>
  isSameFact('driver', driver === '' ? slug.replaceAll('-', '_') : driver, observed)
