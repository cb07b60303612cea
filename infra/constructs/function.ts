import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  Architecture,
  CfnFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { type EnvironmentKey, environmentNames } from '../../shared/environment.ts'
import { logRetention } from '../retention.ts'
import { acknowledge } from './acknowledge.ts'
import { addAlarm, alarmPeriod } from './alarm.ts'
import { bundledCode } from './bundle.ts'
import { allow } from './grants.ts'

export type FunctionSettings = {
  /** `functions/api/dcim.ts`. The local runtime reads it back from the template's metadata. */
  entry: string
  description: string
  memoryMegabytes: number
  timeoutSeconds: number
  environment: Partial<Record<EnvironmentKey, string>>
  /** Who learns of a failure: whoever waits for the answer, the source of the events, or a queue. */
  failures: 'caller' | 'event source' | AsyncFailures
}

/** Bounds of asynchronous invocation; what outlasts them goes to the queue together with its error. */
export type AsyncFailures = { queue: IQueue; retries: 0 | 1 | 2; eventAgeSeconds: number }

/** Lambda's answer to "who gets the error", in words, for the functions that need no queue of their own. */
const withoutQueue = {
  caller: 'It is only invoked synchronously: its caller (API Gateway, Step Functions) gets the error.',
  'event source': 'Its event source mapping retries within bounds and has its own failure destination.',
  queue: 'Its on-failure destination is a queue; unlike a dead-letter queue that holds the error as well.',
} as const

/** A Lambda function with a role of its own, which may write to its own log and nothing else until it is granted. */
export function entryFunction(scope: Construct, id: string, settings: FunctionSettings): LambdaFunction {
  const unit = new Construct(scope, id)
  const logGroup = new LogGroup(unit, 'Logs', {
    retention: logRetention.function,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const lambda = new LambdaFunction(unit, 'Function', {
    description: settings.description,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: bundledCode(settings.entry),
    memorySize: settings.memoryMegabytes,
    timeout: Duration.seconds(settings.timeoutSeconds),
    environment: environmentOf(settings.environment),
    role: functionRole(unit, logGroup),
    logGroup,
    loggingFormat: LoggingFormat.JSON,
  })
  const resource = cfnFunction(lambda)
  resource.tracingConfig = { mode: 'Active' }
  resource.addMetadata('netkeep:entry', settings.entry)
  configureFailures(lambda, settings.failures)
  addFunctionAlarms(unit, lambda, settings.entry)
  return lambda
}

export function cfnFunction(lambda: LambdaFunction): CfnFunction {
  const resource = lambda.node.defaultChild
  if (!(resource instanceof CfnFunction)) throw new Error(`${lambda.node.path} is not a plain function`)
  return resource
}

/** The product's names for what the stacks call by theirs. */
function environmentOf(values: Partial<Record<EnvironmentKey, string>>): Record<string, string> {
  const entries = Object.entries(values) as [EnvironmentKey, string][]
  return Object.fromEntries(entries.map(([key, value]) => [environmentNames[key], value]))
}

/** Not AWSLambdaBasicExecutionRole: that may write to every log group of the account. */
function functionRole(unit: Construct, logGroup: LogGroup): Role {
  const role = new Role(unit, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      log: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [logGroup.logGroupArn],
          }),
        ],
      }),
      trace: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
            resources: ['*'],
          }),
        ],
      }),
    },
  })
  const resource = role.node.defaultChild
  if (resource !== undefined) {
    const reason = 'X-Ray has no resources to name: its two write actions only take *.'
    acknowledge(resource, {
      'AwsSolutions-IAM5[Resource::*]': reason,
      'Serverless-LambdaStarPermissions': reason,
    })
  }
  return role
}

function configureFailures(lambda: LambdaFunction, failures: FunctionSettings['failures']): void {
  acknowledge(lambda, {
    'Serverless-LambdaDLQ': withoutQueue[typeof failures === 'string' ? failures : 'queue'],
  })
  if (typeof failures === 'string') return
  allow(lambda, ['sqs:SendMessage'], [failures.queue.queueArn])
  lambda.configureAsyncInvoke({
    retryAttempts: failures.retries,
    maxEventAge: Duration.seconds(failures.eventAgeSeconds),
    onFailure: { bind: () => ({ destination: failures.queue.queueArn }) },
  })
}

function addFunctionAlarms(unit: Construct, lambda: LambdaFunction, entry: string): void {
  const count = { period: alarmPeriod, statistic: 'Sum' } as const
  const faults: { id: string; metric: IMetric; means: string; runbook: string }[] = [
    {
      id: 'Errors',
      metric: lambda.metricErrors(count),
      means: `${entry} failed.`,
      runbook: 'function-errors',
    },
    {
      id: 'Throttles',
      metric: lambda.metricThrottles(count),
      means: `${entry} was refused for lack of concurrency.`,
      runbook: 'function-throttles',
    },
  ]
  for (const { id, ...fault } of faults) addAlarm(unit, id, { ...fault, threshold: 1 })
}
