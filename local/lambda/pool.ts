import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { atMost } from '../../shared/concurrency.ts'
import type { FunctionResource } from '../template/resources.ts'
import { type LineLog, openLineLog } from './function-log.ts'
import { type Outcome, WorkerThread } from './worker-thread.ts'

/** Workers at once, and invocations at once over all of them: further ones wait for their turn. */
export type Bounds = { workers: number; invocations: number }

type Options = {
  resource: FunctionResource
  /** Entries of the template are relative to it. */
  projectDir: string
  logDir: string
  environment: () => Record<string, string>
  now: () => Date
  bounds: Bounds | undefined
  used(ms: number): void
}

/** A worker that nobody needs for this long is ended, to give its memory back. */
const idleMs = 15 * 60_000
/** A second worker is started when the first has this much to do. */
const loadPerWorker = 1
const unbounded: Bounds = { workers: 1, invocations: Infinity }

/** The workers of one function. */
export class WorkerPool {
  readonly #options: Options
  readonly #bounds: Bounds
  readonly #log: LineLog
  readonly #inTurn: ReturnType<typeof atMost>
  #workers: WorkerThread[] = []
  #usedAt = Date.now()

  constructor(options: Options) {
    this.#options = options
    this.#bounds = options.bounds ?? unbounded
    this.#log = openLineLog(options.logDir, options.resource.name)
    this.#inTurn = atMost(this.#bounds.invocations)
  }

  /** Starts a worker before it is needed. */
  warm(): void {
    this.#worker()
  }

  run(event: string, requestId: string, signal: AbortSignal | undefined): Promise<Outcome> {
    const timeoutMs = this.#options.resource.timeoutSeconds * 1000
    return this.#inTurn(async () => {
      const startedMs = performance.now()
      const invocation = { event, requestId, deadlineAt: Date.now() + timeoutMs }
      const outcome = await this.#worker().run(invocation, timeoutMs, signal)
      this.#options.used(performance.now() - startedMs)
      return outcome
    })
  }

  heaps(): Promise<number[]> {
    return Promise.all(this.#workers.map((worker) => worker.heapBytes()))
  }

  endIdle(): void {
    if (Date.now() - this.#usedAt < idleMs || this.#workers.some(({ load }) => load > 0)) return
    for (const worker of this.#workers.splice(0)) void worker.end()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.end()))
    this.#log.close()
  }

  #worker(): WorkerThread {
    this.#workers = this.#workers.filter(({ isRetired }) => !isRetired)
    this.#usedAt = Date.now()
    const [least] = this.#workers.toSorted((a, b) => a.load - b.load)
    const isFull = this.#workers.length >= this.#bounds.workers
    if (least !== undefined && (least.load < loadPerWorker || isFull)) return least
    const { resource, projectDir, environment, now } = this.#options
    const worker = new WorkerThread({
      resource,
      entryUrl: pathToFileURL(join(projectDir, resource.entry)).href,
      environment: environment(),
      now,
      print: (line) => this.#log.write(line),
    })
    this.#workers.push(worker)
    return worker
  }
}
