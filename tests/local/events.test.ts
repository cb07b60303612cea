import { afterEach, expect, test } from 'vitest'
import { createEvents, type EventsService } from '../../local/events/service.ts'
import { ServiceError } from '../../local/service.ts'
import type { EventRuleResource } from '../../local/template/resources.ts'
import { declared, functionArn, type SmallHost, startSmallHost, until } from '../support/small-host.ts'

const ruleArn = 'arn:aws:events:eu-central-1:000000000000:rule/seen'
const queue = {
  ...declared,
  name: 'dead',
  arn: 'arn:aws:sqs:eu-central-1:000000000000:dead',
  url: 'http://q/dead',
  attributes: {},
}

type Bench = { host: SmallHost; events: EventsService; got: unknown[] }
const opened: Bench[] = []
afterEach(async () => {
  for (const { host, events } of opened.splice(0)) {
    await events.stop?.()
    await host.close()
  }
})

const ruleOf = (more: Partial<EventRuleResource>): EventRuleResource => ({
  ...declared,
  name: 'seen',
  arn: ruleArn,
  busName: 'default',
  enabled: true,
  targets: [{ Id: 'a', Arn: functionArn('on-event') }],
  ...more,
})

async function started(rule: Partial<EventRuleResource>): Promise<Bench> {
  const host = await startSmallHost({ eventRules: [ruleOf(rule)], queues: [queue] })
  const events = createEvents(host, { secondMs: 10 })
  const bench: Bench = { host, events, got: [] }
  host.functions.set('on-event', (payload) => void bench.got.push(payload))
  opened.push(bench)
  return bench
}

const put = (events: EventsService, entries: Record<string, unknown>[]): Promise<unknown> => {
  const action = events.actions['PutEvents']
  return (
    action?.run({ Entries: entries }, { caller: { kind: 'operator' }, requestId: 'test' }) ?? Promise.reject()
  )
}

test('an event that matches reaches the function in the shape of AWS, another does not', async () => {
  const { events, got } = await started({ pattern: { source: ['app'] } })

  const answer = await put(events, [
    { Source: 'app', DetailType: 'Thing', Detail: '{"a":1}', Time: 1_780_000_000, Resources: ['arn:x'] },
    { Source: 'other', DetailType: 'Thing', Detail: '{}' },
  ])

  expect(answer).toMatchObject({ FailedEntryCount: 0 })
  const [first] = (answer as { Entries: { EventId: string }[] }).Entries
  expect(got).toEqual([
    {
      version: '0',
      id: first?.EventId,
      'detail-type': 'Thing',
      source: 'app',
      account: '000000000000',
      time: '2026-05-28T20:26:40Z',
      region: 'eu-central-1',
      resources: ['arn:x'],
      detail: { a: 1 },
    },
  ])
})

test('bad entries are refused one by one', async () => {
  const { events, got } = await started({ pattern: { source: [{ prefix: '' }] } })

  const answer = await put(events, [
    { Source: 'aws.states', DetailType: 'Forged', Detail: '{}' },
    { Source: 'app', DetailType: 'Thing', Detail: '{' },
    { Source: 'app', Detail: '{}' },
    { Source: 'app', DetailType: 'Thing', Detail: '{}', EventBusName: 'nowhere' },
    { Source: 'app', DetailType: 'Thing', Detail: '{}' },
  ])

  const { FailedEntryCount, Entries } = answer as {
    FailedEntryCount: number
    Entries: { ErrorCode?: string }[]
  }
  expect(FailedEntryCount).toBe(4)
  expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
    'NotAuthorizedForSourceException',
    'MalformedDetail',
    'InvalidArgument',
    'ResourceNotFoundException',
    undefined,
  ])
  expect(got).toHaveLength(1)
})

test.each([
  ['a disabled rule', { enabled: false }],
  ['a rule of another bus', { busName: 'other' }],
])('%s hears nothing', async (_what, rule) => {
  const { events, got } = await started({ pattern: { source: ['app'] }, ...rule })

  await events.publish({ source: 'app', 'detail-type': 'Thing', detail: {} })

  expect(got).toEqual([])
})

test('a state machine is started under the role of the target, with the transformed input', async () => {
  const arn = 'arn:aws:states:eu-central-1:000000000000:stateMachine:work'
  const { host, events } = await started({
    pattern: { source: ['app'] },
    targets: [{ Id: 'a', Arn: arn, RoleArn: 'arn:role', InputPath: '$.detail' }],
  })

  await events.publish({ source: 'app', 'detail-type': 'Thing', detail: { a: 1 } })

  expect(host.requests).toEqual([
    {
      caller: { kind: 'role', roleArn: 'arn:role' },
      service: 'states',
      action: 'StartExecution',
      input: { stateMachineArn: arn, input: '{"a":1}' },
    },
  ])
})

