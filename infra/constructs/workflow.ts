import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct, IConstruct } from 'constructs'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { eventCatalog } from '../../events/catalog.ts'
import { logRetention } from '../retention.ts'
import { acknowledge, acknowledgeWildcard } from './acknowledge.ts'
import { projectFolder } from './bundle.ts'
import { allow, allowObjects, type Grantee, roleOf } from './grants.ts'

export type WorkflowSettings = {
  /** A file of events/workflows, in Amazon States Language. */
  definitionFile: string
  /** `${name}` in the definition → the function whose ARN stands there. */
  tasks: Readonly<Record<string, IFunction>>
  /** Where its Distributed Maps read their items and write their results; a workflow without maps has none. */
  work?: { bucket: Bucket; placeholder: string; itemsPrefix: string; resultsPrefix: string }
}

/** A Standard workflow from its definition file, allowed to call its tasks and to run its own Distributed Maps. */
export function workflow(scope: Construct, id: string, settings: WorkflowSettings): StateMachine {
  const { tasks, work } = settings
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('states.amazonaws.com') })
  allow(
    role,
    ['lambda:InvokeFunction'],
    Object.values(tasks).map((task) => task.functionArn),
  )
  if (work !== undefined) allowMapObjects(role, work)
  const machine = new StateMachine(scope, id, {
    stateMachineType: StateMachineType.STANDARD,
    definitionBody: DefinitionBody.fromString(
      readFileSync(path.join(projectFolder, settings.definitionFile), 'utf8'),
    ),
    definitionSubstitutions: {
      ...Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, task.functionArn])),
      ...(work === undefined ? {} : { [work.placeholder]: work.bucket.bucketName }),
    },
    role,
    tracingEnabled: true,
    logs: { destination: workflowLog(scope, id), level: LogLevel.ALL, includeExecutionData: false },
  })
  acknowledge(role, {
    'AwsSolutions-IAM5[Resource::*]':
      'Log delivery and X-Ray: what CloudFormation requires of a workflow that logs, and these actions only take *.',
  })
  if (work !== undefined) allowMapRuns(scope, id, { role, machine })
  return machine
}

function allowMapObjects(role: Role, work: NonNullable<WorkflowSettings['work']>): void {
  allowObjects(role, work.bucket, work.itemsPrefix, ['s3:GetObject'])
  allowObjects(role, work.bucket, work.resultsPrefix, [
    's3:AbortMultipartUpload',
    's3:GetObject',
    's3:ListMultipartUploadParts',
    's3:PutObject',
  ])
}

function workflowLog(scope: Construct, id: string): LogGroup {
  return new LogGroup(scope, `${id}Log`, {
    // Under this prefix CloudWatch needs no resource policy for each group; those are limited to 5,120 characters.
    logGroupName: `/aws/vendedlogs/states/${Stack.of(scope).stackName}-${id}`,
    retention: logRetention.workflow,
    removalPolicy: RemovalPolicy.DESTROY,
  })
}

/** A Distributed Map starts its batches as executions of the same state machine. */
function allowMapRuns(
  scope: Construct,
  id: string,
  { role, machine }: { role: Role; machine: StateMachine },
): void {
  // A policy of its own: in the role's default one it would make machine and role depend on each other.
  const policy = new Policy(scope, `${id}MapRuns`, {
    roles: [role],
    statements: [
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] }),
      new PolicyStatement({
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: [executionsOf(machine)],
      }),
    ],
  })
  acknowledgeExecutions(policy, machine)
}

/** Actions on executions of one workflow. */
export function allowExecutions(
  to: Grantee,
  machine: StateMachine,
  actions: readonly ('states:DescribeExecution' | 'states:StopExecution')[],
): void {
  allow(to, actions, [executionsOf(machine)])
  acknowledgeExecutions(roleOf(to), machine)
}

function executionsOf(machine: StateMachine): string {
  return Stack.of(machine).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${machine.stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
}

function acknowledgeExecutions(role: IConstruct, machine: StateMachine): void {
  acknowledgeWildcard(
    role,
    {
      before: 'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:',
      owner: machine,
      attribute: machine.stateMachineName,
      after: ':*',
    },
    'Executions get their names when they start; they are those of this one workflow.',
  )
}

export type ExecutionEndSettings = { machine: StateMachine; failures: IQueue }

/** Invokes a function when an execution ends in one of these ways, within the same bounds as its own retries. */
export function onExecutionEnd(
  scope: Construct,
  id: string,
  to: IFunction,
  settings: ExecutionEndSettings,
): void {
  const { source, detailType, statuses } = eventCatalog.executionStopped
  new Rule(scope, id, {
    description: `Executions that ended as ${statuses.join(', ')}`,
    eventPattern: {
      source: [source],
      detailType: [detailType],
      detail: { stateMachineArn: [settings.machine.stateMachineArn], status: [...statuses] },
    },
    targets: [
      new LambdaTarget(to, {
        deadLetterQueue: settings.failures,
        retryAttempts: 10,
        maxEventAge: Duration.hours(2),
      }),
    ],
  })
}
