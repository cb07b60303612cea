import { randomUUID } from 'node:crypto'
import { type Host, type HostLog, ServiceError } from '../service.ts'
import type { FunctionResource } from '../template/resources.ts'
import { type Bounds, WorkerPool } from './pool.ts'
import type { Outcome } from './worker-thread.ts'

export type Functions = {
  /** Runs the function and waits. @throws ServiceError RequestTooLargeException, ResourceNotFoundException. */
  run(functionArn: string, payload: string, options?: RunOptions): Promise<Outcome & { requestId: string }>
  /** What the heaps of each function's workers hold now, in bytes: one number a worker. */
  heaps(): Promise<Map<string, number[]>>
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
  used: Host['used']
  /** For a function that keeps a CPU busy. One worker, and any number of invocations at once, where left out. */
  boundsOf?(resource: FunctionResource): Bounds | undefined
}

/** Synchronous payloads, request and response each (Lambda quotas). */
const payloadBytesMax = 6 * 1024 * 1024
const sweepMs = 60_000

/** Lambda: a worker thread per function, started at its first invocation. */
export function createFunctions(options: Options): Functions {
  const { resources, projectDir, now, logDir, log } = options
  const pools = new Map<string, WorkerPool>()
  const byArn = new Map(resources.map((resource) => [resource.arn, resource]))

  function find(functionArn: string): FunctionResource {
    const resource = byArn.get(functionArn.replace(/:\$LATEST$/, ''))
    if (resource !== undefined) return resource
    throw new ServiceError('ResourceNotFoundException', `Function not found: ${functionArn}`, 404)
  }

  function poolOf(resource: FunctionResource): WorkerPool {
    const known = pools.get(resource.arn)
    if (known !== undefined) return known
    const pool = new WorkerPool({
      resource,
      projectDir,
      logDir,
      now,
      environment: () => ({ ...resource.environment, ...options.reservedEnvironment(resource) }),
      bounds: options.boundsOf?.(resource),
      used: (ms) => options.used({ kind: 'invocation', functionArn: resource.arn, ms }),
    })
    pools.set(resource.arn, pool)
    return pool
  }

  const sweeper = setInterval(() => {
    for (const pool of pools.values()) pool.endIdle()
  }, sweepMs)
  sweeper.unref()

  return {
    find,
    warm: (functionArn) => poolOf(find(functionArn)).warm(),
    async run(functionArn, payload, { signal, requestId = randomUUID() } = {}) {
      const resource = find(functionArn)
      const size = Buffer.byteLength(payload)
      if (size > payloadBytesMax)
        throw new ServiceError(
          'RequestTooLargeException',
          `Request must be smaller than ${payloadBytesMax} bytes for the InvokeFunction operation`,
          413,
        )
      const outcome = bounded(await poolOf(resource).run(payload, requestId, signal))
      if (outcome.functionError !== undefined)
        log('warn', 'a function failed', {
          function: resource.name,
          requestId,
          error: outcome.payload.slice(0, 2000),
        })
      return { ...outcome, requestId }
    },
    async heaps() {
      const all = [...pools].map(async ([arn, pool]) => [find(arn).name, await pool.heaps()] as const)
      return new Map(await Promise.all(all))
    },
    async stop() {
      clearInterval(sweeper)
      await Promise.all([...pools.values()].map((pool) => pool.stop()))
    },
  }
}

function bounded(outcome: Outcome): Outcome {
  if (Buffer.byteLength(outcome.payload) <= payloadBytesMax) return outcome
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${payloadBytesMax} bytes).`
  const payload = JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage })
  return { functionError: 'Unhandled', payload }
}
