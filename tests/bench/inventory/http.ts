import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { Runtime } from '../../../local/runtime.ts'
import { environmentNames } from '../../../shared/environment.ts'
import { measureCalls, quantile, type Latency } from './latency.ts'
import { anyDevices, questions } from './questions.ts'

type Read = { mode: string; rows: number; seconds: number }
export type Served = {
  first: number
  any: Latency
  warm: Latency[]
  reads: Read[]
  skipped: string | undefined
}

const python = '/usr/bin/python3'

/** The same questions through the HTTP door, and a full read by pynetbox. */
export async function measureHttp(
  runtime: Runtime,
  { token, snapshots, calls }: { token: string; snapshots: string; calls: number },
): Promise<Served> {
  await putSnapshots(runtime, snapshots)
  const ask = async (url: string): Promise<void> => {
    const response = await fetch(`${runtime.url}${url}`, { headers: { authorization: `Token ${token}` } })
    await response.text()
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}`)
  }
  const startedMs = performance.now()
  await ask('/api/dcim/devices/?limit=50')
  const first = performance.now() - startedMs
  const latency = async (name: string, url: (n: number) => string, count: number): Promise<Latency> => {
    const taken = await measureCalls((n) => ask(url(n)), { warm: 5, count })
    return { name, count, p50: quantile(taken, 0.5), p99: quantile(taken, 0.99) }
  }
  const any = await latency('any filter and order, page of 50', anyDevices, calls * 2)
  const warm: Latency[] = []
  for (const { name, method, url } of questions) {
    const count = url(0).includes('limit=1000') ? Math.ceil(calls / 5) : calls
    if (method === 'GET') warm.push(await latency(name, url, count))
  }
  const isThere = spawnSync(python, ['-c', 'import pynetbox']).status === 0
  const modes = isThere ? ['serial', 'threaded'] : []
  const reads: Read[] = []
  for (const mode of modes) reads.push(await readAll(runtime.url, token, mode))
  return { first, any, warm, reads, skipped: isThere ? undefined : 'python3-pynetbox is not installed here' }
}

/** They are built from the same database before: the builder's hourly run is not what is measured. */
async function putSnapshots({ host, resources }: Runtime, folder: string): Promise<void> {
  const bucket = resources.functions
    .map(({ environment }) => environment[environmentNames.snapshotBucket])
    .find((name) => name !== undefined)
  const { endpoint, region, credentials } = host.sdk({ kind: 'operator' })
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  for (const name of readdirSync(folder)) {
    const Body = readFileSync(`${folder}/${name}`)
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: name.replaceAll('_', '/'), Body }))
  }
  client.destroy()
}

async function readAll(url: string, token: string, mode: string): Promise<Read> {
  const child = spawn(python, ['tests/bench/peers/pynetbox_read.py', url, token, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return { mode, ...(JSON.parse(said) as { rows: number; seconds: number }) }
}
