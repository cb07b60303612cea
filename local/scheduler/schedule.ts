import * as z from 'zod'
import { isKnownTarget } from '../events/targets.ts'
import { readExpression, type Timing } from '../../shared/timing.ts'

/** Times come as ISO 8601 from a template, as seconds since 1970 from the API. */
const Time = z
  .union([z.string(), z.number()])
  .transform((at) => (typeof at === 'number' ? new Date(at * 1000) : new Date(at)))
  .refine((at) => !Number.isNaN(at.getTime()), 'not a time')
  .transform((at) => at.toISOString())

const Target = z.strictObject({
  Arn: z.string().refine(isKnownTarget, 'this target is not offered by the local runtime'),
  RoleArn: z.string(),
  Input: z.string().optional(),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
  RetryPolicy: z
    .object({
      MaximumRetryAttempts: z.coerce.number().int().min(0).max(185).optional(),
      MaximumEventAgeInSeconds: z.coerce.number().int().min(60).max(86_400).optional(),
    })
    .optional(),
})

/** What CreateSchedule and AWS::Scheduler::Schedule say about a schedule. */
export const ScheduleBody = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().optional(),
  StartDate: Time.optional(),
  EndDate: Time.optional(),
  FlexibleTimeWindow: z.object({
    Mode: z.enum(['OFF', 'FLEXIBLE']),
    MaximumWindowInMinutes: z.coerce.number().int().min(1).max(1440).optional(),
  }),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Description: z.string().max(512).optional(),
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  Target,
})
export type ScheduleBody = z.infer<typeof ScheduleBody>

export const Schedule = ScheduleBody.extend({
  Name: z.string(),
  GroupName: z.string(),
  Arn: z.string(),
  CreationDate: z.string(),
  LastModificationDate: z.string(),
  /** Declared in the template: it goes when the template no longer has it. */
  fromTemplate: z.boolean(),
  /** The time for which a one-time schedule was carried out. */
  firedFor: z.string().optional(),
})
export type Schedule = z.infer<typeof Schedule>

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
export const namePattern = /^[0-9a-zA-Z-_.]{1,64}$/

/**
 * The times of a schedule, within its start and end.
 * @throws Error when the expression or the time zone is not valid.
 */
export function timingOf(schedule: Pick<Schedule, keyof ScheduleBody | 'CreationDate'>): Timing {
  const { StartDate, EndDate } = schedule
  const timing = readExpression(schedule.ScheduleExpression, {
    timezone: schedule.ScheduleExpressionTimezone,
    anchor: new Date(StartDate ?? schedule.CreationDate),
  })
  // AWS ignores both dates for one-time schedules.
  if (timing.kind === 'at') return timing
  const start = StartDate === undefined ? undefined : new Date(StartDate)
  const end = EndDate === undefined ? undefined : new Date(EndDate)
  return {
    kind: timing.kind,
    next(after) {
      const isEarly = start !== undefined && after < start
      const next = timing.next(isEarly ? new Date(start.getTime() - 1) : after)
      return next === undefined || (end !== undefined && next > end) ? undefined : next
    },
  }
}

type Firing = { scheduleArn: string; dueAt: string; executionId: string; attempt: number }

/** Fills the places that AWS fills in a schedule's input. */
export function inputOf(schedule: Schedule, firing: Firing): string {
  const values: Record<string, string> = {
    '<aws.scheduler.schedule-arn>': firing.scheduleArn,
    '<aws.scheduler.scheduled-time>': `${firing.dueAt.slice(0, 19)}Z`,
    '<aws.scheduler.execution-id>': firing.executionId,
    '<aws.scheduler.attempt-number>': String(firing.attempt),
  }
  const input = schedule.Target.Input ?? '{}'
  return input.replaceAll(/<aws\.scheduler\.[a-z-]+>/g, (place) => values[place] ?? place)
}
