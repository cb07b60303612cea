import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { issueAdminToken } from '../../local/admin-token.ts'
import { startDynamoDb } from '../../local/dynamodb/dynoxide.ts'
import { account } from '../../local/host.ts'
import { mainTable, startRuntime } from '../../local/runtime.ts'
import type { StackTemplate } from '../../local/template/assembly.ts'
import { readTemplate } from '../../local/template/read.ts'
import { synthesize } from '../../local/template/synthesize.ts'
import { buildSnapshots } from '../../shared/catalog/snapshots.ts'
import { registry } from '../../shared/models.ts'
import { documentOptions, dynamoTable } from '../../shared/table/dynamo-table.ts'
import { newFolder } from '../support/product.ts'
import { fillDatabase } from './inventory/fill.ts'
import type { Job, Seen } from './inventory/handler.ts'
import { measureHttp } from './inventory/http.ts'
import { measureRaces } from './inventory/races.ts'
import { reportInventory, type Measured } from './inventory/report.ts'
import { sizes, type Size } from './inventory/sizes.ts'
import { writePart } from './report.ts'

const region = 'eu-central-1'

/** `npm run bench -- inventory [full | small | tiny] [calls per question]`. */
export async function inventoryBench([which = 'full', calls = '200']: readonly string[]): Promise<void> {
  const wanted = sizes[which]
  if (wanted === undefined) throw new Error(`a size is one of ${Object.keys(sizes).join(', ')}`)
  const stacks = await synthesize(resolve(import.meta.dirname, '../..'))
  const measured: Measured[] = []
  for (const size of wanted) {
    measured.push(await measureSize(stacks, size, Number(calls)))
    // What follows takes minutes: what was seen is said before.
    say(JSON.stringify(measured.at(-1)))
  }
  const races = await measureRaces(which === 'full')
  const report = reportInventory(measured, races)
  console.log(report)
  if (which === 'full') writePart('inventory', report)
}

async function measureSize(stacks: readonly StackTemplate[], size: Size, calls: number): Promise<Measured> {
  const dataDir = newFolder('bench')
  const resources = readTemplate(stacks, { region, account, endpoint: 'http://127.0.0.1' })
  const table = resources.tables.find(({ name }) => name === mainTable(resources))
  if (table === undefined) throw new Error('no function of the template has a table')
  const databaseFile = join(dataDir, 'dynamodb', 'table.sqlite')
  const snapshots = join(dataDir, 'bench-snapshots')
  mkdirSync(join(dataDir, 'dynamodb'))
  mkdirSync(snapshots)
  try {
    say(`filling: ${size.devices} devices and what belongs to them`)
    const filled = await fillDatabase(table, size, databaseFile)
    say(`filled in ${filled.seconds.toFixed(0)} s: ${filled.rows} rows, ${filled.items} items`)
    const server = await startDynamoDb(databaseFile)
    const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' }
    const reached = { endpoint: server.endpoint, region, tableName: table.name, ...credentials }
    const token = await issueAdminToken(reached, 'bench')
    const built = await snapshotsInto(snapshots, reached)
    say(`snapshots of ${built.rows} rows built in ${built.seconds.toFixed(0)} s`)
    const handler = await measureHandler({ ...reached, table: table.name, token, snapshots, calls })
    await server.stop()
    say('starting the product on it')
    const runtime = await startRuntime({ dataDir, port: 0, isThrottled: false, template: stacks })
    const served = await measureHttp(runtime, { token, snapshots, calls })
    await runtime.stop()
    return { size, filled, built, handler, served }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const say = (text: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`)

type Reached = Parameters<typeof issueAdminToken>[0]

async function snapshotsInto(
  folder: string,
  { endpoint, tableName, ...who }: Reached,
): Promise<Measured['built']> {
  const startedMs = performance.now()
  const credentials = { accessKeyId: who.accessKeyId, secretAccessKey: who.secretAccessKey }
  const low = new DynamoDBClient({ endpoint, region, credentials })
  const table = dynamoTable({ client: DynamoDBDocumentClient.from(low, documentOptions), name: tableName })
  const objects = {
    get: async () => undefined,
    put: async (key: string, body: Uint8Array | string) =>
      writeFileSync(join(folder, key.replaceAll('/', '_')), body),
  }
  const built = await buildSnapshots(
    { table, tableName, registry, objects, now: () => new Date(), warn: console.error },
    { always: true },
  )
  low.destroy()
  const sum = (part: 'rows' | 'bytes'): number => built.reduce((total, one) => total + one[part], 0)
  return { rows: sum('rows'), bytes: sum('bytes'), seconds: (performance.now() - startedMs) / 1000 }
}

async function measureHandler(job: Job): Promise<Seen> {
  const child = spawn(process.execPath, ['--expose-gc', 'tests/bench/inventory/handler.ts'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(job))
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return JSON.parse(said.trim().split('\n').at(-1) ?? '') as Seen
}
