import { randomInt } from 'node:crypto'
import * as z from 'zod'
import { AppError } from '../errors.ts'
import type { Model, Row } from '../model/define.ts'
import type { Engine, WriteOptions } from '../model/engine.ts'
import { endHold, GuardItem } from '../model/prepare.ts'
import { createRows } from '../model/records.ts'
import { guardsOf } from '../model/writes.ts'
import { keys } from '../table/keys.ts'
import type { Item, Write } from '../table/table.ts'
import { search, type Allocation } from './allocate.ts'
import { answerOnce, type Ticket } from './idempotency.ts'

/** Holds of one transaction: each has itself, its place, its guard and two that pass. */
const holdsOfPart = 15

const StoredKey = z.object({ pk: z.string(), sk: z.string() })

/**
 * Something that is kept for a while before it becomes a row, under the id the row will have. Nobody ends it: once
 * `until` (milliseconds) is past, whoever comes next takes it away.
 */
const Hold = z.object({
  id: z.number(),
  version: z.number(),
  model: z.string(),
  /** What is held, as the row will have it. */
  values: z.record(z.string(), z.unknown()),
  body: z.record(z.string(), z.unknown()),
  until: z.number(),
  guards: z.array(StoredKey),
  place: StoredKey,
})
export type Hold = z.infer<typeof Hold>

/** Holds what was asked for, as `allocateRows` would give it out. @throws AppError as that. */
export async function createHolds<T>(
  engine: Engine,
  allocation: Allocation<T>,
  seconds: number,
  ticket: Ticket | undefined,
): Promise<Hold[]> {
  const { bodies } = allocation
  const parts = Math.ceil(bodies.length / holdsOfPart)
  const rows = await answerOnce(engine, ticket, parts, async (part, remember) => {
    const own = bodies.slice(part * holdsOfPart, (part + 1) * holdsOfPart)
    const holds = await search(engine, { ...allocation, count: own.length }, (chosen) =>
      hold(engine, { ...allocation, bodies: own }, { chosen, seconds, remember }),
    )
    return holds as unknown as Row[]
  })
  return rows as unknown as Hold[]
}

type Holding<T> = {
  chosen: readonly T[]
  seconds: number
  remember: (rows: readonly Row[]) => Write[]
}

async function hold<T>(
  engine: Engine,
  allocation: Allocation<T>,
  { chosen, seconds, remember }: Holding<T>,
): Promise<Hold[]> {
  const { model, bodies } = allocation
  const until = engine.now().getTime() + seconds * 1000
  const version = randomInt(2 ** 40)
  const made = chosen.map((one, index): { hold: Hold; place: Item } => {
    const id = engine.ids.next()
    const values = allocation.valuesOf(one)
    const place = allocation.holdItem(one, { id, until, version })
    const guards = guardsOf(model, { ...values, alone: true, id } as unknown as Row)
    const { pk, sk } = place
    const body = bodies[index] ?? {}
    const guardKeys = guards.map(({ key }) => key)
    return {
      place,
      hold: { id, version, model: model.name, values, body, until, guards: guardKeys, place: { pk, sk } },
    }
  })
  await endOldHolds(engine, made)
  const reservation = await allocation.reserve?.(chosen)
  const expiresAt = Math.ceil(until / 1000)
  const writes = made.flatMap(({ hold: one, place }): Write[] => [
    { put: { ...keys.hold(one.id), ...one, expiresAt }, ifAbsent: 'id_taken' },
    { put: place, unconditionally: true },
    ...one.guards.map((key): Write => ({
      put: { ...key, owner: one.id, until, version, expiresAt },
      ifAbsent: 'number_taken',
    })),
  ])
  const holds = made.map((one) => one.hold)
  // Where the VRF allows duplicates, those who give out at the same time meet in these.
  const passing =
    allocation.guard?.(holds.map(({ id, values }) => ({ id, ...values }) as unknown as Row)) ?? []
  try {
    await engine.table.write([
      ...writes,
      ...passing,
      ...(reservation?.writes ?? []),
      ...remember(holds as unknown as Row[]),
    ])
  } catch (cause) {
    await reservation?.release()
    throw cause
  }
  return holds
}

/** Guards of holds that have run out are in the way until someone takes them away. */
async function endOldHolds(engine: Engine, made: readonly { hold: Hold }[]): Promise<void> {
  const guardKeys = made.flatMap((one) => one.hold.guards)
  const found = await engine.table.getMany(GuardItem, guardKeys)
  await Promise.all(
    guardKeys.map(async (key, index) => {
      const guard = found[index]
      if (guard !== undefined) await endHold(engine, key, guard)
    }),
  )
}

/** @throws AppError `not_found`; `hold_gone` once it has run out. */
export async function readHold({ table, now }: Engine, id: number): Promise<Hold> {
  const found = await table.get(Hold, keys.hold(id))
  if (found === undefined) throw new AppError('not_found', `There is no hold with the id ${id}.`)
  if (found.until <= now().getTime()) throw new AppError('hold_gone', 'The hold has run out.')
  return found
}

const gone = 'hold_gone'

/** What ends a hold, as long as it still is the one that was read. */
const endWrites = ({ id, version, guards }: Hold): Write[] => [
  { remove: keys.hold(id), ifVersion: version, otherwise: gone },
  ...guards.map((key): Write => ({ remove: key, ifVersion: version, otherwise: gone })),
]

/** Makes the row that was held, under the hold's id. @throws AppError `hold_gone`; whatever is wrong with the row. */
export async function confirmHold(
  engine: Engine,
  id: number,
  body: Readonly<Record<string, unknown>>,
  {
    options,
    ticket,
    allow,
  }: { options: WriteOptions; ticket: Ticket | undefined; allow: (model: Model) => void },
): Promise<{ model: Model; row: Row }> {
  const [row] = await answerOnce(engine, ticket, 1, async (_, remember) => {
    const held = await readHold(engine, id)
    const model = engine.registry.get(held.model)
    allow(model)
    const input = { ...held.body, ...body, ...held.values } as Record<string, never>
    return createRows(engine, model, [input], {
      ...options,
      ids: [held.id],
      together: (rows) => [...remember(rows), ...endWrites(held), ...placeWrites(held)],
    })
  })
  if (row === undefined) throw new AppError('hold_gone')
  return { model: engine.registry.get(modelOf(row)), row }
}

/** Of what an answer was: the field that was held tells. */
function modelOf(row: Row): string {
  const [, model] = Object.entries(heldFields).find(([field]) => row[field] !== undefined) ?? []
  return model ?? 'ipam.ipaddress'
}
const heldFields = { prefix: 'ipam.prefix', vid: 'ipam.vlan', asn: 'ipam.asn', address: 'ipam.ipaddress' }

/** The place of a number becomes the row's own item; that of a network stands beside it. */
const placeWrites = ({ place, version }: Hold): Write[] =>
  place.sk.endsWith('~') ? [{ remove: place, ifVersion: version, otherwise: gone }] : []

/** @throws AppError `hold_gone`. */
export const releaseHold = ({ table }: Engine, held: Hold): Promise<void> =>
  table.write([...endWrites(held), { remove: held.place, ifVersion: held.version, otherwise: gone }])
