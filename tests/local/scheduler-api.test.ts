import { afterEach, expect, test } from 'vitest'
import {
  arn,
  body,
  closeSchedulers,
  type Input,
  otherRole,
  roleArn,
  startScheduler,
} from '../support/schedules.ts'
import { functionArn } from '../support/small-host.ts'

afterEach(closeSchedulers)

test('GetSchedule answers what was put in, times in seconds', async () => {
  const { call } = await startScheduler()
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
  const { scheduler } = await startScheduler()
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
  const { call } = await startScheduler()
  await call('CreateSchedule', { Name: 'taken', ...body('rate(1 hour)') })

  await expect(call(action, input)).rejects.toMatchObject({ code })
})
