import {
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { DeleteObjectsCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Caller } from '../../local/service.ts'
import { removeDir, type SmallCloud, startSmallCloud } from '../support/small-cloud.ts'

let cloud: SmallCloud
let TableName: string
const clients: { destroy(): void }[] = []

beforeAll(async () => {
  cloud = await startSmallCloud()
  TableName = cloud.nameOf('Table')
})
afterAll(async () => {
  for (const client of clients) client.destroy()
  await cloud.stop()
  removeDir(cloud.dataDir)
})

function clientOf(caller: Caller): DynamoDBClient {
  const client = new DynamoDBClient({ ...cloud.host.sdk(caller), maxAttempts: 1 })
  clients.push(client)
  return client
}
function s3Of(caller: Caller): S3Client {
  const client = new S3Client({ ...cloud.host.sdk(caller), maxAttempts: 1 })
  clients.push(client)
  return client
}
const as = (role: string, name: string): Caller => ({
  kind: 'role',
  roleArn: cloud.arnOf(role),
  functionArn: cloud.arnOf(name),
})
const item = (pk: string, value = '') => ({ pk: { S: pk }, sk: { S: '.' }, value: { S: value } })
const keyOf = (pk: string) => ({ pk: { S: pk }, sk: { S: '.' } })
const putting = (pk: string): TransactWriteItem => ({ Put: { TableName, Item: item(pk) } })
const checking = (pk: string): TransactWriteItem => ({
  ConditionCheck: { TableName, Key: keyOf(pk), ConditionExpression: 'attribute_not_exists(gone)' },
})

describe('a call is checked against the policies of its role', () => {
  const probe = (order: Record<string, unknown>) =>
    cloud.host.invoke(cloud.arnOf('Probe'), order, { caller: { kind: 'operator' } })

  test('and let through where they allow it, from inside the function', async () => {
    await probe({ do: 'putItem', key: 'mine', value: 'kept' })
    await probe({ do: 'putObject', key: 'allowed/x', value: 'kept' })

    expect((await probe({ do: 'getItem', key: 'mine' })).payload).toContain('kept')
    expect((await probe({ do: 'getObject', key: 'allowed/x' })).payload).toBe('"kept"')
  })

  test('and denied where nothing allows it, naming function, role, action and resource', async () => {
    const { payload } = await cloud.host.invoke(
      cloud.arnOf('Bare'),
      { do: 'putItem', key: 'x' },
      { caller: { kind: 'operator' } },
    )

    const { errorType, errorMessage } = JSON.parse(payload) as { errorType: string; errorMessage: string }
    expect(errorType).toBe('AccessDeniedException')
    expect(errorMessage).toBe(
      `User: arn:aws:sts::000000000000:assumed-role/${cloud.nameOf('BareRole')}/${cloud.nameOf('Bare')} is not authorized to perform: ` +
        `dynamodb:PutItem on resource: ${cloud.arnOf('Table')} because no policy in the template allows the dynamodb:PutItem action`,
    )
    expect(cloud.troubles).toContainEqual({
      message: 'denied',
      fields: expect.objectContaining({
        action: 'dynamodb:PutItem',
        resource: cloud.arnOf('Table'),
      }) as unknown,
    })
  })

  test.each([
    [
      'Query of an index',
      (client: DynamoDBClient) =>
        client.send(
          new QueryCommand({
            TableName,
            IndexName: 'gsi1',
            KeyConditionExpression: 'gsi1pk = :p',
            ExpressionAttributeValues: { ':p': { S: 'x' } },
          }),
        ),
      'dynamodb:Query',
      '/index/gsi1',
    ],
    [
      'transaction with a check',
      (client: DynamoDBClient) =>
        client.send(new TransactWriteItemsCommand({ TransactItems: [putting('a'), checking('b')] })),
      'dynamodb:ConditionCheckItem',
      '',
    ],
    [
      'transaction with a delete',
      (client: DynamoDBClient) =>
        client.send(
          new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName, Key: keyOf('a') } }] }),
        ),
      'dynamodb:DeleteItem',
      '',
    ],
    [
      'batch write',
      (client: DynamoDBClient) =>
        client.send(
          new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item: item('a') } }] } }),
        ),
      'dynamodb:BatchWriteItem',
      '',
    ],
  ])('%s needs its own permission', async (_what, command, action, path) => {
    const denied = command(clientOf(as('ProbeRole', 'Probe')))

    await expect(denied).rejects.toThrow(
      `perform: ${action} on resource: ${cloud.arnOf('Table')}${path} because`,
    )
  })

  test('object by object', async () => {
    const s3 = s3Of(as('ProbeRole', 'Probe'))
    const Bucket = cloud.nameOf('Bucket')

    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'other/x', Body: 'x' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(`s3:PutObject on resource: arn:aws:s3:::${Bucket}/other/x`) as unknown,
      $metadata: { httpStatusCode: 403 },
    })
    const { Errors } = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'allowed/x' }] } }),
    )
    expect(Errors).toMatchObject([{ Key: 'allowed/x', Code: 'AccessDenied' }])
  })

  test('and a missing object is a denial to who may not list the bucket', async () => {
    const command = new GetObjectCommand({ Bucket: cloud.nameOf('Bucket'), Key: 'allowed/missing' })

    await expect(s3Of(as('ProbeRole', 'Probe')).send(command)).rejects.toMatchObject({ name: 'AccessDenied' })
    await expect(s3Of({ kind: 'operator' }).send(command)).rejects.toMatchObject({ name: 'NoSuchKey' })
  })
})

