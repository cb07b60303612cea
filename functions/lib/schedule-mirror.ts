import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler'
import type { schedule } from '../../shared/backups/models/schedule.ts'
import {
  expressionTimezone,
  flexibleWindow,
  scheduleExpression,
} from '../../shared/backups/schedules/schedule-expression.ts'
import type { RowOf } from '../../shared/model/define.ts'
import { env } from './env.ts'

const client = new SchedulerClient({})

/** A start that Step Functions could not take is tried again for so long, then goes to the dead letters. */
const retryPolicy = { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 10 }

const nameOf = (id: number): string => `backup-${id}`

/** Makes the schedule in EventBridge Scheduler, or brings it up to date. */
export async function mirrorSchedule(row: RowOf<typeof schedule>): Promise<void> {
  const wanted = {
    Name: nameOf(row.id),
    GroupName: env('scheduleGroup'),
    Description: row.name,
    State: row.enabled ? 'ENABLED' : 'DISABLED',
    ScheduleExpression: scheduleExpression(row),
    ScheduleExpressionTimezone: expressionTimezone(row, row.timezone),
    FlexibleTimeWindow: flexibleWindow(row.jitter_minutes),
    Target: {
      Arn: env('backupWorkflow'),
      RoleArn: env('scheduleRole'),
      // Scheduler fills in the time: the planner makes the run's id from it, so a start delivered twice is one run.
      Input: JSON.stringify({ scheduleId: row.id, scheduledAt: '<aws.scheduler.scheduled-time>' }),
      RetryPolicy: retryPolicy,
      DeadLetterConfig: { Arn: env('scheduleDeadLetters') },
    },
  } as const
  try {
    await client.send(new UpdateScheduleCommand(wanted))
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error
    await client.send(new CreateScheduleCommand(wanted))
  }
}

/** One that is gone already is no error. */
export async function removeMirror(id: number): Promise<void> {
  try {
    await client.send(new DeleteScheduleCommand({ Name: nameOf(id), GroupName: env('scheduleGroup') }))
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error
  }
}
