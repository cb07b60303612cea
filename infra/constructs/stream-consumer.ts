import { Duration } from 'aws-cdk-lib'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import {
  EventSourceMapping,
  FilterCriteria,
  type Function as LambdaFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { acknowledge } from './acknowledge.ts'
import { addAlarm, alarmPeriod } from './alarm.ts'
import { allow } from './grants.ts'

export type StreamSettings = {
  table: Table
  /** Lambda's filter rules on the item's partition key: a value, or `{ prefix }`. */
  partitions: readonly (string | { prefix: string })[]
  batchSize: number
  batchSeconds: number
  retries: number
  failures: IQueue
}

/** A stream is kept for 24 hours: long before, somebody has to know that it is not being read. */
const ageMsMax = 5 * 60_000

/**
 * Feeds new items of the table to a function, in the order of each partition. One bad record cannot hold the rest:
 * the function names it, Lambda halves the batch, and after the last retry the record's place goes to the queue.
 */
export function consumeStream(lambda: LambdaFunction, settings: StreamSettings): void {
  const { table, failures } = settings
  const streamArn = table.tableStreamArn
  if (streamArn === undefined) throw new Error(`${table.node.path} has no stream`)
  const reading = allowStreamRead(lambda, streamArn)
  allow(lambda, ['sqs:SendMessage'], [failures.queueArn])
  const mapping = new EventSourceMapping(lambda, 'Stream', {
    target: lambda,
    eventSourceArn: streamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: settings.batchSize,
    maxBatchingWindow: Duration.seconds(settings.batchSeconds),
    retryAttempts: settings.retries,
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    onFailure: { bind: () => ({ destination: failures.queueArn }) },
    filters: [
      FilterCriteria.filter({
        eventName: ['INSERT'],
        dynamodb: { Keys: { pk: { S: settings.partitions } } },
      }),
    ],
  })
  // Lambda checks the role when the mapping is made, so the policies have to be there first.
  mapping.node.addDependency(reading, ...(lambda.role === undefined ? [] : [lambda.role]))
  addAlarm(mapping, 'Late', {
    metric: lambda.metric('IteratorAge', { period: alarmPeriod, statistic: 'Maximum' }),
    threshold: ageMsMax,
    means: "The table's stream is read with more than five minutes of delay.",
    runbook: 'stream-late',
  })
}

function allowStreamRead(lambda: LambdaFunction, streamArn: string): Policy {
  const policy = new Policy(lambda, 'StreamRead', {
    statements: [
      new PolicyStatement({
        actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        resources: [streamArn],
      }),
      new PolicyStatement({ actions: ['dynamodb:ListStreams'], resources: ['*'] }),
    ],
  })
  if (lambda.role !== undefined) policy.attachToRole(lambda.role)
  acknowledge(policy, {
    'AwsSolutions-IAM5[Resource::*]':
      'Lambda needs ListStreams to follow a stream, and that action only takes *: it shows names, no data.',
  })
  return policy
}
