import { parseArgs } from 'node:util'
import { createCatalog, overlapMs } from '../../shared/catalog/catalog.ts'
import { buildSnapshots, snapshotSource } from '../../shared/catalog/snapshots.ts'
import { networkInterface } from '../../shared/dcim/models/interface.ts'
import { updateRows } from '../../shared/model/records.ts'
import { registry } from '../../shared/models.ts'
import { dynamoTable } from '../../shared/table/dynamo-table.ts'
import { actor, startEngine } from '../support/engine.ts'
import { memoryObjects } from '../support/snapshots.ts'
import { fillInventory } from './fill.ts'
import type { Filled } from './fill-rows.ts'
import { machine, markdownTable, writePart } from './report.ts'

/**
 * `npm run bench -- catalog [--interfaces 200000]`: what one large catalog costs. Starting from all changes, starting
 * from a snapshot, looking again when nothing was changed, and looking again while thousands of changes are young.
 */
export async function catalogBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { interfaces: { type: 'string', default: '20000' } },
  })
  const interfaces = Number(values.interfaces)
  const started = await startEngine()
  const { client, name } = started.served
  let units = 0
  const table = dynamoTable({ client, name, onConsumed: (one) => (units += one.units) })
  let at = Date.now()
  const now = (): Date => new Date(at)
  const engine = started.another({ table, now })
  const filled: Filled[] = []
  const ids = await fillInventory(
    engine,
    { devices: interfaces / 4, interfaces, virtualMachines: 0, prefixes: 0, addresses: 0 },
    (one) => filled.push(one),
  )
  at += overlapMs + 1000

  const rows: string[][] = []
  const measure = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    units = 0
    const startedMs = performance.now()
    await work()
    rows.push([what, `${Math.round(performance.now() - startedMs)} ms`, `${Math.round(units)}`])
  }
  const objects = memoryObjects()
  const parts = { table, tableName: name, objects, now, warn: console.warn }
  const source = snapshotSource({ ...parts, table: name })
  const fresh = (snapshot = {}) => createCatalog(networkInterface, { table, now, ...snapshot })
  await measure('start from all changes', () => fresh().refresh())
  const only = { ...registry, all: [networkInterface] }
  await measure('build the snapshot', () => buildSnapshots({ ...parts, registry: only }))
  const before = heapBytes()
  const catalog = fresh({ snapshot: source })
  await measure('start from the snapshot', () => catalog.refresh())
  const bytes = (heapBytes() - before) / catalog.rows.size
  at += overlapMs + 1000
  await catalog.refresh()
  at += 1000
  await measure('look again, nothing changed', () => catalog.refresh())
  const some = (ids[networkInterface.name] ?? []).slice(0, 4000)
  for (let start = 0; start < some.length; start += 500) {
    const updates = some
      .slice(start, start + 500)
      .map((id) => ({ id, values: { description: `changed ${at}` } }))
    await updateRows(engine, networkInterface, updates, { actor })
  }
  await measure(`look again after ${some.length} changes`, () => catalog.refresh())
  await measure(`look again while they are young`, () => catalog.refresh())
  await started.stop()

  const written = filled.reduce((sum, one) => sum + one.ids.length, 0)
  const ms = filled.reduce((sum, one) => sum + one.ms, 0)
  const snapshotBytes = [...objects.stored.values()].reduce((sum, body) => sum + body.length, 0)
  const text = [
    '## Catalog',
    `${catalog.rows.size} interfaces on ${machine()}. A row takes ${Math.round(bytes)} bytes of memory; the snapshot ${Math.round(snapshotBytes / 1000)} kB. Filling wrote ${Math.round((written / ms) * 1000)} rows a second.`,
    markdownTable(['', 'Time', 'Read units'], rows),
  ].join('\n\n')
  writePart('catalog', text)
  console.log(text)
}

function heapBytes(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
