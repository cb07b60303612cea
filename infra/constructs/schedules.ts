import { Aws, Stack } from 'aws-cdk-lib'
import { Role, ServicePrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnSchedule, type CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { acknowledgeWildcard } from './acknowledge.ts'
import { allow, roleOf } from './grants.ts'

/** A late start is no use: the next one is near. Both are bounds of EventBridge Scheduler's own retries. */
const retryPolicy = { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 5 } as const

/** A role for schedules of one group of this account only, so that no other scheduler can borrow it. */
export function schedulerRole(scope: Construct, id: string, group: CfnScheduleGroup): Role {
  return new Role(scope, id, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID, 'aws:SourceArn': group.attrArn },
      },
    }),
  })
}

export type ClockSettings = {
  expression: string
  description: string
  group: CfnScheduleGroup
  role: Role
  failures: IQueue
}

/** Invokes a function by the clock; what the scheduler cannot deliver goes to the queue. */
export function onSchedule(scope: Construct, id: string, lambda: IFunction, settings: ClockSettings): void {
  const { group, role, failures } = settings
  allow(role, ['lambda:InvokeFunction'], [lambda.functionArn])
  allow(role, ['sqs:SendMessage'], [failures.queueArn])
  new CfnSchedule(scope, id, {
    description: settings.description,
    groupName: group.ref,
    scheduleExpression: settings.expression,
    scheduleExpressionTimezone: 'UTC',
    flexibleTimeWindow: { mode: 'OFF' },
    state: 'ENABLED',
    target: {
      arn: lambda.functionArn,
      roleArn: role.roleArn,
      input: JSON.stringify({ scheduledAt: '<aws.scheduler.scheduled-time>' }),
      retryPolicy,
      deadLetterConfig: { arn: failures.queueArn },
    },
  })
}

/** Lets a function keep the schedules of one group, which then act with the given role and no other. */
export function allowScheduleKeeping(lambda: IFunction, group: CfnScheduleGroup, role: Role): void {
  const schedulesOfGroup = Stack.of(group).formatArn({
    service: 'scheduler',
    resource: 'schedule',
    resourceName: `${group.ref}/*`,
  })
  allow(
    lambda,
    ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule', 'scheduler:UpdateSchedule'],
    [schedulesOfGroup],
  )
  acknowledgeWildcard(
    roleOf(lambda),
    {
      before: 'arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/',
      owner: group,
      attribute: group.ref,
      after: '/*',
    },
    'Users make schedules and their names are not known beforehand; the group is the boundary.',
  )
  roleOf(lambda).addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    }),
  )
}