test('a target that is busy is tried again until it takes the event', async () => {
  const { host, events, got } = await started({ pattern: { source: ['app'] } })
  let calls = 0
  host.functions.set('on-event', (payload) => {
    if (++calls < 4) throw new ServiceError('TooManyRequestsException', 'busy', 429)
    got.push(payload)
  })

  await events.publish({ source: 'app', 'detail-type': 'Thing', detail: {} })

  await until(() => got.length === 1)
  expect(calls).toBe(4)
})

test.each([
  [
    'a busy target after its retries',
    {
      code: 'TooManyRequestsException',
      status: 429,
      calls: 3,
      condition: 'MaximumRetryAttempts',
      retries: '2',
    },
  ],
  [
    'a missing grant at once',
    { code: 'AccessDeniedException', status: 403, calls: 1, condition: 'NotRetryable', retries: '0' },
  ],
])(
  '%s: the event goes to the dead-letter queue',
  async (_what, { code, status, calls, condition, retries }) => {
    const { host, events } = await started({
      pattern: { source: ['app'] },
      targets: [
        {
          Id: 'a',
          Arn: functionArn('on-event'),
          RetryPolicy: { MaximumRetryAttempts: 2 },
          DeadLetterConfig: { Arn: queue.arn },
        },
      ],
    })
    let called = 0
    host.functions.set('on-event', () => {
      called++
      throw new ServiceError(code, 'no', status)
    })

    await events.publish({ source: 'app', 'detail-type': 'Thing', detail: { a: 1 } })

    await until(() => host.requests.length === 1)
    expect(called).toBe(calls)
    expect(host.requests[0]).toMatchObject({
      service: 'sqs',
      action: 'SendMessage',
      caller: { kind: 'service', principal: 'events.amazonaws.com', sourceArn: ruleArn },
      input: {
        QueueUrl: queue.url,
        MessageAttributes: {
          RULE_ARN: { DataType: 'String', StringValue: ruleArn },
          ERROR_CODE: { DataType: 'String', StringValue: code },
          EXHAUSTED_RETRY_CONDITION: { DataType: 'String', StringValue: condition },
          RETRY_ATTEMPTS: { DataType: 'String', StringValue: retries },
        },
      },
    })
  },
)

test('an event that waits for a retry survives a restart', async () => {
  const { host, events } = await started({ pattern: { source: ['app'] } })
  host.functions.set('on-event', () => {
    throw new ServiceError('ServiceException', 'down', 503)
  })
  await events.publish({ source: 'app', 'detail-type': 'Thing', detail: { a: 1 } })
  await events.stop?.()
  const restarted = host.restarted()
  const got: unknown[] = []
  restarted.functions.set('on-event', (payload) => void got.push(payload))

  const again = createEvents(restarted, { secondMs: 10 })
  await again.start?.()

  await until(() => got.length === 1)
  expect(got[0]).toMatchObject({ detail: { a: 1 } })
  await again.stop?.()
})

test('the fault "duplicate" delivers an event twice', async () => {
  const { host, events, got } = await started({ pattern: { source: ['app'] } })
  host.faults.add({ service: 'events', action: 'deliver', effect: { kind: 'duplicate' } })

  await events.publish({ source: 'app', 'detail-type': 'Thing', detail: {} })
  await events.publish({ source: 'app', 'detail-type': 'Thing', detail: {} })

  expect(got).toHaveLength(3)
  expect(got[0]).toEqual(got[1])
})

test('a rule on a rate sends its own event each time', async () => {
  const { host, events, got } = await started({ scheduleExpression: 'rate(5 minutes)' })
  host.clock.now = new Date('2026-03-01T10:01:00Z')
  await events.start?.()

  for (const at of ['10:04:59', '10:05:00', '10:07:00', '10:10:01']) {
    host.clock.now = new Date(`2026-03-01T${at}Z`)
    await events.check()
  }

  expect(got).toMatchObject([
    {
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      time: '2026-03-01T10:05:00Z',
      resources: [ruleArn],
      detail: {},
    },
    { time: '2026-03-01T10:10:00Z' },
  ])
})

test.each([
  ['a pattern with an unknown operator', { pattern: { source: [{ regex: 'x' }] } }, 'regex'],
  [
    'a target of another service',
    {
      pattern: { source: ['a'] },
      targets: [{ Id: 'a', Arn: 'arn:aws:sns:eu-central-1:000000000000:topic' }],
    },
    'sns',
  ],
  [
    'a target with an unknown setting',
    { pattern: { source: ['a'] }, targets: [{ Id: 'a', Arn: functionArn('f'), EcsParameters: {} }] },
    'EcsParameters',
  ],
  ['a schedule that is none', { scheduleExpression: 'rate(1 minutes)' }, 'rate(1 minutes)'],
])('%s is refused at start, naming the rule', async (_what, rule, word) => {
  const host = await startSmallHost({ eventRules: [ruleOf({ logicalId: 'TheRule', ...rule })] })

  expect(() => createEvents(host)).toThrow(word)
  expect(() => createEvents(host)).toThrow('test/TheRule')
  await host.close()
})
