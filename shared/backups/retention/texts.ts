import { randomInt } from 'node:crypto'
import * as z from 'zod'
import { mapAhead } from '../../concurrency.ts'
import { AppError } from '../../errors.ts'
import type { ObjectStore } from '../../objects.ts'
import { keys } from '../../table/keys.ts'
import type { Table, Write } from '../../table/table.ts'
import { textKeyOf } from '../records.ts'

/**
 * Which objects of the archive may be deleted. A text is one object for all versions that have it, of any device, and a
 * collector may be storing it again at this very moment. So a text goes in two steps, a day apart:
 *
 * 1. No version uses the object: from now on the same text is stored under another key (its next generation).
 * 2. A day later, if still no version uses the object, it is deleted.
 *
 * Who had read the key before step 1 has written its version long before step 2: a collector has a quarter of an hour.
 * Who reads it after step 1 stores another object. So nothing is locked, nobody waits, and a sweep that dies at any
 * point leaves an object too much, never one too few.
 */

const TextHead = z.object({ version: z.int(), generation: z.int() })
const TextUse = z.object({ deviceId: z.int(), sequence: z.int() })
const LooseObject = z.object({
  objectKey: z.string(),
  version: z.int(),
  sha256: z.string().optional(),
  /** When the text got another key. */
  movedAt: z.string().optional(),
})
type LooseObject = z.infer<typeof LooseObject>

/** Beyond the longest that a collector works on what it has read. */
const graceMs = 24 * 3_600_000
const textsAhead = 16
const objectsAtOnce = 1000

export type TextUse = { textKey: string; deviceId: number; sequence: number }

/** Where this text is to be stored now. Read before the object is put, and again for each attempt. */
export async function currentTextKey(table: Table, sha256: string): Promise<string> {
  const head = await table.get(TextHead, keys.textHead(sha256))
  return textKeyOf(sha256, head?.generation)
}

/** Written together with the version. */
export const textUseWrite = ({ textKey, deviceId, sequence }: TextUse): Write => ({
  put: { ...keys.textUse(textKey, deviceId, sequence), deviceId, sequence },
  unconditionally: true,
})

/** Written together with the removal of the last item that named the object, as far as its writer knows. */
export const looseWrite = (kind: 'text' | 'raw', objectKey: string, sha256?: string): Write => ({
  put: looseItem(kind, { objectKey, version: newMark(), ...(sha256 === undefined ? {} : { sha256 }) }),
  unconditionally: true,
})

const looseItem = (kind: 'text' | 'raw', loose: LooseObject) => ({
  ...keys.looseObject(kind, loose.objectKey),
  ...loose,
})

/** Tells a mark from one that is put in its place. */
const newMark = (): number => randomInt(2 ** 47)

export type Swept = { raw: number; texts: number; waiting: number }

/**
 * Deletes what no version names. May be stopped and begun again at any point, and be done by several at once.
 * @param until nothing more is begun after it, in milliseconds since 1970.
 */
export async function sweepObjects(
  { table, archive, now }: { table: Table; archive: ObjectStore; now: () => Date },
  until: number,
): Promise<Swept & { done: boolean }> {
  const swept: Swept = { raw: 0, texts: 0, waiting: 0 }
  const isLate = (): boolean => now().getTime() > until
  for await (const loose of chunksOf(readLoose(table, 'raw'))) {
    if (isLate()) return { ...swept, done: false }
    await removeObjects({ table, archive }, 'raw', loose)
    swept.raw += loose.length
  }
  // Uses are complete once, for versions of the time before they were written; until then no text goes.
  if ((await table.get(z.object({}), keys.textUsesComplete())) === undefined) return { ...swept, done: true }
  for await (const loose of chunksOf(readLoose(table, 'text'))) {
    if (isLate()) return { ...swept, done: false }
    const unused: LooseObject[] = []
    for await (const one of mapAhead(loose, textsAhead, (each) => settleText(table, each, now()))) {
      if (one === 'waits') swept.waiting += 1
      else if (one !== 'used') unused.push(one)
    }
    await removeObjects({ table, archive }, 'text', unused)
    swept.texts += unused.length
  }
  return { ...swept, done: true }
}

const readLoose = (table: Table, kind: 'text' | 'raw'): AsyncIterable<LooseObject> =>
  table.query(LooseObject, { partition: keys.looseObjects(kind) })

/** @returns the object itself where it may be deleted. */
async function settleText(
  table: Table,
  loose: LooseObject,
  now: Date,
): Promise<LooseObject | 'used' | 'waits'> {
  if (loose.movedAt !== undefined && Date.parse(loose.movedAt) > now.getTime() - graceMs) return 'waits'
  if (await isUsed(table, loose.objectKey)) {
    // Another mark is put with the removal of that use.
    await unlessChanged(() => table.write([removeMark('text', loose)]))
    return 'used'
  }
  if (loose.movedAt !== undefined) return loose
  await unlessChanged(() => moveText(table, loose, now))
  return 'waits'
}

async function isUsed(table: Table, textKey: string): Promise<boolean> {
  for await (const _ of table.query(TextUse, { partition: keys.textUses(textKey), limit: 1 })) return true
  return false
}

/** The same text is stored elsewhere from now on. */
async function moveText(table: Table, loose: LooseObject, now: Date): Promise<void> {
  const { objectKey, sha256 = '', version } = loose
  const head = await table.get(TextHead, keys.textHead(sha256))
  const moved = looseItem('text', { ...loose, version: newMark(), movedAt: now.toISOString() })
  const writes: Write[] = [{ put: moved, ifVersion: version, otherwise: 'version_conflict' }]
  if (textKeyOf(sha256, head?.generation) === objectKey) {
    const generation = (head?.generation ?? 0) + 1
    const put = { ...keys.textHead(sha256), version: (head?.version ?? 0) + 1, generation }
    writes.push(
      head === undefined
        ? { put, ifAbsent: 'version_conflict' }
        : { put, ifVersion: head.version, otherwise: 'version_conflict' },
    )
  }
  await table.write(writes)
}

const removeMark = (kind: 'text' | 'raw', { objectKey, version }: LooseObject): Write => ({
  remove: keys.looseObject(kind, objectKey),
  ifVersion: version,
  otherwise: 'version_conflict',
})

/** The objects first: a mark is what brings a sweep back to one that is still there. */
async function removeObjects(
  { table, archive }: { table: Table; archive: ObjectStore },
  kind: 'text' | 'raw',
  loose: readonly LooseObject[],
): Promise<void> {
  await archive.delete(loose.map(({ objectKey }) => objectKey))
  const removed = mapAhead(loose, textsAhead, (one) =>
    unlessChanged(() => table.write([removeMark(kind, one)])),
  )
  for await (const _ of removed);
}

/** What another has changed meanwhile is for the next sweep. */
async function unlessChanged(write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'version_conflict') throw error
  }
}

async function* chunksOf(marks: AsyncIterable<LooseObject>): AsyncIterable<LooseObject[]> {
  let chunk: LooseObject[] = []
  for await (const mark of marks) {
    chunk.push(mark)
    if (chunk.length < objectsAtOnce) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

export async function hasLooseObjects(table: Table): Promise<boolean> {
  for (const kind of ['raw', 'text'] as const)
    for await (const _ of table.query(LooseObject, { partition: keys.looseObjects(kind), limit: 1 }))
      return true
  return false
}
