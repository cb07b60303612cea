import { Duration } from 'aws-cdk-lib'
import {
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import { runMetric, runMetrics } from './run-metrics.ts'

type Graph = { title: string; dimensions: string; metric: string; statistic: string }

/** Each graph shows every resource of ours that has the metric; `dimensions` is CloudWatch's own search schema. */
const graphs: readonly Graph[] = [
  { title: 'API requests', dimensions: 'AWS/ApiGateway,ApiId', metric: 'Count', statistic: 'Sum' },
  { title: 'API 5xx', dimensions: 'AWS/ApiGateway,ApiId', metric: '5xx', statistic: 'Sum' },
  { title: 'API latency, p95 (ms)', dimensions: 'AWS/ApiGateway,ApiId', metric: 'Latency', statistic: 'p95' },
  { title: 'Function errors', dimensions: 'AWS/Lambda,FunctionName', metric: 'Errors', statistic: 'Sum' },
  {
    title: 'Function throttles',
    dimensions: 'AWS/Lambda,FunctionName',
    metric: 'Throttles',
    statistic: 'Sum',
  },
  {
    title: 'Function duration, p95 (ms)',
    dimensions: 'AWS/Lambda,FunctionName',
    metric: 'Duration',
    statistic: 'p95',
  },
  {
    title: 'Functions at once',
    dimensions: 'AWS/Lambda,FunctionName',
    metric: 'ConcurrentExecutions',
    statistic: 'Maximum',
  },
  {
    title: 'Stream delay (ms)',
    dimensions: 'AWS/Lambda,FunctionName',
    metric: 'IteratorAge',
    statistic: 'Maximum',
  },
  {
    title: 'Backup runs failed',
    dimensions: 'AWS/States,StateMachineArn',
    metric: 'ExecutionsFailed',
    statistic: 'Sum',
  },
  {
    title: 'Backup run time (ms)',
    dimensions: 'AWS/States,StateMachineArn',
    metric: 'ExecutionTime',
    statistic: 'Maximum',
  },
  {
    title: 'Table writes',
    dimensions: 'AWS/DynamoDB,TableName',
    metric: 'ConsumedWriteCapacityUnits',
    statistic: 'Sum',
  },
  {
    title: 'Table reads',
    dimensions: 'AWS/DynamoDB,TableName',
    metric: 'ConsumedReadCapacityUnits',
    statistic: 'Sum',
  },
  {
    title: 'Dead letters',
    dimensions: 'AWS/SQS,QueueName',
    metric: 'ApproximateNumberOfMessagesVisible',
    statistic: 'Maximum',
  },
]

const perRow = 3
const graphWidth = 24 / perRow

export function dashboard(scope: Construct, stackNames: readonly string[]): Dashboard {
  const page = new Dashboard(scope, 'Dashboard', {
    defaultInterval: Duration.hours(12),
    periodOverride: PeriodOverride.AUTO,
  })
  const runs = new GraphWidget({
    title: 'Devices of backup runs: all and failed',
    width: graphWidth,
    left: [runMetric(runMetrics.devices), runMetric(runMetrics.failed)],
  })
  const widgets = [
    runs,
    ...graphs.map(
      (graph) => new GraphWidget({ title: graph.title, width: graphWidth, left: [found(graph, stackNames)] }),
    ),
  ]
  for (let first = 0; first < widgets.length; first += perRow) {
    page.addWidgets(...widgets.slice(first, first + perRow))
  }
  return page
}

function found({ dimensions, metric, statistic }: Graph, stackNames: readonly string[]): IMetric {
  const anyOfOurs = stackNames.map((name) => `"${name}"`).join(' OR ')
  const search = `{${dimensions}} MetricName="${metric}" (${anyOfOurs})`
  return new MathExpression({
    expression: `SEARCH('${search}', '${statistic}')`,
    usingMetrics: {},
    label: '',
    period: Duration.minutes(5),
  })
}
