import { Stack } from 'aws-cdk-lib'
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { schedules } from '../../events/schedules.ts'
import { changeShards, keys } from '../../shared/table/keys.ts'
import { addAlarm, alarmPeriod } from '../constructs/alarm.ts'
import {
  allowCommit,
  allowCompliance,
  allowIndex,
  allowSettle,
  backupTasks,
} from '../constructs/backup-tasks.ts'
import { deadLetters } from '../constructs/dead-letters.ts'
import { type AsyncFailures, entryFunction } from '../constructs/function.ts'
import { allow, allowTableRead } from '../constructs/grants.ts'
import { alarmOnFailedDevices, countRunDevices } from '../constructs/run-metrics.ts'
import {
  allowScheduleKeeping,
  type ClockSettings,
  onSchedule,
  schedulerRole,
} from '../constructs/schedules.ts'
import { allowSnapshotRead } from '../constructs/snapshots.ts'
import { consumeStream } from '../constructs/stream-consumer.ts'
import { allowExecutions, onExecutionEnd, workflow } from '../constructs/workflow.ts'
import type { DataStack } from './data.ts'

/** The main job: the backup workflow, its tasks, and what keeps runs and schedules true. */
export class BackupsStack extends Stack {
  readonly workflow: StateMachine
  /** The only function that opens device secrets. */
  readonly collector: LambdaFunction
  readonly checkCompliance: LambdaFunction
  /** Tells subscribers, after runs and when somebody wants to see whether it arrives. */
  readonly notifier: LambdaFunction
  /** Pushes to git remotes, after runs and when somebody asks for it. */
  readonly pusher: LambdaFunction

  constructor(scope: Construct, id: string, { data }: { data: DataStack }) {
    super(scope, id, { description: 'netkeep: configuration backups' })
    const tasks = backupTasks(this, data)
    this.collector = tasks.collectDevices
    this.checkCompliance = tasks.checkCompliance
    this.notifier = tasks.notifySubscribers
    this.pusher = tasks.pushRemotes
    this.workflow = workflow(this, 'Backup', {
      definitionFile: 'events/workflows/backup.asl.json',
      tasks,
      work: {
        bucket: data.work,
        placeholder: 'workBucket',
        itemsPrefix: 'work-lists/',
        resultsPrefix: 'map-results/',
      },
    })
    countRunDevices(this, tasks.reportBackup)
    alarmOnFailedDevices(this)
    addWorkflowAlarms(this, this.workflow)
    addRunKeepers(this, data, this.workflow)
    addScheduleMirror(this, data, this.workflow)
  }
}

/** Ends runs whose execution did not end them: at once by its event, and by the clock where no event came. */
function addRunKeepers(scope: Construct, data: DataStack, machine: StateMachine): void {
  const queue = deadLetters(scope, 'RunKeeperFailures', 'Ends of backup runs')
  const failures: AsyncFailures = { queue, retries: 2, eventAgeSeconds: 3600 }
  const runStopped = entryFunction(scope, 'RunStopped', {
    entry: 'functions/on/run-stopped.ts',
    description: 'Commits and closes a run whose execution failed, timed out or was stopped',
    memoryMegabytes: 1769,
    timeoutSeconds: 900,
    environment: { table: data.table.tableName, archiveBucket: data.archive.bucketName },
    failures,
  })
  allowCommit(runStopped, data)
  onExecutionEnd(scope, 'ExecutionStopped', runStopped, {
    machine,
    failures: queue,
  })
  const sweepRuns = entryFunction(scope, 'SweepRuns', {
    entry: schedules['sweep-runs'].entry,
    description: schedules['sweep-runs'].purpose,
    // It commits what such runs had stored, as RunStopped does.
    memoryMegabytes: 1769,
    timeoutSeconds: 240,
    environment: {
      table: data.table.tableName,
      archiveBucket: data.archive.bucketName,
      snapshotBucket: data.work.bucketName,
      backupWorkflow: machine.stateMachineArn,
    },
    failures,
  })
  allowCommit(sweepRuns, data)
  allowSnapshotRead(sweepRuns, data)
  allowExecutions(sweepRuns, machine, ['states:DescribeExecution'])
  const group = new CfnScheduleGroup(scope, 'Clock')
  const clock = { group, role: schedulerRole(scope, 'ClockRole', group), failures: queue }
  onSchedule(scope, 'SweepRunsClock', sweepRuns, {
    expression: schedules['sweep-runs'].expression,
    description: schedules['sweep-runs'].purpose,
    ...clock,
  })
  addRenewers(scope, data, { failures, clock })
  addSettler(scope, data, { failures, clock })
}

