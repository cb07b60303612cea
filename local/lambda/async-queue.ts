import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { type Faults, type HostLog, ServiceError } from '../service.ts'
import type { FunctionResource } from '../template/resources.ts'
import type { Functions } from './functions.ts'

type Options = {
  folder: string
  functions: Functions
  faults: Faults
  now: () => Date
  log: HostLog
  /** Sends a failed event to a queue, under the function's role. */
  sendToQueue: (
    resource: FunctionResource,
    queueArn: string,
    body: string,
    attributes: Record<string, string>,
  ) => Promise<void>
  /** Waits before the first and the second retry. Lambda: one minute, then two. */
  retryAfterMs?: readonly number[]
}

/** Asynchronous payloads (Lambda quotas). */
const payloadBytesMax = 1024 * 1024
/** Events run at once; the rest waits its turn. */
const runningMax = 10
const stopMsMax = 1000
const lambdaRetryAfterMs = [60_000, 120_000]

const Event = z.object({ id: z.string(), functionArn: z.string(), payload: z.string(), attempts: z.int() })
type Event = z.infer<typeof Event>

/** Lambda's queue of asynchronous invocations: at least once, two retries, then the dead-letter queue or destination. */
export class AsyncQueue {
  readonly #options: Options
  readonly #ended = new AbortController()
  readonly #waiting: Event[] = []
  readonly #running = new Set<Promise<void>>()

  constructor(options: Options) {
    this.#options = options
    mkdirSync(options.folder, { recursive: true })
  }

  /** Accepts an event and returns its request id: it is on disk by then. */
  accept(functionArn: string, payload: string): string {
    if (Buffer.byteLength(payload) > payloadBytesMax)
      throw new ServiceError('RequestTooLargeException', 'An asynchronous payload is at most 1 MB', 413)
    const { functions, faults } = this.#options
    const { arn } = functions.find(functionArn)
    const event = { id: randomUUID(), functionArn: arn, payload, attempts: 0 }
    const isDoubled = faults.take('lambda', 'deliver', payload)?.kind === 'duplicate'
    const events = isDoubled ? [event, { ...event, id: randomUUID() }] : [event]
    for (const one of events) this.#keep(one)
    this.#waiting.push(...events)
    this.#pump()
    return event.id
  }

  /** Takes up what a killed runtime had accepted. */
  resume(): void {
    const { folder, functions } = this.#options
    for (const name of readdirSync(folder)) {
      const event = Event.safeParse(parse(readFileSync(join(folder, name), 'utf8')))
      // Half written, or for a function that is no longer in the template.
      if (event.success && isKnown(functions, event.data.functionArn)) this.#waiting.push(event.data)
      else rmSync(join(folder, name))
    }
    this.#pump()
  }

  async stop(): Promise<void> {
    this.#ended.abort()
    await Promise.race([Promise.allSettled(this.#running), sleep(stopMsMax, undefined, { ref: false })])
  }

  #pump(): void {
    while (this.#running.size < runningMax && !this.#ended.signal.aborted) {
      const event = this.#waiting.shift()
      if (event === undefined) return
      const run = this.#attempt(event)
        .catch((error: unknown) =>
          this.#options.log('error', 'an asynchronous invocation was not settled', { error: String(error) }),
        )
        .finally(() => {
          this.#running.delete(run)
          this.#pump()
        })
      this.#running.add(run)
    }
  }

  async #attempt(event: Event): Promise<void> {
    const { functions, retryAfterMs = lambdaRetryAfterMs } = this.#options
    const resource = functions.find(event.functionArn)
    const outcome = await functions.run(event.functionArn, event.payload, { requestId: event.id })
    // A runtime that is stopping has ended the worker: the event stays on disk for the next start.
    if (this.#ended.signal.aborted) return
    const next = { ...event, attempts: event.attempts + 1 }
    if (outcome.functionError !== undefined && next.attempts <= resource.asyncRetries) {
      this.#keep(next)
      void this.#later(next, retryAfterMs[next.attempts - 1] ?? retryAfterMs.at(-1) ?? 0)
      return
    }
    if (outcome.functionError !== undefined) await this.#giveUp(resource, next, outcome.payload)
    rmSync(this.#fileOf(event), { force: true })
  }

  async #later(event: Event, waitMs: number): Promise<void> {
    await sleep(waitMs, undefined, { signal: this.#ended.signal, ref: false }).catch(() => {})
    this.#waiting.push(event)
    this.#pump()
  }

  async #giveUp(resource: FunctionResource, event: Event, errorPayload: string): Promise<void> {
    const { now, log, sendToQueue } = this.#options
    const { id, payload, attempts } = event
    log('error', 'an asynchronous invocation failed for good', {
      function: resource.name,
      requestId: id,
      attempts,
    })
    if (resource.deadLetterArn !== undefined) {
      const { errorMessage = '' } = JSON.parse(errorPayload) as { errorMessage?: string }
      const attributes = { RequestID: id, ErrorCode: '200', ErrorMessage: errorMessage.slice(0, 1024) }
      await sendToQueue(resource, resource.deadLetterArn, payload, attributes)
    }
    if (resource.onFailureArn === undefined) return
    const record = failureRecord(now(), resource, event, errorPayload)
    await sendToQueue(resource, resource.onFailureArn, JSON.stringify(record), {})
  }

  #fileOf({ id }: Event): string {
    return join(this.#options.folder, `${id}.json`)
  }

  #keep(event: Event): void {
    writeFileSync(this.#fileOf(event), JSON.stringify(event))
  }
}

/** What Lambda sends to an onFailure destination (Lambda developer guide, asynchronous invocation records). */
function failureRecord(
  now: Date,
  resource: FunctionResource,
  event: Event,
  errorPayload: string,
): Record<string, unknown> {
  return {
    version: '1.0',
    timestamp: now.toISOString(),
    requestContext: {
      requestId: event.id,
      functionArn: `${resource.arn}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: event.attempts,
    },
    requestPayload: JSON.parse(event.payload) as unknown,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: JSON.parse(errorPayload) as unknown,
  }
}

function isKnown(functions: Functions, functionArn: string): boolean {
  try {
    functions.find(functionArn)
    return true
  } catch {
    return false
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
