import * as z from 'zod'
import { AppError } from '../errors.ts'
import { keys } from '../table/keys.ts'
import { customNameOf } from './custom-values.ts'
import type { Model, OnDelete, Row } from './define.ts'
import { beginDeletion } from './deletion-intent.ts'
import type { Engine } from './engine.ts'
import { presenceCount } from './registry.ts'
import { storedSchema } from './rows.ts'

/** Objects that one request may delete, children that go with them included. */
const membersMax = 1000
/** References that one request may clear. A function has 30 s. */
export const clearedMax = 1000

const ReferenceItem = z.object({ child: z.string(), childId: z.number(), field: z.string() })
export type ReferenceItem = z.infer<typeof ReferenceItem>

/** An object that goes. `token` proves the deletion is ours; `version` is the one the caller insists on. */
export type Member = {
  model: Model
  row: Row
  version?: number | undefined
  token: number | undefined
  references: ReferenceItem[]
  /** There are more references than were read. */
  isCut: boolean
}
export type Members = Map<string, Member>
export const memberKey = (model: string, id: number): string => `${model}#${id}`

type NewMember = {
  model: Model
  row: Row
  version?: number | undefined
  /** False only looks: nothing is closed, and what is read may be different a moment later. */
  closes?: boolean
}

/** Closes an object and reads what refers to it. */
export async function addMember(
  engine: Engine,
  members: Members,
  { model, row, version, closes = true }: NewMember,
): Promise<void> {
  const key = memberKey(model.name, row.id)
  if (members.has(key)) return
  if (members.size >= membersMax)
    throw new AppError('too_large', `More than ${membersMax} objects would be deleted at once.`)
  const count = presenceCount(model)
  const token = count === 0 || !closes ? undefined : await beginDeletion(engine, model, row.id)
  const member: Member = { model, row, version, token, references: [], isCut: false }
  members.set(key, member)
  const shards = Array.from({ length: count }, (_, shard) => shard)
  const read = await Promise.all(
    shards.map((shard) => readReferenceItems(engine, keys.references(model.name, row.id, shard))),
  )
  member.references = read.flat()
  member.isCut = read.some((items) => items.length > clearedMax)
}

async function readReferenceItems(engine: Engine, partition: string): Promise<ReferenceItem[]> {
  const items: ReferenceItem[] = []
  for await (const item of engine.table.query(ReferenceItem, { partition, limit: clearedMax + 1 }))
    items.push(item)
  return items
}

/** Children that go with their parents become members themselves, and so on. */
export async function followCascades(engine: Engine, members: Members, closes = true): Promise<void> {
  // A map may grow while it is walked: members that are added are walked too, up to their bound.
  for (const member of members.values()) {
    for (const reference of member.references) {
      if (ruleOf(engine, reference) !== 'cascade') continue
      const model = engine.registry.get(reference.child)
      const row = await engine.table.get(storedSchema(model), keys.entity(model.name, reference.childId))
      if (row !== undefined) await addMember(engine, members, { model, row, closes })
    }
  }
}

/** The references to a member by objects that are not to go. */
export const outsideReferences = (members: Members, { references }: Member): ReferenceItem[] =>
  references.filter(({ child, childId }) => !members.has(memberKey(child, childId)))

export const ruleOf = (engine: Engine, { child, field }: ReferenceItem): OnDelete =>
  customNameOf(field) !== undefined ? 'clear' : (engine.registry.get(child).onDelete?.[field] ?? 'restrict')
