import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createGzip } from 'node:zlib'
import { systemActor } from '../../../shared/model/change.ts'
import { createWrites, type WriteContext } from '../../../shared/model/writes.ts'
import { registry } from '../../../shared/models.ts'
import type { TableResource } from '../../../local/template/resources.ts'
import { definitionOf } from '../../../local/dynamodb/tables.ts'
import { makeNetwork, type Made } from './network.ts'
import type { Size } from './sizes.ts'

export type Filled = { rows: number; items: number; seconds: number }

/**
 * Makes the database of a network without writing it row by row: the items that the engine's own transactions would
 * have put, as an export of DynamoDB, which dynoxide imports. What no transaction wrote no stream tells of.
 */
export async function fillDatabase(table: TableResource, size: Size, databaseFile: string): Promise<Filled> {
  const startedMs = performance.now()
  const folder = `${databaseFile}.export`
  mkdirSync(join(folder, table.name, 'data'), { recursive: true })
  const schema = join(folder, 'schema.json')
  writeFileSync(schema, JSON.stringify({ Table: { ...definitionOf(table) } }))
  const counts = await writeExport(
    join(folder, table.name, 'data', 'items.json.gz'),
    makeNetwork(size, new Date()),
  )
  await importInto(databaseFile, folder, schema)
  rmSync(folder, { recursive: true })
  return { ...counts, seconds: (performance.now() - startedMs) / 1000 }
}

async function writeExport(file: string, network: Iterable<Made>): Promise<{ rows: number; items: number }> {
  const gzip = createGzip({ level: 1 })
  const finished = once(gzip.pipe(createWriteStream(file)), 'finish')
  let [rows, items] = [0, 0]
  let lines: string[] = []
  for (const made of network) {
    rows += 1
    for (const item of itemsOf(made)) {
      items += 1
      lines.push(JSON.stringify({ Item: marshalled(item) }))
    }
    if (lines.length < 5000) continue
    if (!gzip.write(`${lines.join('\n')}\n`)) await once(gzip, 'drain')
    lines = []
  }
  gzip.end(`${lines.join('\n')}\n`)
  await finished
  return { rows, items }
}

function itemsOf({ model, row }: Made): Record<string, unknown>[] {
  const context: WriteContext = {
    registry,
    actor: systemActor('00000000-0000-4000-8000-000000000000'),
    at: row.created,
    message: '',
    presenceShard: 0,
    // Changes are as old as the row: the same digits say the same time.
    nextChangeId: () => row.id,
  }
  return createWrites(context, model, { after: row, stamps: { get: () => null } }).flatMap((write) =>
    'put' in write ? [write.put] : [],
  )
}

type Marshalled = Record<string, unknown>

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
const marshalled = (item: Record<string, unknown>): Marshalled =>
  Object.fromEntries(
    Object.entries(item)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, marshal(value)]),
  )

function marshal(value: unknown): Marshalled {
  if (value === null || value === undefined) return { NULL: true }
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number') return { N: String(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (Array.isArray(value)) return { L: value.map(marshal) }
  return { M: marshalled(value as Record<string, unknown>) }
}

async function importInto(databaseFile: string, source: string, schema: string): Promise<void> {
  const program = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/dynoxide')
  const options = ['import', '--source', source, '--schema', schema, '--output', databaseFile, '--force']
  const child = spawn(program, options, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000)
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`dynoxide import ended with ${String(code)}: ${said}`)
}
