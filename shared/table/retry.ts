import { AppError } from '../errors.ts'
import type { Write } from './table.ts'

export type RetryClock = {
  /** Resolves after so many milliseconds. */
  sleep: (ms: number) => Promise<unknown>
  /** A number from 0 to below 1. */
  random: () => number
}

/** Full jitter: a wait anywhere between 0 and the cap, which doubles. Twelve attempts last about 4 s on average. */
const attemptsMax = 12
/**
 * No attempt starts later than this: readers that look back over the newest changes (`shared/catalog`) rely on a
 * write being seen or given up within a known time.
 */
export const attemptsMsMax = 8000
const firstCapMs = 20
const capMs = 1000

type Failure = { again: 'write_conflict' | 'unavailable' } | { thrown: unknown }

/**
 * Calls `attempt` until it succeeds, or fails for a reason that a retry does not heal.
 * @throws AppError the failed condition's code, `write_conflict`, `unavailable`; anything else as it came.
 */
export async function withRetries<T>(
  clock: RetryClock,
  writes: readonly Write[],
  attempt: () => Promise<T>,
): Promise<T> {
  const startedMs = performance.now()
  for (let count = 1; ; count++) {
    try {
      return await attempt()
    } catch (cause) {
      const failure = classify(cause, writes)
      if ('thrown' in failure) throw failure.thrown
      if (count >= attemptsMax || performance.now() - startedMs > attemptsMsMax)
        throw new AppError(failure.again, undefined, { cause })
      await backOff(clock, count)
    }
  }
}

/** Waits before attempt number `count + 1`. */
export async function backOff(clock: RetryClock, count: number): Promise<void> {
  await clock.sleep(clock.random() * Math.min(capMs, firstCapMs * 2 ** (count - 1)))
}

export const retryAttemptsMax = attemptsMax

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const conflictNames = new Set(['TransactionInProgressException', 'TransactionConflictException'])
const unavailableNames = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'InternalServerError',
  'InternalServerException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TimeoutError',
])
/** Reasons inside a cancelled transaction. */
const conflictReasons = new Set(['TransactionConflict'])
const unavailableReasons = new Set([
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'InternalServerError',
])

function classify(cause: unknown, writes: readonly Write[]): Failure {
  if (!(cause instanceof Error)) return { thrown: cause }
  if (cause.name === 'TransactionCanceledException') return classifyCancellation(cause, writes)
  if (conflictNames.has(cause.name)) return { again: 'write_conflict' }
  return isPassing(cause) ? { again: 'unavailable' } : { thrown: cause }
}

/** A fault of an AWS service or of the way to it that may be gone at the next attempt. */
export const isPassing = (cause: Error): boolean =>
  unavailableNames.has(cause.name) || isServerFault(cause) || isNetworkFault(cause)

/** A failed condition says the truth even beside a conflict: it is looked for first. */
function classifyCancellation(cause: Error, writes: readonly Write[]): Failure {
  const codes = reasonsOf(cause)
  const failed = codes.indexOf('ConditionalCheckFailed')
  const write = failed < 0 ? undefined : writes[failed]
  if (write !== undefined) return { thrown: conditionError(write, cause) }
  if (codes.some((code) => conflictReasons.has(code))) return { again: 'write_conflict' }
  if (codes.some((code) => unavailableReasons.has(code))) return { again: 'unavailable' }
  return { thrown: cause }
}

function reasonsOf(cause: Error): string[] {
  const reasons = 'CancellationReasons' in cause ? cause.CancellationReasons : undefined
  if (!Array.isArray(reasons)) return []
  return reasons.map((reason: { Code?: string } | undefined) => reason?.Code ?? 'None')
}

function conditionError(write: Write, cause: Error): unknown {
  if ('ifAbsent' in write) return new AppError(write.ifAbsent, write.detail, { cause })
  if ('otherwise' in write) return new AppError(write.otherwise, write.detail, { cause })
  if ('ifPresent' in write) return new AppError(write.ifPresent, write.detail, { cause })
  if ('isPresent' in write) return new AppError(write.isPresent, write.detail, { cause })
  if ('isAbsent' in write) return new AppError(write.isAbsent, write.detail, { cause })
  return cause
}

function isServerFault(cause: Error): boolean {
  const metadata =
    '$metadata' in cause ? (cause.$metadata as { httpStatusCode?: number } | undefined) : undefined
  return (metadata?.httpStatusCode ?? 0) >= 500
}

const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])

function isNetworkFault(cause: Error): boolean {
  return 'code' in cause && networkCodes.has(String(cause.code))
}
