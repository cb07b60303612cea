import * as z from 'zod'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import { PartNote } from './job-notes.ts'

/** What became of one part, beside its number: the journal of an import. */
const NumberedNote = z.object({ part: z.int(), note: PartNote })
export type NumberedNote = z.infer<typeof NumberedNote>

export async function partNotes(table: Table, jobId: number): Promise<NumberedNote[]> {
  const notes: NumberedNote[] = []
  for await (const note of table.query(NumberedNote, { partition: keys.jobParts(jobId) })) notes.push(note)
  return notes
}
