import * as z from 'zod'

/**
 * Events that a consumer in `functions/on` takes from the bus: their source and type, as rules match them, and what the
 * consumer reads of them. Our own events are named in the past tense, `noun.verb`.
 */
export const eventCatalog = {
  /**
   * An execution that did not end by itself.
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
   */
  executionStopped: {
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    statuses: ['FAILED', 'TIMED_OUT', 'ABORTED'],
    schema: z.object({
      detail: z.object({
        status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
        executionArn: z.string(),
        input: z.string(),
        error: z.string().nullish(),
        cause: z.string().nullish(),
      }),
    }),
  },
  /**
   * A file that was uploaded for a job.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
   */
  uploadArrived: {
    source: 'aws.s3',
    detailType: 'Object Created',
    keyPrefix: 'uploads/',
    schema: z.object({
      detail: z.object({ object: z.object({ key: z.string(), size: z.number().optional() }) }),
    }),
  },
} as const
