import * as z from 'zod'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'

/**
 * Which tags of a row a rule has put there. Written before the tags are, so that every tag of a rule is known as such;
 * a tag that somebody had given before is never in a note, and so never taken off by the rule.
 */
const TagNote = z.object({ objectId: z.number(), tags: z.array(z.number()) })

/** Writes of one transaction. */
const chunk = 100

/** Of each row that the rule has tagged. */
export async function readTagNotes(table: Table, ruleId: number): Promise<Map<number, readonly number[]>> {
  const notes = new Map<number, readonly number[]>()
  for await (const { objectId, tags } of table.query(TagNote, { partition: keys.tagNotes(ruleId) }))
    notes.set(objectId, tags)
  return notes
}

/** An empty list takes the note away. */
export async function writeTagNotes(
  table: Table,
  ruleId: number,
  notes: Iterable<readonly [objectId: number, tags: readonly number[]]>,
): Promise<void> {
  const writes = [...notes].map(([objectId, tags]) => {
    const key = keys.tagNote(ruleId, objectId)
    return tags.length === 0
      ? ({ remove: key, unconditionally: true } as const)
      : ({ put: { ...key, objectId, tags }, unconditionally: true } as const)
  })
  for (let at = 0; at < writes.length; at += chunk) await table.write(writes.slice(at, at + chunk))
}
