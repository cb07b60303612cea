import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { adminToken } from '../../local/admin-token.ts'
import { apiCaller, type Api } from '../../local/demo/api.ts'
import { startRuntime, type Runtime } from '../../local/runtime.ts'

/** The whole product on a data folder of its own, hosted in this process. */
export type Product = {
  runtime: Runtime
  api: Api
  token: string
  dataDir: string
  cloneUrl: string
  /** Calls of AWS services since the last look: `kms:Decrypt`; those of S3 with the first part of the key, `s3:PutObject raw/`. */
  calls: () => Map<string, number>
  stop(): Promise<void>
}

/** Rests and back-offs of workflows keep their proportions, and nobody waits for them. */
export const workflowSecondMs = 100

export async function startProduct(
  dataDir = newFolder('product'),
  context: Readonly<Record<string, string>> = {},
): Promise<Product> {
  const runtime = await startRuntime({ dataDir, port: 0, isThrottled: false, workflowSecondMs, context })
  const token = await adminToken(runtime)
  const stop = async (): Promise<void> => {
    await runtime.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  const api = apiCaller(runtime.url, token)
  return {
    runtime,
    api,
    token,
    dataDir,
    cloneUrl: cloneUrlOf(runtime.url, token),
    calls: countCalls(runtime),
    stop,
  }
}

export const newFolder = (name: string): string => mkdtempSync(join(tmpdir(), `netkeep-${name}-`))

export const cloneUrlOf = (url: string, token: string): string =>
  `${url.replace('://', `://netkeep:${token}@`)}/git/configs.git`

/** The gateway asks for a fault at every call: a place to count them. */
function countCalls({ faults }: Runtime): Product['calls'] {
  let counts = new Map<string, number>()
  const take = faults.take.bind(faults)
  faults.take = (service, action, input) => {
    // Of S3 the gateway shows `/<bucket>/<key>`.
    const prefix = service === 's3' ? ` ${input?.split('/')[2] ?? ''}/` : ''
    const name = `${service}:${action}${prefix}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
    return take(service, action, input)
  }
  return () => {
    const seen = counts
    counts = new Map()
    return seen
  }
}

/** `npm start`, or a script that hosts the same, in a process tree of its own, to be killed without warning. */
export type ProductProcess = { url: string; child: ChildProcess; kill(): Promise<void> }

const startMsMax = 90_000

export async function spawnProduct(dataDir: string, script = 'local/main.ts'): Promise<ProductProcess> {
  const child = spawn(process.execPath, [script, '--data', dataDir, '--port', '0'], {
    // A group of its own: the signal must reach the stores it starts as well.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const lines = createInterface(child.stdout as Readable)
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('npm start did not become ready')), startMsMax)
    lines.on('line', (line) => {
      const [, found] = /^API\s+(http:\/\/[^/]+)/.exec(line) ?? []
      if (found === undefined) return
      clearTimeout(timer)
      resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`npm start ended with ${String(code)}`)))
  })
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
    const exited = once(child, 'exit')
    process.kill(-child.pid, 'SIGKILL')
    await exited
  }
  return { url, child, kill }
}

/** Asks until the answer is there. @throws Error with what was waited for. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  msMax = 60_000,
  pollMs = 50,
): Promise<T> {
  const deadline = Date.now() + msMax
  while (Date.now() < deadline) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await sleep(pollMs)
  }
  throw new Error(`waited ${msMax} ms for ${what}`)
}