describe('the gateway refuses', () => {
  test('a caller it has not given credentials to', async () => {
    const client = new DynamoDBClient({
      ...cloud.host.sdk({ kind: 'operator' }),
      credentials: { accessKeyId: 'AKIDGUESSED', secretAccessKey: 'x' },
    })
    clients.push(client)

    await expect(client.send(new GetItemCommand({ TableName, Key: keyOf('a') }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    })
  })

  test.each([
    ['sns', 'CreateTopic', { Name: 'x' }],
    ['dynamodb', 'DeleteTable', { TableName: 'x' }],
    ['kms', 'ScheduleKeyDeletion', { KeyId: 'x' }],
    ['sqs', 'DeleteQueue', { QueueUrl: 'x' }],
  ])('%s:%s by name, since nothing hosts it', async (service, action, input) => {
    const call = cloud.host.request({ caller: { kind: 'operator' }, service, action, input })

    await expect(call).rejects.toMatchObject({
      code: 'UnknownOperationException',
      message: expect.stringContaining(`${service}:${action}`) as unknown,
    })
  })

  test('an operation that the local S3 does not have', async () => {
    const { accessKeyId } = cloud.host.sdk({ kind: 'operator' }).credentials
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/eu-central-1/s3/aws4_request`
    const answer = await fetch(`${cloud.endpoint}/${cloud.nameOf('Bucket')}?policy`, {
      headers: { authorization },
    })

    expect(answer.status).toBe(501)
    expect(await answer.text()).toContain('<Message>The local S3 does not offer GET policy</Message>')
  })
})

describe('a presigned URL', () => {
  const ofObject = () => ({ Bucket: cloud.nameOf('Bucket'), Key: 'presigned' })

  test('works without a header', async () => {
    const s3 = s3Of({ kind: 'operator' })
    await s3.send(new PutObjectCommand({ ...ofObject(), Body: 'by URL' }))
    const link = await getSignedUrl(
      s3,
      new GetObjectCommand({ ...ofObject(), ResponseContentType: 'text/mine' }),
    )

    const answer = await fetch(link)

    expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['text/mine', 'by URL'])
  })

  test.each([
    ['another key', (link: string) => link.replace('/presigned?', '/another?')],
    ['another parameter', (link: string) => `${link}&versionId=1`],
    ['a longer life', (link: string) => link.replace('X-Amz-Expires=60', 'X-Amz-Expires=600')],
  ])('with %s is refused', async (_what, alter) => {
    const link = await getSignedUrl(s3Of({ kind: 'operator' }), new GetObjectCommand(ofObject()), {
      expiresIn: 60,
    })

    const answer = await fetch(alter(link))

    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringContaining('SignatureDoesNotMatch'),
    ])
  })

  test('that has expired is refused', async () => {
    const signingDate = new Date(Date.now() - 3_600_000)
    const options = { expiresIn: 60, signingDate }
    const link = await getSignedUrl(s3Of({ kind: 'operator' }), new GetObjectCommand(ofObject()), options)

    const answer = await fetch(link)

    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('expired')])
  })

  test('for an upload of one size takes no other', async () => {
    const s3 = new S3Client({
      ...cloud.host.sdk({ kind: 'operator' }),
      requestChecksumCalculation: 'WHEN_REQUIRED',
    })
    clients.push(s3)
    const command = new PutObjectCommand({ ...ofObject(), ContentLength: 4 })
    const link = await getSignedUrl(s3, command, { signableHeaders: new Set(['host', 'content-length']) })

    const longer = await fetch(link, { method: 'PUT', body: '12345' })
    const right = await fetch(link, { method: 'PUT', body: '1234' })

    expect([longer.status, right.status]).toEqual([403, 200])
  })
})
