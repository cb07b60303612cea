import * as z from 'zod'
import { compilePattern, type Matcher } from '../events/pattern.ts'
import type { Host } from '../service.ts'
import type { EventSourceMappingResource, FunctionResource } from '../template/resources.ts'

/** What AWS::Lambda::EventSourceMapping says, as far as it changes what happens here. */
const Properties = z.strictObject({
  BatchSize: z.coerce.number().int().min(1).max(10_000).optional(),
  MaximumBatchingWindowInSeconds: z.coerce.number().min(0).max(300).default(0),
  StartingPosition: z.enum(['LATEST', 'TRIM_HORIZON']).default('TRIM_HORIZON'),
  MaximumRetryAttempts: z.coerce.number().int().min(-1).max(10_000).default(-1),
  MaximumRecordAgeInSeconds: z.coerce.number().int().min(-1).max(604_800).default(-1),
  BisectBatchOnFunctionError: z.boolean().default(false),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })).default([]) }).optional(),
  DestinationConfig: z
    .object({ OnFailure: z.object({ Destination: z.string().regex(/^arn:[^:]+:sqs:/) }).optional() })
    .default({}),
  // One batch at a time here: these say how many at once.
  ParallelizationFactor: z.unknown().optional(),
  ScalingConfig: z.unknown().optional(),
  // Without effect here.
  FunctionName: z.unknown().optional(),
  EventSourceArn: z.unknown().optional(),
  Enabled: z.unknown().optional(),
  MetricsConfig: z.unknown().optional(),
  LoggingConfig: z.unknown().optional(),
  KmsKeyArn: z.unknown().optional(),
  Tags: z.unknown().optional(),
})

export type Mapping = {
  id: string
  kind: 'stream' | 'queue'
  sourceArn: string
  function: FunctionResource
  batchSize: number
  windowSeconds: number
  startingPosition: 'LATEST' | 'TRIM_HORIZON'
  /** -1: as often as it takes. */
  retriesMax: number
  /** -1: however old. */
  ageSecondsMax: number
  bisects: boolean
  reportsFailures: boolean
  /** A record that no filter lets through is passed over. */
  accepts: Matcher
  onFailureArn?: string
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html: BatchSize. */
const batchSizes = { stream: 100, queue: 10 } as const

/**
 * Reads the event source mappings of the template.
 * @throws Error naming every one that cannot be hosted.
 */
export function readMappings(host: Host): Mapping[] {
  const complaints: string[] = []
  const mappings = host.resources.eventSourceMappings.flatMap((resource) => {
    try {
      return resource.enabled ? [readMapping(resource, host)] : []
    } catch (error) {
      const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
      complaints.push(`${resource.stack}/${resource.logicalId}: ${reason}`)
      return []
    }
  })
  if (complaints.length > 0)
    throw new Error(`event source mappings cannot be hosted:\n  ${complaints.join('\n  ')}`)
  return mappings
}

function readMapping(resource: EventSourceMappingResource, host: Host): Mapping {
  const { functionArn, eventSourceArn } = resource
  const found = host.resources.functions.find(({ arn, name }) => arn === functionArn || name === functionArn)
  if (found === undefined) throw new Error(`there is no function ${functionArn}`)
  const is = Properties.parse(resource.properties)
  const kind = kindOf(eventSourceArn)
  return {
    id: resource.id,
    kind,
    sourceArn: eventSourceArn,
    function: found,
    batchSize: is.BatchSize ?? batchSizes[kind],
    windowSeconds: is.MaximumBatchingWindowInSeconds,
    startingPosition: is.StartingPosition,
    retriesMax: is.MaximumRetryAttempts,
    ageSecondsMax: is.MaximumRecordAgeInSeconds,
    bisects: is.BisectBatchOnFunctionError,
    reportsFailures: is.FunctionResponseTypes.length > 0,
    accepts: acceptsAny(is.FilterCriteria?.Filters.map(({ Pattern }) => Pattern) ?? []),
    ...(is.DestinationConfig.OnFailure !== undefined && {
      onFailureArn: is.DestinationConfig.OnFailure.Destination,
    }),
  }
}

function kindOf(arn: string): Mapping['kind'] {
  if (/^arn:[^:]+:dynamodb:.*\/stream\//.test(arn)) return 'stream'
  if (/^arn:[^:]+:sqs:/.test(arn)) return 'queue'
  throw new Error(`the event source ${arn} is not hosted`)
}

function acceptsAny(patterns: readonly string[]): Matcher {
  if (patterns.length === 0) return () => true
  const matchers = patterns.map((pattern) =>
    compilePattern(z.record(z.string(), z.unknown()).parse(JSON.parse(pattern))),
  )
  return (record) => matchers.some((matches) => matches(record))
}