type Clock = Omit<ClockSettings, 'expression' | 'description'>

/** Beside the runs, so that none waits for it. */
function addSettler(
  scope: Construct,
  data: DataStack,
  { failures, clock }: { failures: AsyncFailures; clock: Clock },
): void {
  const { entry, expression, purpose: description } = schedules['settle-packs']
  const settler = entryFunction(scope, 'SettlePacks', {
    entry,
    description,
    // Holds the packs of some commits and what is written of them: 128 MiB as a rule, 1 GiB of one large commit.
    memoryMegabytes: 3008,
    timeoutSeconds: 900,
    environment: { table: data.table.tableName, archiveBucket: data.archive.bucketName },
    failures,
  })
  allowSettle(settler, data)
  onSchedule(scope, 'SettlePacksClock', settler, { expression, description, ...clock })
}

/** Brings up to date what is made of configurations, where no run did: the index of the search, compliance. */
function addRenewers(
  scope: Construct,
  data: DataStack,
  { failures, clock }: { failures: AsyncFailures; clock: Clock },
): void {
  const renewer = (id: string, { entry, expression, purpose }: Schedule): LambdaFunction => {
    const lambda = entryFunction(scope, id, {
      entry,
      description: purpose,
      memoryMegabytes: 1769,
      timeoutSeconds: 900,
      environment: {
        table: data.table.tableName,
        archiveBucket: data.archive.bucketName,
        workBucket: data.work.bucketName,
        snapshotBucket: data.work.bucketName,
      },
      failures,
    })
    onSchedule(scope, `${id}Clock`, lambda, { expression, description: purpose, ...clock })
    return lambda
  }
  allowIndex(renewer('RenewIndex', schedules['renew-index']), data)
  allowCompliance(renewer('RenewCompliance', schedules['renew-compliance']), data)
}

type Schedule = (typeof schedules)['renew-index' | 'renew-compliance']

/** Mirrors the schedules that users keep into EventBridge Scheduler, which then starts the workflow. */
function addScheduleMirror(scope: Construct, data: DataStack, machine: StateMachine): void {
  const group = new CfnScheduleGroup(scope, 'BackupSchedules')
  const role = schedulerRole(scope, 'BackupScheduleRole', group)
  const missedStarts = deadLetters(scope, 'MissedStarts', 'Scheduled backups that could not be started')
  allow(role, ['states:StartExecution'], [machine.stateMachineArn])
  allow(role, ['sqs:SendMessage'], [missedStarts.queueArn])
  const mirror = entryFunction(scope, 'ScheduleChanged', {
    entry: 'functions/on/schedule-changed.ts',
    description: 'Mirrors backup schedules into EventBridge Scheduler',
    memoryMegabytes: 256,
    timeoutSeconds: 60,
    environment: {
      table: data.table.tableName,
      backupWorkflow: machine.stateMachineArn,
      scheduleGroup: group.ref,
      scheduleRole: role.roleArn,
      scheduleDeadLetters: missedStarts.queueArn,
    },
    failures: 'event source',
  })
  allowTableRead(mirror, data.table)
  allowScheduleKeeping(mirror, group, role)
  consumeStream(mirror, {
    table: data.table,
    partitions: Array.from({ length: changeShards }, (_, shard) => keys.changes('backups.schedule', shard)),
    batchSize: 10,
    batchSeconds: 0,
    retries: 10,
    failures: deadLetters(scope, 'ScheduleChangeFailures', 'Changes of backup schedules'),
  })
}

function addWorkflowAlarms(scope: Construct, machine: StateMachine): void {
  const count = { period: alarmPeriod, statistic: 'Sum' } as const
  const ends = {
    Failed: { metric: machine.metricFailed(count), means: 'A backup run failed as a whole.' },
    TimedOut: { metric: machine.metricTimedOut(count), means: 'A backup run took longer than twelve hours.' },
    Throttled: {
      metric: machine.metricThrottled(count),
      means: 'A backup run is held back by Step Functions.',
    },
  }
  for (const [id, end] of Object.entries(ends)) {
    addAlarm(scope, `Workflow${id}`, { ...end, threshold: 1, runbook: 'backup-run-failed' })
  }
}
