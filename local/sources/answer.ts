import * as z from 'zod'
import type { InvokeResult } from '../service.ts'

/** What a function answered to a batch: all well, all failed, or these failed. */
export type BatchAnswer = { kind: 'succeeded' } | { kind: 'failed' } | { kind: 'partly'; failed: Set<string> }

const Report = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish(),
})

/**
 * Reads the answer of a function that may report single failures. An answer that is none, or that names a record
 * which is not in the batch, fails the whole batch, as on AWS.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function readAnswer(
  result: InvokeResult,
  identifiers: ReadonlySet<string>,
  reports: boolean,
): BatchAnswer {
  if (result.functionError !== undefined) return { kind: 'failed' }
  if (!reports) return { kind: 'succeeded' }
  const value: unknown = result.payload === '' ? null : JSON.parse(result.payload)
  if (value === null) return { kind: 'succeeded' }
  const report = Report.safeParse(value)
  if (!report.success) return { kind: 'failed' }
  const failed = new Set((report.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier))
  if (failed.size === 0) return { kind: 'succeeded' }
  return [...failed].every((identifier) => identifiers.has(identifier))
    ? { kind: 'partly', failed }
    : { kind: 'failed' }
}
