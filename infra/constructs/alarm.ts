import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { readSettings } from '../settings.ts'

/** Alarms stand next to what they watch: no stack then imports a name from another just to look at it. */
export type AlarmSettings = {
  metric: IMetric
  /** Alarms from this value on. */
  threshold: number
  /** Periods of the metric in a row. */
  periods?: number
  /** What has happened, in a sentence. */
  means: string
  /** The heading in docs/operations.md that says what to do. */
  runbook: string
}

export const alarmPeriod = Duration.minutes(5)

export function addAlarm(scope: Construct, id: string, settings: AlarmSettings): Alarm {
  const alarm = new Alarm(scope, id, {
    metric: settings.metric,
    threshold: settings.threshold,
    evaluationPeriods: settings.periods ?? 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    // Nothing happening is not an incident here: every metric counts faults.
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `${settings.means} What to do: docs/operations.md#${settings.runbook}`,
  })
  const { alarmTopicArn } = readSettings(scope)
  if (alarmTopicArn !== undefined) {
    alarm.addAlarmAction(new SnsAction(Topic.fromTopicArn(alarm, 'Operators', alarmTopicArn)))
  }
  return alarm
}
