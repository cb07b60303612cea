import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { addAlarm, alarmPeriod } from './alarm.ts'

/**
 * Counts of each run, taken from the one line that ends it. Sums over all devices and without a dimension: a metric
 * for each device would be the most expensive part of the product.
 */
export const runMetrics = { namespace: 'netkeep', devices: 'RunDevices', failed: 'RunFailedDevices' } as const

/** The message of the report's log line; its fields `total` and `failed` are the values. */
const reportMessage = 'backup run finished'

export function countRunDevices(scope: Construct, report: LambdaFunction): void {
  const values = { [runMetrics.devices]: '$.total', [runMetrics.failed]: '$.failed' }
  for (const [metricName, metricValue] of Object.entries(values)) {
    new MetricFilter(scope, metricName, {
      logGroup: report.logGroup,
      filterPattern: FilterPattern.stringValue('$.message', '=', reportMessage),
      metricNamespace: runMetrics.namespace,
      metricName,
      metricValue,
    })
  }
}

/** Single devices fail every night; a fifth of them at once is a network, a credential or a fault of ours. */
const alarmingShare = 0.2

export function alarmOnFailedDevices(scope: Construct): void {
  addAlarm(scope, 'ManyDevicesFailed', {
    metric: new MathExpression({
      expression: 'IF(total > 0, failed / total, 0)',
      usingMetrics: { total: runMetric(runMetrics.devices), failed: runMetric(runMetrics.failed) },
      label: 'share of devices that failed',
      period: alarmPeriod,
    }),
    threshold: alarmingShare,
    means: 'A backup run ended with a fifth of its devices failed, or more.',
    runbook: 'many-devices-failed',
  })
}

export const runMetric = (metricName: string): Metric =>
  new Metric({ namespace: runMetrics.namespace, metricName, period: alarmPeriod, statistic: 'Sum' })
