import { Worker } from 'node:worker_threads'
import type { FunctionResource } from '../template/resources.ts'
import { captureLines } from './function-log.ts'
import type { FunctionErrorBody, Invocation, WorkerAnswer, WorkerSetup } from './protocol.ts'

export type Outcome = { functionError?: 'Unhandled'; payload: string }

type Options = {
  resource: FunctionResource
  entryUrl: string
  environment: Record<string, string>
  now: () => Date
  /** A line the function printed. */
  print: (line: string) => void
}

/**
 * The heap never gets less than this: the sources run unbundled here, with whole packages, and Node's own type
 * stripping lives in the same heap.
 */
const heapMegabytesMin = 256

/** One execution environment: a thread with the function's own environment variables and memory. */
export class WorkerThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, (outcome: Outcome) => void>()
  #nextId = 1
  #isRetired = false
  #crash: string | undefined

  constructor({ resource, entryUrl, environment, now, print }: Options) {
    const setup: WorkerSetup = {
      entryUrl,
      handler: resource.handler,
      functionName: resource.name,
      functionArn: resource.arn,
      memoryMegabytes: resource.memoryMegabytes,
    }
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), {
      workerData: setup,
      env: environment,
      execArgv: [],
      argv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: Math.max(resource.memoryMegabytes, heapMegabytesMin) },
    })
    captureLines(this.#worker.stdout, now, print)
    captureLines(this.#worker.stderr, now, print)
    this.#worker.on('message', (answer: WorkerAnswer) => this.#receive(answer))
    this.#worker.on('error', (error: unknown) => {
      this.#crash = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    })
    this.#worker.on('exit', (code) => {
      const reason = this.#crash ?? `Runtime exited with exit status ${code}`
      this.#fail({ errorType: 'Runtime.ExitError', errorMessage: `Error: ${reason}` })
    })
  }

  /** How many invocations it works on. */
  get load(): number {
    return this.#waiting.size
  }

  /** It timed out, crashed or was ended: it gets no new work and ends when it is idle. */
  get isRetired(): boolean {
    return this.#isRetired
  }

  run(
    invocation: Omit<Invocation, 'id'>,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Outcome> {
    const id = this.#nextId++
    const aborted = { errorType: 'Aborted', errorMessage: 'The invocation was stopped' }
    if (signal?.aborted === true)
      return Promise.resolve({ functionError: 'Unhandled', payload: JSON.stringify(aborted) })
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
        this.#waiting.delete(id)
        resolve(outcome)
        if (this.#isRetired && this.#waiting.size === 0) void this.#worker.terminate()
      }
      // On Lambda the environment ends with its timeout. Here others may still run in it: it gets no new work.
      const giveUp = (body: FunctionErrorBody): void => {
        this.#isRetired = true
        settle({ functionError: 'Unhandled', payload: JSON.stringify(body) })
      }
      const timer = setTimeout(() => {
        const seconds = (timeoutMs / 1000).toFixed(2)
        const errorMessage = `RequestId: ${invocation.requestId} Error: Task timed out after ${seconds} seconds`
        giveUp({ errorType: 'Sandbox.Timedout', errorMessage })
      }, timeoutMs)
      const abort = (): void => giveUp(aborted)
      signal?.addEventListener('abort', abort)
      this.#waiting.set(id, settle)
      this.#worker.postMessage({ ...invocation, id } satisfies Invocation, [])
    })
  }

  /** What its heap holds now, buffers outside of it included; 0 once it has ended. */
  async heapBytes(): Promise<number> {
    try {
      const { used_heap_size: used, external_memory: external } = await this.#worker.getHeapStatistics()
      return used + external
    } catch {
      return 0
    }
  }

  async end(): Promise<void> {
    this.#isRetired = true
    await this.#worker.terminate()
  }

  #receive(answer: WorkerAnswer): void {
    if (answer.kind === 'ready') return
    if (answer.kind === 'broken') return this.#fail(JSON.parse(answer.payload) as FunctionErrorBody)
    const { kind, payload } = answer
    this.#waiting.get(answer.id)?.(kind === 'error' ? { functionError: 'Unhandled', payload } : { payload })
  }

  /** Nothing in it will be answered any more. */
  #fail(body: FunctionErrorBody): void {
    this.#isRetired = true
    const payload = JSON.stringify(body)
    for (const settle of this.#waiting.values()) settle({ functionError: 'Unhandled', payload })
  }
}
