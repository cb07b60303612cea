import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import * as z from 'zod'
import type { Model, Row } from '../model/define.ts'
import { overlapMs, type Snapshot } from './catalog.ts'
import { columnsOf } from './columns.ts'
import { readColumns, writeColumn } from './snapshot-columns.ts'

/**
 * A snapshot as bytes: one line of JSON that says what it is, then gzip of one line of JSON per column. The head can
 * be read without the rest, and says by a hash what the rest must be.
 */

/** Another number for every change of this format: what has another one is not read. */
const format = 1
/** A gzip of a few MB may claim to be anything: 500,000 rows of every column stay well below. */
const bytesMax = 2 ** 30

const Head = z.object({
  format: z.literal(format),
  /** Of which table: a snapshot of a table that was restored elsewhere is none of it. */
  table: z.string(),
  model: z.string(),
  takenAt: z.iso.datetime(),
  rows: z.int().min(0),
  gone: z.array(z.int().positive()),
  columns: z.array(z.object({ name: z.string(), kind: z.string() })),
  /** Fields the model once had. Should one come back, its values are in the table and not in here. */
  dropped: z.array(z.string()),
  sha256: z.string(),
})
export type SnapshotHead = z.infer<typeof Head>

export type Expected = { table: string; model: Model; now: Date }

const lineEnd = 0x0a

/** @returns the head, or why the snapshot cannot be used, as far as that shows without unpacking it. */
export function readHead(
  bytes: Uint8Array,
  { table, model, now }: Expected,
): SnapshotHead | { problem: string } {
  const end = bytes.indexOf(lineEnd)
  let line: unknown
  try {
    line = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, Math.max(0, end))))
  } catch {
    return { problem: 'it does not begin with a line of JSON' }
  }
  const head = Head.safeParse(line)
  if (!head.success) return { problem: `its head is another: ${z.prettifyError(head.error)}` }
  const { data } = head
  if (data.table !== table || data.model !== model.name)
    return { problem: `it is of ${data.model} in the table ${data.table}` }
  // Clocks differ by less than the window that is read again.
  if (Date.parse(data.takenAt) > now.getTime() + overlapMs / 2) return { problem: 'it is from the future' }
  if (digest(bodyOf(bytes)) !== data.sha256) return { problem: 'its hash is another' }
  return problemOfColumns(model, data) ?? data
}

function problemOfColumns(model: Model, head: SnapshotHead): { problem: string } | undefined {
  const kinds = new Map(head.columns.map(({ name, kind }) => [name, kind]))
  for (const { name, kind, schema } of columnsOf(model)) {
    if (head.dropped.includes(name)) return { problem: `the field ${name} was away and is back` }
    const theirs = kinds.get(name)
    if (theirs !== undefined && theirs !== kind)
      return { problem: `${name} was a ${theirs}, it is a ${kind}` }
    if (theirs === undefined && !schema.safeParse(undefined).success)
      return { problem: `it lacks ${name}, which has no default` }
  }
  return undefined
}

/** @returns what it holds, or why it cannot be used. A field it does not have reads as its default. */
export async function readSnapshot(
  bytes: Uint8Array,
  expected: Expected,
): Promise<Snapshot | { problem: string }> {
  const head = readHead(bytes, expected)
  if ('problem' in head) return head
  const lines = await unzip(bodyOf(bytes)).catch((error: unknown) => ({
    problem: `it cannot be unpacked: ${String(error)}`,
  }))
  if ('problem' in lines) return lines
  const read = readColumns(expected.model, head, lines)
  return 'problem' in read ? read : { rows: read.rows, gone: head.gone, takenAt: new Date(head.takenAt) }
}

/** @param previous what stood there before, for the fields that the model does not have any more. */
export async function writeSnapshot(
  { table, model }: Pick<Expected, 'table' | 'model'>,
  { rows, gone, takenAt }: Snapshot,
  previous?: SnapshotHead,
): Promise<Uint8Array> {
  const all: Row[] = [...rows]
  const columns = columnsOf(model)
  const lines = columns.map(({ name }) => `${JSON.stringify(writeColumn(all.map((row) => row[name])))}\n`)
  const body = await zip(lines)
  const names = new Set(columns.map(({ name }) => name))
  const before = [...(previous?.dropped ?? []), ...(previous?.columns ?? []).map(({ name }) => name)]
  const head: SnapshotHead = {
    format,
    table,
    model: model.name,
    takenAt: takenAt.toISOString(),
    rows: all.length,
    gone: [...gone],
    columns: columns.map(({ name, kind }) => ({ name, kind })),
    dropped: [...new Set(before.filter((name) => !names.has(name)))],
    sha256: digest(body),
  }
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body])
}

const bodyOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(bytes.indexOf(lineEnd) + 1)
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Level 1: a third larger than the usual level, in a fifth of the time. */
const zip = async (lines: readonly string[]): Promise<Buffer> =>
  promisify(gzip)(Buffer.concat(lines.map((line) => Buffer.from(line))), { level: 1 })

async function unzip(body: Uint8Array): Promise<Buffer[]> {
  const bytes = await promisify(gunzip)(body, { maxOutputLength: bytesMax })
  const lines: Buffer[] = []
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(lineEnd, start)
    lines.push(bytes.subarray(start, end < 0 ? bytes.length : end))
    start = end < 0 ? bytes.length : end + 1
  }
  return lines
}
