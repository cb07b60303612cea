import { Duration, Stack } from 'aws-cdk-lib'
import { Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { eventCatalog } from '../../events/catalog.ts'
import { schedules } from '../../events/schedules.ts'
import { addAlarm, alarmPeriod } from '../constructs/alarm.ts'
import { deadLetters } from '../constructs/dead-letters.ts'
import { type AsyncFailures, entryFunction } from '../constructs/function.ts'
import {
  allow,
  allowAbsenceCheck,
  allowObjects,
  allowTableRead,
  allowTableWrite,
} from '../constructs/grants.ts'
import { jobTasks } from '../constructs/job-tasks.ts'
import { onSchedule, schedulerRole } from '../constructs/schedules.ts'
import { allowExecutions, onExecutionEnd, workflow } from '../constructs/workflow.ts'
import type { DataStack } from './data.ts'

/** Work that outlasts a request, such as imports and exports: its workflow, and what keeps jobs true. */
export class JobsStack extends Stack {
  readonly workflow: StateMachine

  constructor(
    scope: Construct,
    id: string,
    {
      data,
      collector,
      checkCompliance,
      notifier,
      pusher,
    }: { data: DataStack } & Record<'collector' | 'checkCompliance' | 'notifier' | 'pusher', LambdaFunction>,
  ) {
    super(scope, id, { description: 'netkeep: jobs' })
    this.workflow = workflow(this, 'Job', {
      definitionFile: 'events/workflows/job.asl.json',
      // What needs a device or its secrets is done by the one function that may; so are a push and a test message.
      tasks: {
        ...jobTasks(this, data),
        collectDevices: collector,
        checkCompliance,
        notifySubscribers: notifier,
        pushRemotes: pusher,
      },
    })
    addAlarm(this, 'WorkflowFailed', {
      metric: this.workflow.metricFailed({ period: alarmPeriod, statistic: 'Sum' }),
      threshold: 1,
      means: 'A job failed by a fault of ours.',
      runbook: 'job-failed',
    })
    addJobKeepers(this, data, this.workflow)
  }
}

type KeeperSettings = { entry: string; description: string; timeoutSeconds: number }

/** Begins jobs when their file comes, and again when their execution is gone. */
function addJobKeepers(scope: Construct, data: DataStack, machine: StateMachine): void {
  const queue = deadLetters(scope, 'JobKeeperFailures', 'Starts and ends of jobs')
  const failures: AsyncFailures = { queue, retries: 2, eventAgeSeconds: 3600 }
  const keeper = (id: string, settings: KeeperSettings): LambdaFunction => {
    const lambda = entryFunction(scope, id, {
      ...settings,
      memoryMegabytes: 512,
      environment: {
        table: data.table.tableName,
        workBucket: data.work.bucketName,
        jobWorkflow: machine.stateMachineArn,
      },
      failures,
    })
    allowTableRead(lambda, data.table)
    allowTableWrite(lambda, data.table)
    allow(lambda, ['states:StartExecution'], [machine.stateMachineArn])
    return lambda
  }
  const uploadArrived = keeper('UploadArrived', {
    entry: 'functions/on/upload-arrived.ts',
    description: 'Begins the job that a file was uploaded for',
    timeoutSeconds: 60,
  })
  onUpload(scope, uploadArrived, { data, queue })
  const jobStopped = keeper('JobStopped', {
    entry: 'functions/on/job-stopped.ts',
    description: 'Begins a job again whose execution was stopped, or closes it',
    timeoutSeconds: 240,
  })
  allowObjects(jobStopped, data.work, 'jobs/', ['s3:GetObject'])
  allowAbsenceCheck(jobStopped, data.work)
  onExecutionEnd(scope, 'ExecutionStopped', jobStopped, { machine, failures: queue })
  const sweepJobs = keeper('SweepJobs', {
    entry: schedules['sweep-jobs'].entry,
    description: schedules['sweep-jobs'].purpose,
    timeoutSeconds: 240,
  })
  allowExecutions(sweepJobs, machine, ['states:DescribeExecution'])
  const startRetention = keeper('StartRetention', {
    entry: schedules['start-retention'].entry,
    description: schedules['start-retention'].purpose,
    timeoutSeconds: 240,
  })
  // It looks whether what it could not be told of has started all the same.
  allowExecutions(startRetention, machine, ['states:DescribeExecution'])
  const group = new CfnScheduleGroup(scope, 'JobClock')
  const clock = { group, role: schedulerRole(scope, 'JobClockRole', group), failures: queue }
  const said = (name: 'sweep-jobs' | 'start-retention') => ({
    expression: schedules[name].expression,
    description: schedules[name].purpose,
  })
  onSchedule(scope, 'SweepJobsClock', sweepJobs, { ...said('sweep-jobs'), ...clock })
  onSchedule(scope, 'StartRetentionClock', startRetention, { ...said('start-retention'), ...clock })
}

function onUpload(
  scope: Construct,
  to: LambdaFunction,
  { data, queue }: { data: DataStack; queue: IQueue },
): void {
  const { source, detailType, keyPrefix } = eventCatalog.uploadArrived
  new Rule(scope, 'Uploads', {
    description: 'Files that were uploaded for a job',
    eventPattern: {
      source: [source],
      detailType: [detailType],
      detail: { bucket: { name: [data.work.bucketName] }, object: { key: [{ prefix: keyPrefix }] } },
    },
    targets: [
      new LambdaTarget(to, { deadLetterQueue: queue, retryAttempts: 10, maxEventAge: Duration.hours(2) }),
    ],
  })
}
