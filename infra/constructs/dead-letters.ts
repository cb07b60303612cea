import { Duration } from 'aws-cdk-lib'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { addAlarm, alarmPeriod } from './alarm.ts'

/** Where events go that no retry could save. Anything in it is an incident. */
export function deadLetters(scope: Construct, id: string, holds: string): Queue {
  const queue = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  })
  const reason = 'This is the end of the line: a dead-letter queue has no dead-letter queue of its own.'
  acknowledge(queue, { 'AwsSolutions-SQS3': reason, 'Serverless-SQSRedrivePolicy': reason })
  addAlarm(queue, 'NotEmpty', {
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: alarmPeriod, statistic: 'Maximum' }),
    threshold: 1,
    means: `${holds} could not be handled and wait in ${id}.`,
    runbook: 'dead-letters',
  })
  return queue
}
