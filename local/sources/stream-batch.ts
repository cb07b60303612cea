import type { InvokeResult } from '../service.ts'
import { readAnswer } from './answer.ts'
import type { Mapping } from './mapping.ts'
import type { StreamRecord } from './stream-reader.ts'

export type BatchWork = {
  mapping: Mapping
  /** Calls the function; an error is a fault of the service, not of the batch. */
  invoke(records: readonly StreamRecord[]): Promise<InvokeResult>
  /** Everything up to this record is done with. */
  settled(record: StreamRecord): void
  giveUp(records: readonly StreamRecord[], reason: GivenUp): Promise<void>
  /** Waits before the next attempt; throws when the runtime stops. */
  pause(attempts: number): Promise<void>
  now: () => Date
}

export type GivenUp = {
  condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded'
  invokeCount: number
  result: InvokeResult
}

/**
 * Hands a batch to the function until every record is processed or given up, in order: what comes later waits.
 * Splitting a batch does not count as an attempt.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export async function settleBatch(
  batch: readonly StreamRecord[],
  work: BatchWork,
  attemptsBefore = 0,
): Promise<void> {
  const { mapping } = work
  let records = batch
  let attempts = attemptsBefore
  while (records.length > 0) {
    const result = await work.invoke(records)
    const identifiers = new Set(records.map(sequenceOf))
    const answer = readAnswer(result, identifiers, mapping.reportsFailures)
    if (answer.kind === 'succeeded') {
      work.settled(lastOf(records))
      return
    }
    if (answer.kind === 'partly') {
      const first = records.findIndex((record) => answer.failed.has(sequenceOf(record)))
      const before = records[first - 1]
      if (before !== undefined) work.settled(before)
      records = records.slice(first)
    } else if (mapping.bisects && records.length > 1) {
      const middle = Math.ceil(records.length / 2)
      await work.pause(attempts)
      await settleBatch(records.slice(0, middle), work, attempts)
      await settleBatch(records.slice(middle), work, attempts)
      return
    }
    attempts += 1
    const condition = exhaustionOf(records, attempts, work)
    if (condition !== undefined) {
      await work.giveUp(records, { condition, invokeCount: attempts, result })
      work.settled(lastOf(records))
      return
    }
    await work.pause(attempts)
  }
}

export const sequenceOf = (record: StreamRecord): string => record.dynamodb.SequenceNumber

function lastOf(records: readonly StreamRecord[]): StreamRecord {
  const last = records.at(-1)
  if (last === undefined) throw new Error('an empty batch was settled')
  return last
}

function exhaustionOf(
  [oldest]: readonly StreamRecord[],
  attempts: number,
  { mapping, now }: BatchWork,
): GivenUp['condition'] | undefined {
  if (mapping.retriesMax >= 0 && attempts > mapping.retriesMax) return 'RetryAttemptsExhausted'
  const ageSeconds = now().getTime() / 1000 - (oldest?.dynamodb.ApproximateCreationDateTime ?? 0)
  return mapping.ageSecondsMax >= 0 && ageSeconds > mapping.ageSecondsMax ? 'RecordAgeExceeded' : undefined
}
