import { afterEach, expect, test } from 'vitest'
import { createSources } from '../../local/sources/service.ts'
import { until } from '../support/small-host.ts'
import { dead, mappingOf, queueOf, readerRole, type SourcesBench, startSources } from '../support/sources.ts'

const opened: SourcesBench[] = []
afterEach(async () => {
  for (const bench of opened.splice(0)) await bench.close()
})

const work = queueOf('work', {
  VisibilityTimeout: '1',
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
})

type Records = { messageId: string; body: string; eventSource: string; attributes: Record<string, string> }[]
const recordsOf = (payload: unknown): Records => (payload as { Records: Records }).Records
const bodiesOf = (payload: unknown): string[] => recordsOf(payload).map(({ body }) => body)

async function started(
  properties: Record<string, unknown>,
  read: (payload: unknown) => unknown,
): Promise<SourcesBench> {
  const bench = await startSources(mappingOf(work.arn, properties), read, [work])
  opened.push(bench)
  return bench
}

async function send({ stores }: SourcesBench, ...bodies: string[]): Promise<void> {
  for (const MessageBody of bodies)
    await stores.send('sqs', 'SendMessage', { QueueUrl: work.url, MessageBody })
}

const leftIn = async ({ stores }: SourcesBench): Promise<number> => {
  const answer = await stores.send('sqs', 'GetQueueAttributes', {
    QueueUrl: work.url,
    AttributeNames: ['All'],
  })
  const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: inFlight } = answer[
    'Attributes'
  ] as Record<string, string>
  return Number(waiting) + Number(inFlight)
}

test('messages reach the function in the shape of AWS and are then gone', async () => {
  const got: unknown[] = []
  const bench = await started({}, (payload) => void got.push(payload))

  await send(bench, 'one', 'two')

  await until(() => got.flatMap(bodiesOf).length === 2)
  expect(got.flatMap(bodiesOf).sort()).toEqual(['one', 'two'])
  expect(got.flatMap(recordsOf)[0]).toMatchObject({
    eventSource: 'aws:sqs',
    eventSourceARN: work.arn,
    awsRegion: 'eu-central-1',
    attributes: { ApproximateReceiveCount: '1' },
  })
  await until(async () => (await leftIn(bench)) === 0)
})

test('messages of a failing function come back, and end in the dead-letter queue', async () => {
  const counts: string[] = []
  const bench = await started({}, (payload) => {
    counts.push(...recordsOf(payload).map(({ attributes }) => attributes['ApproximateReceiveCount'] ?? ''))
    throw new Error('no')
  })

  await send(bench, 'poison')

  const [body] = await until(async () => {
    const messages = await bench.messagesIn(dead)
    return messages.length > 0 && messages
  })
  expect(body).toBe('poison')
  expect(counts).toEqual(['1', '2'])
})

test('of a batch only the reported messages come back', async () => {
  const got: string[] = []
  const bench = await started(
    { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumBatchingWindowInSeconds: 10 },
    (payload) => {
      const isFirst = !got.includes('bad')
      got.push(...bodiesOf(payload))
      const failed = recordsOf(payload).filter(({ body }) => isFirst && body === 'bad')
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }
    },
  )

  await send(bench, 'good', 'bad', 'fine')

  await until(() => got.length === 4)
  expect(got.sort()).toEqual(['bad', 'bad', 'fine', 'good'])
  await until(async () => (await leftIn(bench)) === 0)
})

test('a filter looks into JSON bodies, and what it refuses is deleted', async () => {
  const got: unknown[] = []
  const Filters = [{ Pattern: JSON.stringify({ body: { kind: ['wanted'] } }) }]
  const bench = await started({ FilterCriteria: { Filters } }, (payload) => void got.push(payload))

  await send(bench, '{"kind":"other"}', '{"kind":"wanted"}', 'no JSON')

  await until(async () => (await leftIn(bench)) === 0)
  expect(got.flatMap(bodiesOf)).toEqual(['{"kind":"wanted"}'])
})

test('a role that may not receive fails the start', async () => {
  const bench = await started({}, () => {})
  bench.host.denied.add(`${readerRole} sqs:ReceiveMessage ${work.arn}`)

  await expect(createSources(bench.host).start?.()).rejects.toMatchObject({ code: 'AccessDeniedException' })
})
