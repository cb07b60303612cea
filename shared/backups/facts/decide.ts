import { atMost } from '../../concurrency.ts'
import { device } from '../../dcim/models/device.ts'
import { AppError } from '../../errors.ts'
import { bulkRowsMax } from '../../http/request.ts'
import type { Actor } from '../../model/change.ts'
import type { InputOf } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import { getRow, updateRows } from '../../model/records.ts'
import type { DeviceRow } from '../matched-devices.ts'
import { observation } from '../models/observation.ts'
import { hostLabel, isSameModel } from './agreement.ts'
import type { ComparedField } from './compared.ts'
import {
  comparison,
  isPlatformOf,
  namesOfType,
  readConflicts,
  readKnown,
  type Conflict,
  type ConflictFilters,
  type Known,
} from './conflicts.ts'

type DeviceValues = InputOf<(typeof device)['fields']>
export type Decision = 'accept' | 'keep'
export type Decider = { actor: Actor; reason: string }

/**
 * The conflict of one field as it is now, read from the table itself.
 * @throws AppError `not_found` where both agree; `version_conflict` where the device says something else than was seen.
 */
export async function openConflict(
  engine: Engine,
  asked: { device: number; field: ComparedField; observed?: string | undefined },
): Promise<{ conflict: Conflict; known: Known }> {
  const row = await getRow(engine, device, asked.device)
  if (row === undefined) throw new AppError('not_found', `There is no device ${asked.device}.`)
  const known = await readKnown(engine)
  const conflict = comparison(known)(row, asked.field)
  if (conflict === undefined)
    throw new AppError('not_found', `${row.name} has no conflict of the field ${asked.field}.`)
  if (asked.observed !== undefined && asked.observed !== conflict.observed) {
    const detail = `${row.name} says "${conflict.observed}" now, not "${asked.observed}": look again.`
    throw new AppError('version_conflict', detail)
  }
  return { conflict, known }
}

/**
 * Writes what a device says into the inventory, with the rules and the change record of every write.
 * @returns the new value as it reads.
 * @throws AppError `version_conflict` where the device was changed meanwhile; what the write throws.
 */
export async function accept(
  engine: Engine,
  { conflict, known }: { conflict: Conflict; known: Known },
  { actor, reason }: Decider,
): Promise<string> {
  const { device: row, observation: seen } = conflict
  const { values, text } = valuesOf[conflict.field](conflict, known)
  const message = `Accepted from backup run ${seen.run}${reason === '' ? '' : `: ${reason}`}`.slice(0, 200)
  await updateRows(engine, device, [{ id: row.id, values, version: row.version }], { actor, message })
  return text
}

/** What is written for a field, and how it reads. @throws AppError `validation_failed` where that is not clear. */
const valuesOf: Record<
  ComparedField,
  (conflict: Conflict, known: Known) => { values: DeviceValues; text: string }
> = {
  serial: ({ observed }) => ({ values: { serial: observed }, text: observed }),
  build: ({ observed }) => ({ values: { build: observed }, text: observed }),
  name: ({ observed, inventory }) => {
    // Who keeps names without a domain goes on so.
    const text = inventory.includes('.') ? observed : hostLabel(observed)
    return { values: { name: text }, text }
  },
  device_type: ({ device: row, observed }, known) => {
    const type = typeOf(known, row, observed)
    return { values: { device_type: type.id }, text: type.model }
  },
  platform: ({ field, observed }, known) => {
    const found = [...known.platforms.values()].filter((one) => isPlatformOf(one, observed))
    const chosen = onlyOne(found, {
      field,
      none: `No platform has the driver ${observed}: make one first.`,
      many: `Several platforms have the driver ${observed}: set the one that is meant.`,
    })
    return { values: { platform: chosen.id }, text: chosen.name }
  },
}

