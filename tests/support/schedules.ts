import { createScheduler, type SchedulerService } from '../../local/scheduler/service.ts'
import type { ScheduleResource } from '../../local/template/resources.ts'
import { declared, functionArn, type SmallHost, startSmallHost } from './small-host.ts'

export const roleArn = 'arn:aws:iam::000000000000:role/clock'
const role = {
  ...declared,
  name: 'clock',
  arn: roleArn,
  trust: {
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  },
  policies: [],
}
export const otherRole = {
  ...role,
  name: 'other',
  arn: 'arn:aws:iam::000000000000:role/other',
  trust: { Statement: [] },
}
const group = {
  ...declared,
  name: 'nights',
  arn: 'arn:aws:scheduler:eu-central-1:000000000000:schedule-group/nights',
}
export const machine = 'arn:aws:states:eu-central-1:000000000000:stateMachine:work'
export const queue = {
  ...declared,
  name: 'dead',
  arn: 'arn:aws:sqs:eu-central-1:000000000000:dead',
  url: 'http://q/dead',
  attributes: {},
}

export type Input = Record<string, unknown>
export type Bench = {
  host: SmallHost
  scheduler: SchedulerService
  got: unknown[]
  call: (action: string, input: Input) => Promise<Input>
  at: (time: string) => Promise<void>
}
const opened: Bench[] = []
export async function closeSchedulers(): Promise<void> {
  for (const { host, scheduler } of opened.splice(0)) {
    await scheduler.stop?.()
    await host.close()
  }
}

export async function startScheduler(
  schedules: ScheduleResource[] = [],
  now = '2026-03-01T00:00:00Z',
): Promise<Bench> {
  const host = await startSmallHost({
    schedules,
    scheduleGroups: [group],
    roles: [role, otherRole],
    queues: [queue],
  })
  return startOn(host, now)
}

export async function startOn(host: SmallHost, now: string): Promise<Bench> {
  host.clock.now = new Date(now)
  const got: unknown[] = []
  host.functions.set('tick', (payload) => void got.push(payload))
  const scheduler = createScheduler(host, { secondMs: 10 })
  await scheduler.start?.()
  const bench: Bench = {
    host,
    scheduler,
    got,
    async call(action, input) {
      const context = { caller: { kind: 'operator' as const }, requestId: 'test' }
      return ((await scheduler.actions[action]?.run(input, context)) ?? {}) as Input
    },
    async at(time) {
      host.clock.now = new Date(time)
      await scheduler.check()
    },
  }
  opened.push(bench)
  return bench
}

export const body = (expression: string, more: Input = {}): Input => ({
  ScheduleExpression: expression,
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: {
    Arn: functionArn('tick'),
    RoleArn: roleArn,
    Input: '{"at":"<aws.scheduler.scheduled-time>","arn":"<aws.scheduler.schedule-arn>"}',
  },
  ...more,
})

export const arn = (name: string, group = 'default'): string =>
  `arn:aws:scheduler:eu-central-1:000000000000:schedule/${group}/${name}`
