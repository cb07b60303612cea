import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import * as z from 'zod'
import { openRecords, type Records } from '../records.ts'
import { type Caller, type Host, ServiceError } from '../service.ts'
import { sendToQueue, sendToTarget } from './targets.ts'

const CallerRecord = z.union([
  z.object({ kind: z.literal('role'), roleArn: z.string() }),
  z.object({ kind: z.literal('service'), principal: z.string(), sourceArn: z.string() }),
])

/** One text for one target. It stays on disk until it is delivered or given up. */
const Delivery = z.object({
  id: z.string(),
  targetArn: z.string(),
  caller: CallerRecord,
  input: z.string(),
  createdAt: z.string(),
  attempts: z.number(),
  retriesMax: z.number(),
  ageSecondsMax: z.number(),
  deadLetterArn: z.string().optional(),
  /** Message attributes for the dead-letter queue, besides those of the failure. */
  deadLetterNotes: z.record(z.string(), z.string()),
})
type Delivery = z.infer<typeof Delivery>
export type NewDelivery = Omit<Delivery, 'id' | 'createdAt' | 'attempts' | 'caller'> & {
  caller: Exclude<Caller, { kind: 'operator' }>
  /** Nobody waits for the outcome and would ask again: it must be on disk before the first attempt. */
  isOwed?: boolean
}

export type Deliveries = {
  /**
   * Tries at once; resolves when the target has it or the text is safe on disk for the retries.
   * A delivery is at least once: the target may get it again.
   */
  deliver(delivery: NewDelivery): Promise<void>
  /** Takes up what the last runtime left behind. */
  resume(): void
  stop(): Promise<void>
}

export type DeliveryOptions = {
  host: Host
  /** `events` or `scheduler`: names the folder, the faults and the log lines. */
  service: 'events' | 'scheduler'
  /** Milliseconds in a second of the back-off. */
  secondMs: number
}

/** AWS's own defaults. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
export const retryDefaults = { retriesMax: 185, ageSecondsMax: 86_400 }
/** Texts waiting for a retry; a further one goes to its dead-letter queue right away. */
const waitingMax = 10_000
const backOffSecondsMax = 60

export function createDeliveries(options: DeliveryOptions): Deliveries {
  const { host, service } = options
  const waiting: Records<Delivery> = openRecords(
    join(host.dataDir, service, 'deliveries'),
    Delivery,
    (file, error) => host.log('error', 'a delivery cannot be read', { file, error: String(error) }),
  )
  const timers = new Map<string, NodeJS.Timeout>()
  const inFlight = new Set<Promise<void>>()
  let isStopped = false

  const track = (work: Promise<void>): Promise<void> => {
    inFlight.add(work)
    return work.finally(() => inFlight.delete(work))
  }

  const attempt = async (delivery: Delivery): Promise<void> => {
    const tried = { ...delivery, attempts: delivery.attempts + 1 }
    try {
      await sendToTarget(host, tried)
      const twice = host.faults.take(service, 'deliver', delivery.input)
      if (twice?.kind === 'duplicate') await sendToTarget(host, tried)
      waiting.remove(delivery.id)
    } catch (error) {
      const exhausted = exhaustionOf(tried, error, host.now())
      if (exhausted === undefined && waiting.all().length < waitingMax) keep(tried)
      else {
        await giveUp(options, tried, { error, condition: exhausted ?? 'TooManyWaiting' })
        waiting.remove(delivery.id)
      }
    }
  }

  const keep = (delivery: Delivery): void => {
    waiting.put(delivery.id, delivery)
    if (isStopped) return
    const seconds =
      Math.min(2 ** Math.min(delivery.attempts - 1, 10), backOffSecondsMax) * (0.5 + Math.random() / 2)
    const again = (): void => {
      timers.delete(delivery.id)
      void track(attempt(delivery))
    }
    timers.set(delivery.id, setTimeout(again, seconds * options.secondMs))
  }

  return {
    deliver(delivery) {
      const whole = { ...delivery, id: randomUUID(), createdAt: host.now().toISOString(), attempts: 0 }
      const parsed = Delivery.parse(whole)
      if (delivery.isOwed === true) waiting.put(parsed.id, parsed)
      return track(attempt(parsed))
    },
    resume() {
      for (const delivery of waiting.all()) keep(delivery)
    },
    async stop() {
      isStopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(inFlight)
    },
  }
}

type Failure = { error: unknown; condition: string }

/** Hands a text to its dead-letter queue, with why it could not be delivered. */
async function giveUp(options: DeliveryOptions, delivery: Delivery, failure: Failure): Promise<void> {
  const { host, service } = options
  const { error, condition } = failure
  const { targetArn, deadLetterArn } = delivery
  host.log('error', `${service}: a target was not reached`, { targetArn, error: String(error) })
  if (deadLetterArn === undefined) return
  const notes = {
    ...delivery.deadLetterNotes,
    TARGET_ARN: targetArn,
    ERROR_CODE: error instanceof ServiceError ? error.code : 'InternalFailure',
    ERROR_MESSAGE: error instanceof Error ? error.message : String(error),
    EXHAUSTED_RETRY_CONDITION: condition,
    RETRY_ATTEMPTS: String(delivery.attempts - 1),
  }
  const message = { body: delivery.input, notes }
  await sendToQueue(host, delivery.caller, deadLetterArn, message).catch((refusal: unknown) =>
    host.log('error', `${service}: the dead-letter queue refused`, { deadLetterArn, error: String(refusal) }),
  )
}

/** Why there is no further attempt; undefined when there is one. */
function exhaustionOf(delivery: Delivery, error: unknown, now: Date): string | undefined {
  if (error instanceof ServiceError && !isTransient(error)) return 'NotRetryable'
  if (delivery.attempts > delivery.retriesMax) return 'MaximumRetryAttempts'
  const ageMs = now.getTime() - new Date(delivery.createdAt).getTime()
  return ageMs > delivery.ageSecondsMax * 1000 ? 'MaximumEventAgeInSeconds' : undefined
}

const transientCodes = /Throttl|TooManyRequests|ServiceUnavailable|LimitExceeded/

/** A missing grant or target does not come back by waiting; a busy or broken service may. */
const isTransient = (error: ServiceError): boolean => error.status >= 500 || transientCodes.test(error.code)
