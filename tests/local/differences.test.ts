import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLineLog } from '../../local/lambda/function-log.ts'
import {
  newDataDir,
  removeDir,
  type SmallCloud,
  smallResources,
  startSmallCloud,
} from '../support/small-cloud.ts'

/** Where the local runtime is not like AWS and knows it: each of these fails when the gap closes. See docs/local-runtime.md. */

let cloud: SmallCloud
const operator = { kind: 'operator' } as const

beforeAll(async () => {
  const Queue = { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: { Ref: 'Key' } } }
  const table = smallResources['Table']
  const SSESpecification = { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: { Ref: 'Key' } }
  const Table = {
    Type: 'AWS::DynamoDB::Table',
    Properties: { ...Object(table?.Properties), SSESpecification },
  }
  cloud = await startSmallCloud({ resources: { ...smallResources, Queue, Table } })
})
afterAll(async () => {
  await cloud.stop()
  removeDir(cloud.dataDir)
})

test('DescribeTable names a region of its own in its ARNs', async () => {
  const client = new DynamoDBClient(cloud.host.sdk(operator))
  const { Table } = await client.send(new DescribeTableCommand({ TableName: cloud.nameOf('Table') }))
  client.destroy()

  expect(Table?.TableArn).toBe('arn:aws:dynamodb:dynoxide:000000000000:table/small-Table')
  expect(Table?.LatestStreamArn).not.toBe(cloud.resources.tables[0]?.streamArn)
})

test('tables and queues under a key do not ask the caller for it', async () => {
  const { arnOf, nameOf, host, resources } = cloud
  const caller = { kind: 'role', roleArn: arnOf('ProbeRole') } as const
  const Item = { pk: { S: 'x' }, sk: { S: '.' } }
  const { url: QueueUrl = '' } = resources.queues.find(({ logicalId }) => logicalId === 'Queue') ?? {}
  await host.request({
    caller,
    service: 'dynamodb',
    action: 'PutItem',
    input: { TableName: nameOf('Table'), Item },
  })
  const sent = await host.request({
    caller,
    service: 'sqs',
    action: 'SendMessage',
    input: { QueueUrl, MessageBody: 'x' },
  })

  expect(sent).toHaveProperty('MessageId')
})

test('objects lie on disk as they are, and no lifecycle rule removes them', async () => {
  const LifecycleConfiguration = { Rules: [{ Status: 'Enabled', ExpirationInDays: 1, Prefix: '' }] }
  const Bucket = { Type: 'AWS::S3::Bucket', Properties: { LifecycleConfiguration } }
  const resources = { ...smallResources, Bucket }
  const dataDir = newDataDir()
  const lastWeek = new Date(Date.now() - 7 * 86_400_000)
  const first = await startSmallCloud({ dataDir, resources, now: () => lastWeek })
  const s3 = new S3Client(first.host.sdk(operator))
  await s3.send(new PutObjectCommand({ Bucket: first.nameOf('Bucket'), Key: 'a', Body: 'readable' }))
  s3.destroy()
  await first.stop()
  await (await startSmallCloud({ dataDir, resources })).stop()

  const folder = join(dataDir, 's3', 'bytes')
  expect(readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))).toEqual(['readable'])
  removeDir(dataDir)
})

test('a function serves several requests at once, in one environment', async () => {
  const run = async (order: Record<string, unknown>): Promise<unknown> =>
    JSON.parse((await cloud.host.invoke(cloud.arnOf('Bare'), order, { caller: operator })).payload)
  const before = Number(await run({ do: 'count' }))
  const [, , meanwhile] = await Promise.all([
    run({ do: 'sleep', ms: 300 }),
    run({ do: 'sleep', ms: 300 }),
    run({ do: 'count' }),
  ])

  // On Lambda it would have met a fresh module, in an environment of its own.
  expect(await run({ do: 'count' })).toBe(before + 2)
  expect(meanwhile).toBe(before + 1)
})

test('logs are files of bounded size, the one before it kept', async () => {
  const folder = join(cloud.dataDir, 'rotation')
  mkdirSync(folder)
  const log = openLineLog(folder, 'f')
  const line = 'x'.repeat(1024 * 1024)
  for (let n = 0; n < 30; n++) log.write(line)
  log.close()

  expect(readdirSync(folder).toSorted()).toEqual(['f.log', 'f.log.1'])
  expect(statSync(join(folder, 'f.log')).size).toBeLessThan(21 * 1024 * 1024)
})