/** Of the maker that the inventory names, where it has one of this model: others may use the same number. */
function typeOf(known: Known, row: DeviceRow, observed: string) {
  const maker = known.types.get(row.device_type)?.manufacturer
  const all = [...known.types.values()].filter(({ id }) => isSameModel(observed, namesOfType(known, id)))
  const own = all.filter(({ manufacturer }) => manufacturer === maker)
  return onlyOne(own.length > 0 ? own : all, {
    field: 'device_type',
    none: `No device type has the model, part number or slug "${observed}": make one first.`,
    many: `Several device types are called "${observed}": set the one that is meant.`,
  })
}

function onlyOne<T>(found: readonly T[], said: { field: ComparedField; none: string; many: string }): T {
  const [first, second] = found
  if (first !== undefined && second === undefined) return first
  const message = first === undefined ? said.none : said.many
  throw new AppError('validation_failed', message, { issues: [{ path: said.field, message }] })
}

/** Notes that the inventory is right, until the device says something else. @throws AppError as `updateRows`. */
export async function keep(
  engine: Engine,
  { field, observed, observation: seen }: Conflict,
  { actor, reason }: Decider,
): Promise<void> {
  const decision = { observed, by: actor.username, at: engine.now().toISOString(), reason }
  const values = { kept: { ...seen.kept, [field]: decision } }
  const update = { id: seen.id, values, version: seen.version }
  await updateRows(engine, observation, [update], { actor, bySystem: true, message: reason })
}

export type Decided = {
  matched: number
  done: number
  failed: { device: { id: number; name: string }; field: ComparedField; errors: string[] }[]
}

const decidedAtOnce = 8

/**
 * Decides on all conflicts that the filters match. Each stands for itself: what cannot be written is told, and the
 * others are done. Again it finds only what is left.
 * @throws AppError `count_mismatch` with the real `count`; `too_large`. Nothing has been written then.
 */
export async function decideAll(
  engine: Engine,
  asked: ConflictFilters & { expect_count: number },
  decision: Decision,
  decider: Decider,
): Promise<Decided> {
  const { conflicts, known } = await readConflicts(engine, asked)
  const count = conflicts.length
  if (count !== asked.expect_count) {
    const detail = `The filters match ${count} conflicts, not ${asked.expect_count}: nothing was changed.`
    throw new AppError('count_mismatch', detail, { extra: { count } })
  }
  if (count > bulkRowsMax) {
    const detail = `The filters match ${count} conflicts; at most ${bulkRowsMax} are decided on at once: narrow them.`
    throw new AppError('too_large', detail, { extra: { count } })
  }
  const failed = await decideEach(engine, { conflicts, known }, decision, decider)
  return { matched: count, done: count - failed.length, failed }
}

/** @returns those that could not be done. Conflicts of one device take turns: each sees the row that the last left. */
export async function decideEach(
  engine: Engine,
  { conflicts, known }: { conflicts: readonly Conflict[]; known: Known },
  decision: Decision,
  decider: Decider,
): Promise<Decided['failed']> {
  const failed: Decided['failed'] = []
  const turn = atMost(decidedAtOnce)
  const ofDevices = Map.groupBy(conflicts, ({ device: row }) => row.id)
  await Promise.all(
    [...ofDevices.values()].map((own) =>
      turn(async () => {
        for (const [index, conflict] of own.entries()) {
          try {
            // A conflict that was decided on before moved the version on.
            const asked = { device: conflict.device.id, field: conflict.field, observed: conflict.observed }
            const open = index === 0 ? { conflict, known } : await openConflict(engine, asked)
            await (decision === 'accept'
              ? accept(engine, open, decider)
              : keep(engine, open.conflict, decider))
          } catch (error) {
            if (!(error instanceof AppError)) throw error
            const errors =
              error.issues.length > 0 ? error.issues.map(({ message }) => message) : [error.message]
            const { device: row, field } = conflict
            failed.push({ device: { id: row.id, name: row.name }, field, errors })
          }
        }
      }),
    ),
  )
  return failed
}
