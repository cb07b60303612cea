import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type HostLog, ServiceError } from '../service.ts'
import type { FunctionResource } from '../template/resources.ts'
import { type LineLog, openLineLog } from './function-log.ts'
import { type Outcome, WorkerThread } from './worker-thread.ts'

export type Functions = {
  /** Runs the function and waits. @throws ServiceError RequestTooLargeException, ResourceNotFoundException. */
  run(functionArn: string, payload: string, options?: RunOptions): Promise<Outcome & { requestId: string }>
  /** Starts a worker before it is needed. */
  warm(functionArn: string): void
  find(functionArn: string): FunctionResource
  stop(): Promise<void>
}

type RunOptions = { signal?: AbortSignal; requestId?: string }

type Options = {
  resources: readonly FunctionResource[]
  /** Entries of the template are relative to it. */
  projectDir: string
  logDir: string
  /** Variables Lambda itself adds: region, credentials of the role, the gateway. */
  reservedEnvironment(resource: FunctionResource): Record<string, string>
  now: () => Date
  log: HostLog
  /** Workers a function may have at once (1 where left out): more help only one that keeps a CPU busy. */
  workersMax?(resource: FunctionResource): number
}

/** Synchronous payloads, request and response each (Lambda quotas). */
const payloadBytesMax = 6 * 1024 * 1024
/** A worker that nobody needs for this long is ended, to give its memory back. */
const idleMs = 15 * 60_000
const sweepMs = 60_000
/** A second worker is started when the first has this much to do. */
const loadPerWorker = 1

type Pool = { resource: FunctionResource; workers: WorkerThread[]; log: LineLog; usedAt: number }

/** Lambda: a worker thread per function, started at its first invocation. */
export function createFunctions(options: Options): Functions {
  const { resources, now, logDir, log } = options
  const pools = new Map<string, Pool>()
  const byArn = new Map(resources.map((resource) => [resource.arn, resource]))

  function find(functionArn: string): FunctionResource {
    const resource = byArn.get(functionArn.replace(/:\$LATEST$/, ''))
    if (resource !== undefined) return resource
    throw new ServiceError('ResourceNotFoundException', `Function not found: ${functionArn}`, 404)
  }

  function poolOf(resource: FunctionResource): Pool {
    const known = pools.get(resource.arn)
    if (known !== undefined) return known
    const pool = { resource, workers: [], log: openLineLog(logDir, resource.name), usedAt: Date.now() }
    pools.set(resource.arn, pool)
    return pool
  }

  function workerOf(pool: Pool): WorkerThread {
    pool.workers = pool.workers.filter(({ isRetired }) => !isRetired)
    pool.usedAt = Date.now()
    const [least] = pool.workers.toSorted((a, b) => a.load - b.load)
    const workersMax = options.workersMax?.(pool.resource) ?? 1
    if (least !== undefined && (least.load < loadPerWorker || pool.workers.length >= workersMax)) return least
    const { resource } = pool
    const worker = new WorkerThread({
      resource,
      entryUrl: pathToFileURL(join(options.projectDir, resource.entry)).href,
      environment: { ...resource.environment, ...options.reservedEnvironment(resource) },
      now,
      print: (line) => pool.log.write(line),
    })
    pool.workers.push(worker)
    return worker
  }

  const sweeper = setInterval(() => endIdle(pools.values()), sweepMs)
  sweeper.unref()

  return {
    find,
    warm: (functionArn) => void workerOf(poolOf(find(functionArn))),
    async run(functionArn, payload, { signal, requestId = randomUUID() } = {}) {
      const resource = find(functionArn)
      const size = Buffer.byteLength(payload)
      if (size > payloadBytesMax)
        throw new ServiceError(
          'RequestTooLargeException',
          `Request must be smaller than ${payloadBytesMax} bytes for the InvokeFunction operation`,
          413,
        )
      const timeoutMs = resource.timeoutSeconds * 1000
      const invocation = { event: payload, requestId, deadlineAt: Date.now() + timeoutMs }
      const outcome = bounded(await workerOf(poolOf(resource)).run(invocation, timeoutMs, signal))
      if (outcome.functionError !== undefined)
        log('warn', 'a function failed', {
          function: resource.name,
          requestId,
          error: outcome.payload.slice(0, 2000),
        })
      return { ...outcome, requestId }
    },
    async stop() {
      clearInterval(sweeper)
      const all = [...pools.values()]
      await Promise.all(all.flatMap(({ workers }) => workers.map((worker) => worker.end())))
      for (const pool of all) pool.log.close()
    },
  }
}

function endIdle(pools: Iterable<Pool>): void {
  for (const pool of pools) {
    if (Date.now() - pool.usedAt < idleMs || pool.workers.some(({ load }) => load > 0)) continue
    for (const worker of pool.workers.splice(0)) void worker.end()
  }
}

function bounded(outcome: Outcome): Outcome {
  if (Buffer.byteLength(outcome.payload) <= payloadBytesMax) return outcome
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${payloadBytesMax} bytes).`
  const payload = JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage })
  return { functionError: 'Unhandled', payload }
}
