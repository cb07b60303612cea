import { afterEach, expect, test } from 'vitest'
import { createScheduler, type SchedulerService } from '../../local/scheduler/service.ts'
import { ServiceError } from '../../local/service.ts'
import type { ScheduleResource } from '../../local/template/resources.ts'
import { declared, functionArn, type SmallHost, startSmallHost, until } from '../support/small-host.ts'

const roleArn = 'arn:aws:iam::000000000000:role/clock'
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
const otherRole = {
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
const machine = 'arn:aws:states:eu-central-1:000000000000:stateMachine:work'
const queue = {
  ...declared,
  name: 'dead',
  arn: 'arn:aws:sqs:eu-central-1:000000000000:dead',
  url: 'http://q/dead',
  attributes: {},
}

type Input = Record<string, unknown>
type Bench = {
  host: SmallHost
  scheduler: SchedulerService
  got: unknown[]
  call(action: string, input: Input): Promise<Input>
  at(time: string): Promise<void>
}
const opened: Bench[] = []
afterEach(async () => {
  for (const { host, scheduler } of opened.splice(0)) {
    await scheduler.stop?.()
    await host.close()
  }
})

async function started(schedules: ScheduleResource[] = [], now = '2026-03-01T00:00:00Z'): Promise<Bench> {
  const host = await startSmallHost({
    schedules,
    scheduleGroups: [group],
    roles: [role, otherRole],
    queues: [queue],
  })
  return startOn(host, now)
}

async function startOn(host: SmallHost, now: string): Promise<Bench> {
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

const body = (expression: string, more: Input = {}): Input => ({
  ScheduleExpression: expression,
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: {
    Arn: functionArn('tick'),
    RoleArn: roleArn,
    Input: '{"at":"<aws.scheduler.scheduled-time>","arn":"<aws.scheduler.schedule-arn>"}',
  },
  ...more,
})

const arn = (name: string, group = 'default'): string =>
  `arn:aws:scheduler:eu-central-1:000000000000:schedule/${group}/${name}`

test('a schedule made through the API calls its target at each time, in its time zone', async () => {
  const { call, at, got } = await started([], '2026-03-28T00:00:00Z')
  await call('CreateSchedule', {
    Name: 'nightly',
    ...body('cron(0 3 * * ? *)', { ScheduleExpressionTimezone: 'Europe/Berlin' }),
  })

  for (const time of ['2026-03-28T01:59:59Z', '2026-03-28T02:00:00Z', '2026-03-29T01:00:30Z']) await at(time)

  expect(got).toEqual([
    { at: '2026-03-28T02:00:00Z', arn: arn('nightly') },
    { at: '2026-03-29T01:00:00Z', arn: arn('nightly') },
  ])
})

test('a rate counts from the start date and ends with the end date', async () => {
  const { call, at, got } = await started()
  await call('CreateSchedule', {
    Name: 'often',
    ...body('rate(10 minutes)', {
      StartDate: Date.parse('2026-03-01T01:05:00Z') / 1000,
      EndDate: Date.parse('2026-03-01T01:25:00Z') / 1000,
    }),
  })

  for (const time of ['01:00', '01:05', '01:14', '01:15', '01:25', '01:35'])
    await at(`2026-03-01T${time}:00Z`)

  expect(got.map((row) => (row as { at: string }).at.slice(11, 16))).toEqual(['01:05', '01:15', '01:25'])
})

test('a one-time schedule runs once, and is deleted where it asked for it', async () => {
  const { call, at, got } = await started()
  await call('CreateSchedule', {
    Name: 'once',
    ...body('at(2026-03-01T02:00:00)', { ActionAfterCompletion: 'DELETE' }),
  })

  await at('2026-03-01T02:00:01Z')
  await at('2026-03-01T03:00:00Z')

  expect(got).toHaveLength(1)
  await expect(call('GetSchedule', { Name: 'once' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  })
})

test('a disabled or deleted schedule is silent, an updated one follows its new times', async () => {
  const { call, at, got } = await started()
  await call('CreateSchedule', { Name: 'a', GroupName: 'nights', ...body('rate(1 hour)') })
  await call('UpdateSchedule', {
    Name: 'a',
    GroupName: 'nights',
    ...body('rate(1 hour)', { State: 'DISABLED' }),
  })
  await call('CreateSchedule', { Name: 'b', ...body('rate(1 hour)') })
  await call('UpdateSchedule', { Name: 'b', ...body('rate(2 hours)') })
  await call('CreateSchedule', { Name: 'c', ...body('rate(1 hour)') })
  await call('DeleteSchedule', { Name: 'c' })

  for (const hour of [1, 2, 3]) await at(`2026-03-01T0${hour}:00:00Z`)

  expect(got).toEqual([{ at: '2026-03-01T02:00:00Z', arn: arn('b') }])
})

test('an execution can be named after the scheduled time by the universal target', async () => {
  const { host, call, at } = await started()
  const input = {
    StateMachineArn: machine,
    Name: 'night-<aws.scheduler.execution-id>',
    Input: '{"scheduledAt":"<aws.scheduler.scheduled-time>"}',
  }
  const target = {
    Arn: 'arn:aws:scheduler:::aws-sdk:sfn:startExecution',
    RoleArn: roleArn,
    Input: JSON.stringify(input),
  }
  await call('CreateSchedule', { Name: 'x', ...body('rate(1 hour)', { Target: target }) })

  await at('2026-03-01T01:00:00Z')

  expect(host.requests).toMatchObject([
    {
      caller: { kind: 'role', roleArn },
      service: 'states',
      action: 'StartExecution',
      input: { stateMachineArn: machine, input: '{"scheduledAt":"2026-03-01T01:00:00Z"}' },
    },
  ])
  expect(String(host.requests[0]?.input['name'])).toMatch(/^night-[0-9a-f-]{36}$/)
})

test('schedules survive a restart; a recurring time that was missed is not made up, a one-time one is', async () => {
  const { host, call, at, scheduler, got } = await started()
  await call('CreateSchedule', { Name: 'hourly', ...body('rate(1 hour)') })
  await call('CreateSchedule', { Name: 'once', ...body('at(2026-03-01T05:00:00)') })
  await call('CreateSchedule', { Name: 'done', ...body('at(2026-03-01T00:30:00)') })
  await at('2026-03-01T01:00:00Z')
  await scheduler.stop?.()
  const restarted = host.restarted()

  const again = await startOn(restarted, '2026-03-01T06:30:00Z')

  await until(() => again.got.length === 1)
  await again.at('2026-03-01T06:59:00Z')
  expect(got.map((row) => (row as { arn: string }).arn).sort()).toEqual([arn('done'), arn('hourly')])
  expect(again.got).toEqual([{ at: '2026-03-01T05:00:00Z', arn: arn('once') }])
  await again.at('2026-03-01T07:00:00Z')
  expect(again.got.at(-1)).toEqual({ at: '2026-03-01T07:00:00Z', arn: arn('hourly') })
})

test('the schedules of the template are there, and go when the template drops them', async () => {
  const properties = body('rate(1 hour)')
  const resource = {
    ...declared,
    name: 'sweep',
    groupName: 'nights',
    arn: arn('sweep', 'nights'),
    properties,
  }
  const { host, call, scheduler, at, got } = await started([resource])

  await at('2026-03-01T01:00:00Z')
  const listed = await call('ListSchedules', { ScheduleGroup: 'nights' })

  expect(got).toHaveLength(1)
  expect(listed).toMatchObject({ Schedules: [{ Name: 'sweep', State: 'ENABLED' }] })
  await scheduler.stop?.()
  const without = Object.assign(host.restarted(), { resources: { ...host.resources, schedules: [] } })
  const next = await startOn(without, '2026-03-01T02:30:00Z')
  expect(await next.call('ListSchedules', {})).toEqual({ Schedules: [] })
})

test('fireNow carries a schedule out at once', async () => {
  const { call, scheduler, got } = await started()
  await call('CreateSchedule', { Name: 'nightly', GroupName: 'nights', ...body('cron(0 3 * * ? *)') })

  await scheduler.fireNow('nightly', 'nights')

  expect(got).toEqual([{ at: '2026-03-01T00:00:00Z', arn: arn('nightly', 'nights') }])
})

test('a target that refuses for good ends in the dead-letter queue, under the role of the schedule', async () => {
  const { host, call, at } = await started()
  host.functions.set('tick', () => {
    throw new ServiceError('AccessDeniedException', 'no', 403)
  })
  const target = { Arn: functionArn('tick'), RoleArn: roleArn, DeadLetterConfig: { Arn: queue.arn } }
  await call('CreateSchedule', { Name: 'a', ...body('rate(1 hour)', { Target: target }) })

  await at('2026-03-01T01:00:00Z')

  expect(host.requests).toMatchObject([
    {
      service: 'sqs',
      caller: { kind: 'role', roleArn },
      input: { MessageAttributes: { ERROR_CODE: { StringValue: 'AccessDeniedException' } } },
    },
  ])
})

test('the fault "duplicate" calls a target twice for one time', async () => {
  const { host, call, at, got } = await started()
  await call('CreateSchedule', { Name: 'a', ...body('rate(1 hour)') })
  host.faults.add({ service: 'scheduler', action: 'deliver', effect: { kind: 'duplicate' } })

  await at('2026-03-01T01:00:00Z')

  expect(got).toHaveLength(2)
  expect(got[0]).toEqual(got[1])
})

test('GetSchedule answers what was put in, times in seconds', async () => {
  const { call } = await started()
  const start = Date.parse('2026-03-02T00:00:00Z') / 1000
  await call('CreateSchedule', { Name: 'a', ...body('rate(1 hour)', { StartDate: start, Description: 'd' }) })

  expect(await call('GetSchedule', { Name: 'a', groupName: 'default' })).toEqual({
    Name: 'a',
    GroupName: 'default',
    Arn: arn('a'),
    State: 'ENABLED',
    ActionAfterCompletion: 'NONE',
    CreationDate: Date.parse('2026-03-01T00:00:00Z') / 1000,
    LastModificationDate: Date.parse('2026-03-01T00:00:00Z') / 1000,
    ...body('rate(1 hour)', { StartDate: start, Description: 'd' }),
  })
})

test('making a schedule needs iam:PassRole for its role', async () => {
  const { scheduler } = await started()
  const create = scheduler.actions['CreateSchedule']

  expect(create?.resources({ Name: 'a', GroupName: 'nights' })).toEqual([arn('a', 'nights')])
  expect(create?.alsoNeeds?.(body('rate(1 hour)'))).toEqual([
    {
      action: 'iam:PassRole',
      resource: roleArn,
      context: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
    },
  ])
})

test.each<[string, string, Input, string]>([
  ['a bad expression', 'CreateSchedule', { Name: 'a', ...body('rate(1 hours)') }, 'ValidationException'],
  ['a bad name', 'CreateSchedule', { Name: 'a b', ...body('rate(1 hour)') }, 'ValidationException'],
  [
    'an unknown group',
    'CreateSchedule',
    { Name: 'a', GroupName: 'no', ...body('rate(1 hour)') },
    'ResourceNotFoundException',
  ],
  [
    'a role the Scheduler may not assume',
    'CreateSchedule',
    { Name: 'a', ...body('rate(1 hour)', { Target: { Arn: functionArn('tick'), RoleArn: otherRole.arn } }) },
    'ValidationException',
  ],
  [
    'a target of another service',
    'CreateSchedule',
    {
      Name: 'a',
      ...body('rate(1 hour)', { Target: { Arn: 'arn:aws:sns:eu-central-1:0:t', RoleArn: roleArn } }),
    },
    'ValidationException',
  ],
  ['a name that is taken', 'CreateSchedule', { Name: 'taken', ...body('rate(1 hour)') }, 'ConflictException'],
  [
    'an update of nothing',
    'UpdateSchedule',
    { Name: 'gone', ...body('rate(1 hour)') },
    'ResourceNotFoundException',
  ],
  ['a delete of nothing', 'DeleteSchedule', { Name: 'gone' }, 'ResourceNotFoundException'],
])('%s is refused', async (_what, action, input, code) => {
  const { call } = await started()
  await call('CreateSchedule', { Name: 'taken', ...body('rate(1 hour)') })

  await expect(call(action, input)).rejects.toMatchObject({ code })
})
