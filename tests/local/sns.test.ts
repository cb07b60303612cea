import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CreateTopicCommand, PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeDir, type SmallCloud, smallTopics, startSmallCloud } from '../support/small-cloud.ts'

let cloud: SmallCloud
let sns: SNSClient

beforeAll(async () => {
  cloud = await startSmallCloud()
  const role = { kind: 'role', roleArn: cloud.arnOf('ProbeRole') } as const
  sns = new SNSClient({ ...cloud.host.sdk(role), region: 'us-east-1', maxAttempts: 1 })
})
afterAll(async () => {
  sns.destroy()
  await cloud.stop()
  removeDir(cloud.dataDir)
})

const publish = (input: PublishCommandInput) => sns.send(new PublishCommand(input))
const lines = (name: string): Record<string, unknown>[] =>
  readFileSync(join(cloud.dataDir, 'topics', `${name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('what is published lies in a file of the topic, as it was sent', async () => {
  const text = 'a < b & "c"\r\n+ größer 🙂 = 100%'
  const attribute = { DataType: 'Number', StringValue: '3' }

  const { MessageId } = await publish({ TopicArn: smallTopics.plain, Message: text, Subject: 'one' })
  await publish({
    TopicArn: smallTopics.ordered,
    Message: JSON.stringify({ default: '{}', email: text }),
    MessageStructure: 'json',
    MessageAttributes: { failed: attribute, note: { DataType: 'String', StringValue: 'é' } },
    MessageGroupId: 'g',
    MessageDeduplicationId: 'd',
  })

  expect(lines('plain')).toMatchObject([
    { id: MessageId, topic: smallTopics.plain, subject: 'one', message: text, attributes: {} },
  ])
  expect(lines('ordered.fifo')).toMatchObject([
    {
      message: { default: '{}', email: text },
      attributes: { failed: attribute, note: { StringValue: 'é' } },
      group: 'g',
      deduplication: 'd',
    },
  ])
})

test('a topic that no policy of the role names is refused as SNS does it', async () => {
  const other = smallTopics.plain.replace('plain', 'other')

  await expect(publish({ TopicArn: other, Message: 'x' })).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    message: expect.stringContaining(`sns:Publish on resource: ${other}`) as unknown,
    $metadata: { httpStatusCode: 403 },
  })
  expect(existsSync(join(cloud.dataDir, 'topics', 'other.jsonl'))).toBe(false)
})

test.each([
  ['a message above 256 KiB', { Message: 'é'.repeat(128 * 1024 + 1) }],
  [
    'one that is too long by its attributes',
    {
      Message: 'x'.repeat(256 * 1024),
      MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } },
    },
  ],
  ['a subject of 100 characters', { Subject: 's'.repeat(100) }],
  ['a subject with a line break', { Subject: 'a\nb' }],
  ['a structure without a default', { Message: '{"email":"x"}', MessageStructure: 'json' }],
  ['no group on a FIFO topic', { TopicArn: smallTopics.ordered }],
])('with %s it is refused', async (_what, given) => {
  const published = publish({ TopicArn: smallTopics.plain, Message: 'x', ...given })

  await expect(published).rejects.toMatchObject({ name: 'InvalidParameterException' })
})

test('faults are answered as SNS words them, and other actions are refused by name', async () => {
  cloud.faults.add({ service: 'sns', action: 'Publish', effect: { kind: 'throttle' } })
  await expect(publish({ TopicArn: smallTopics.plain, Message: 'x' })).rejects.toMatchObject({
    name: 'ThrottledException',
  })
  cloud.faults.add({
    service: 'sns',
    action: 'Publish',
    effect: { kind: 'error', status: 404, code: 'NotFound', message: 'Topic does not exist' },
  })
  await expect(publish({ TopicArn: smallTopics.plain, Message: 'x' })).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Topic does not exist',
  })
  await expect(sns.send(new CreateTopicCommand({ Name: 'x' }))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('sns:CreateTopic') as unknown,
  })
})
