import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { writeReply } from '../../../functions/lib/gateway.ts'
import { areas } from '../../../shared/areas.ts'
import { snapshotSource } from '../../../shared/catalog/snapshots.ts'
import { dispatch, type Dispatch } from '../../../shared/http/dispatch.ts'
import { createEngine } from '../../../shared/model/engine.ts'
import { registry } from '../../../shared/models.ts'
import { documentOptions, dynamoTable } from '../../../shared/table/dynamo-table.ts'
import { authenticate } from '../../../shared/users/authenticate.ts'
import { tokenUsage } from '../../../shared/users/token-usage.ts'
import { anyDevices, questions, type Question } from './questions.ts'
import { measureCalls, quantile, type Latency } from './latency.ts'

/**
 * A process of its own, as a Lambda has it: the area's dispatcher over the engine, from the request to the text of the
 * answer. Told on its standard input where the table is; prints what it saw as one line of JSON.
 */
export type Job = { endpoint: string; table: string; token: string; snapshots: string; calls: number }
export type Seen = {
  loadMs: number
  cold: { first: number; rows: number; units: number }
  coldWithout: number
  warm: Latency[]
  any: Latency
  heapMiB: number
  rssMiB: number
}

const job = JSON.parse(await text(process.stdin)) as Job
const units = { read: 0, written: 0 }
const client = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    endpoint: job.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  }),
  documentOptions,
)
const table = dynamoTable({
  client,
  name: job.table,
  onConsumed: ({ operation, units: used }) => {
    units[operation === 'put' || operation === 'write' ? 'written' : 'read'] += used
  },
})
const now = (): Date => new Date()

const engineWith = (isSnapshotUsed: boolean) =>
  createEngine({
    table,
    registry,
    now,
    seal: async (plaintext) => plaintext,
    ...(isSnapshotUsed
      ? {
          snapshot: snapshotSource({
            objects: { get: readSnapshotFile },
            table: job.table,
            now,
            warn: console.error,
          }),
        }
      : {}),
  })

async function readSnapshotFile(key: string): Promise<Uint8Array | undefined> {
  try {
    return readFileSync(`${job.snapshots}/${key.replaceAll('/', '_')}`)
  } catch {
    return undefined
  }
}

type Engine = ReturnType<typeof engineWith>
const usage = tokenUsage({ table, now }, () => {})

async function call(
  engine: Engine,
  { method, url, body }: { method: string; url: string; body?: unknown },
): Promise<string> {
  const { pathname, searchParams } = new URL(url, 'http://netkeep.bench')
  const query = new Map<string, string[]>()
  for (const [name, value] of searchParams) query.set(name, [...(query.get(name) ?? []), value])
  const area = areas[pathname.split('/')[2] as 'dcim']
  const request = {
    method,
    path: pathname,
    query,
    headers: { authorization: `Token ${job.token}`, 'content-type': 'application/json' },
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    links: { origin: 'http://netkeep.bench', pluginArea: undefined },
    requestId: '00000000-0000-4000-8000-000000000000',
    sourceAddress: '192.0.2.1',
  }
  const { headers } = request
  const door: Dispatch = {
    area,
    handlers: {},
    engineOf: () => engine,
    startJob: () => Promise.reject(new Error('no job is started here')),
    authenticate: () =>
      authenticate({ table, now, usage }, { ...request, authorization: headers.authorization }),
  }
  return writeReply(await dispatch(door, request)).body ?? ''
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const startedMs = performance.now()
  const result = await work()
  return { ms: performance.now() - startedMs, result }
}

const firstPage = { method: 'GET', url: '/api/dcim/devices/?limit=50' }

async function cold(): Promise<{ engine: Engine; cold: Seen['cold']; coldWithout: number }> {
  const bare = await timed(() => call(engineWith(false), firstPage))
  const engine = engineWith(true)
  const before = units.read
  const { ms, result } = await timed(() => call(engine, firstPage))
  const { count } = JSON.parse(result) as { count: number }
  return { engine, cold: { first: ms, rows: count, units: units.read - before }, coldWithout: bare.ms }
}

async function ask(engine: Engine, { name, method, url, body }: Question): Promise<Latency> {
  const heavy = url(0).includes('limit=1000') || method === 'POST'
  const count = heavy ? Math.ceil(job.calls / 5) : job.calls
  const one = (n: number): Promise<string> =>
    call(engine, { method, url: url(n), ...(body === undefined ? {} : { body: body(n) }) })
  const before = units.read + units.written
  const taken = await measureCalls(one, { warm: 3, count })
  const used = (units.read + units.written - before) / (count + 3)
  return { name, count, p50: quantile(taken, 0.5), p99: quantile(taken, 0.99), units: used }
}

async function measure(): Promise<Seen> {
  const loadMs = performance.now()
  const { engine, cold: first, coldWithout } = await cold()
  const any = await measureCalls((n) => call(engine, { method: 'GET', url: anyDevices(n) }), {
    warm: 80,
    count: job.calls * 3,
  })
  const warm: Latency[] = []
  for (const question of questions) warm.push(await ask(engine, question))
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  return {
    loadMs,
    cold: first,
    coldWithout,
    warm,
    any: {
      name: 'any filter and order, page of 50',
      count: any.length,
      p50: quantile(any, 0.5),
      p99: quantile(any, 0.99),
    },
    heapMiB: heapUsed / 2 ** 20,
    rssMiB: rss / 2 ** 20,
  }
}

process.stdout.write(`${JSON.stringify(await measure())}\n`)
client.destroy()
