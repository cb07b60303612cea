import { afterEach, expect, test } from 'vitest'
import { ServiceError } from '../../local/service.ts'
import {
  arn,
  body,
  closeSchedulers,
  machine,
  queue,
  roleArn,
  startOn,
  startScheduler,
} from '../support/schedules.ts'
import { declared, functionArn, until } from '../support/small-host.ts'

afterEach(closeSchedulers)

test('a schedule made through the API calls its target at each time, in its time zone', async () => {
  const { call, at, got } = await startScheduler([], '2026-03-28T00:00:00Z')
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
  const { call, at, got } = await startScheduler()
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

test('a schedule with a flexible window fires at its time', async () => {
  const { call, at, got } = await startScheduler()
  const FlexibleTimeWindow = { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 30 }
  await call('CreateSchedule', { Name: 'loose', ...body('rate(1 hour)', { FlexibleTimeWindow }) })

  await at('2026-03-01T00:59:59Z')
  await at('2026-03-01T01:00:00Z')

  expect(got).toEqual([{ at: '2026-03-01T01:00:00Z', arn: arn('loose') }])
})

test('a one-time schedule runs once, and is deleted where it asked for it', async () => {
  const { call, at, got } = await startScheduler()
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
  const { call, at, got } = await startScheduler()
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
  const { host, call, at } = await startScheduler()
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
  const { host, call, at, scheduler, got } = await startScheduler()
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
  const { host, call, scheduler, at, got } = await startScheduler([resource])

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
  const { call, scheduler, got } = await startScheduler()
  await call('CreateSchedule', { Name: 'nightly', GroupName: 'nights', ...body('cron(0 3 * * ? *)') })

  await scheduler.fireNow('nightly', 'nights')

  expect(got).toEqual([{ at: '2026-03-01T00:00:00Z', arn: arn('nightly', 'nights') }])
})

test('a target that refuses for good ends in the dead-letter queue, under the role of the schedule', async () => {
  const { host, call, at } = await startScheduler()
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
  const { host, call, at, got } = await startScheduler()
  await call('CreateSchedule', { Name: 'a', ...body('rate(1 hour)') })
  host.faults.add({ service: 'scheduler', action: 'deliver', effect: { kind: 'duplicate' } })

  await at('2026-03-01T01:00:00Z')

  expect(got).toHaveLength(2)
  expect(got[0]).toEqual(got[1])
})
