import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Caller } from '../../local/service.ts'
import {
  newDataDir,
  removeDir,
  type Resources,
  role,
  type SmallCloud,
  smallResources,
  startSmallCloud,
} from '../support/small-cloud.ts'

const operator = { kind: 'operator' } as const

let dataDir: string
let cloud: SmallCloud | undefined
beforeEach(() => {
  dataDir = newDataDir()
})
afterEach(async () => {
  await cloud?.stop()
  cloud = undefined
  removeDir(dataDir)
})
const start = async (resources?: Resources): Promise<SmallCloud> => {
  cloud = await startSmallCloud({ dataDir, ...(resources === undefined ? {} : { resources }) })
  return cloud
}
const bytesOf = (): string[] => readdirSync(join(dataDir, 's3', 'bytes'))

describe('bytes on disk belong to an object', () => {
  test('an upload that breaks off leaves none', async () => {
    const { endpoint, host, nameOf } = await start()
    const { accessKeyId } = host.sdk(operator).credentials
    const headers = {
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/r/s3/aws4_request`,
      'content-length': '1000',
    }
    const upload = request(`${endpoint}/${nameOf('Bucket')}/broken`, { method: 'PUT', headers })
    upload.on('error', () => {})
    upload.write('the first bytes')
    await vi.waitFor(() => expect(bytesOf()).toHaveLength(1))
    upload.destroy()

    await vi.waitFor(() => expect(bytesOf()).toEqual([]))
  })

  test('what a killed runtime left is swept at the next start, and objects stay', async () => {
    const first = await start()
    const s3 = new S3Client(first.host.sdk(operator))
    await s3.send(new PutObjectCommand({ Bucket: first.nameOf('Bucket'), Key: 'a', Body: 'kept' }))
    s3.destroy()
    const kept = bytesOf()
    await first.stop()
    writeFileSync(join(dataDir, 's3', 'bytes', randomUUID()), 'half an object')
    await start()

    expect(bytesOf()).toEqual(kept)
  })

  test('what was overwritten goes', async () => {
    const { host, nameOf } = await start()
    const s3 = new S3Client(host.sdk(operator))
    for (const Body of ['one', 'two', 'three'])
      await s3.send(new PutObjectCommand({ Bucket: nameOf('Bucket'), Key: 'a', Body }))
    s3.destroy()

    expect(bytesOf()).toHaveLength(1)
  })
})

test('a bucket under a key of its own needs the key as well', async () => {
  const Bucket = {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] },
            },
          },
        ],
      },
    },
  }
  const { host, nameOf, arnOf } = await start({ ...smallResources, Bucket })
  const s3 = new S3Client({ ...host.sdk({ kind: 'role', roleArn: arnOf('ProbeRole') }), maxAttempts: 1 })
  const denied = s3.send(new PutObjectCommand({ Bucket: nameOf('Bucket'), Key: 'allowed/x', Body: 'x' }))

  await expect(denied).rejects.toThrow(`kms:GenerateDataKey on resource: ${arnOf('Key')}`)
  s3.destroy()
})

describe('a queue takes messages of a service', () => {
  const rule: Caller = {
    kind: 'service',
    principal: 'events.amazonaws.com',
    sourceArn: 'arn:aws:events:eu-central-1:000000000000:rule/r',
  }
  const allow = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] },
    Condition: { ArnEquals: { 'aws:SourceArn': rule.sourceArn } },
  }
  const withPolicy = (...Statement: unknown[]): Resources => ({
    ...smallResources,
    Policy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: { Statement } },
    },
  })
  const send = ({ host, arnOf }: SmallCloud, caller: Caller) =>
    host.authorize(caller, 'sqs:SendMessage', arnOf('Queue'))

  test('only when its policy says so', async () => {
    await expect(send(await start(), rule)).rejects.toThrow(
      `User: events.amazonaws.com for ${rule.sourceArn} is not authorized`,
    )
  })

  test('for that source only', async () => {
    const own = await start(withPolicy(allow))

    await send(own, rule)
    await expect(send(own, { ...rule, sourceArn: `${rule.sourceArn}2` })).rejects.toThrow('not authorized')
  })

  test('and a role despite its own policy never, when the queue denies it', async () => {
    const deny = { Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }
    const own = await start(withPolicy(deny))

    await expect(send(own, { kind: 'role', roleArn: own.arnOf('ProbeRole') })).rejects.toThrow(
      'not authorized',
    )
  })
})

test('a statement about plain HTTP does not apply on loopback, one about anything else does', async () => {
  const deny = (Condition: unknown): unknown => ({
    Effect: 'Deny',
    Action: 'dynamodb:*',
    Resource: '*',
    Condition,
  })
  const grant = { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: '*' }
  const own = await start({
    ...smallResources,
    Transport: role(grant, deny({ Bool: { 'aws:SecureTransport': 'false' } })),
    Nobody: role(grant, deny({ StringLike: { 'aws:PrincipalArn': '*' } })),
  })
  const get = (name: string) =>
    own.host.authorize({ kind: 'role', roleArn: own.arnOf(name) }, 'dynamodb:GetItem', own.arnOf('Table'))

  await get('Transport')
  await expect(get('Nobody')).rejects.toThrow('not authorized')
})

test('an asynchronous event that a killed runtime had accepted is carried out at the next start', async () => {
  const folder = join(dataDir, 'lambda')
  mkdirSync(folder, { recursive: true })
  const functionArn = 'arn:aws:lambda:eu-central-1:000000000000:function:small-Probe'
  const payload = JSON.stringify({ do: 'putItem', key: 'resumed', value: 'x' })
  writeFileSync(join(folder, 'one.json'), JSON.stringify({ id: 'one', functionArn, payload, attempts: 1 }))
  writeFileSync(join(folder, 'two.json'), '{"id":"tw')
  const { host, nameOf } = await start()
  const Key = { pk: { S: 'resumed' }, sk: { S: '.' } }
  const get = () =>
    host.request({
      caller: operator,
      service: 'dynamodb',
      action: 'GetItem',
      input: { TableName: nameOf('Table'), Key },
    })

  await vi.waitFor(async () => expect((await get())['Item']).toBeDefined(), 5000)
  await vi.waitFor(() => expect(existsSync(join(folder, 'one.json'))).toBe(false))
  expect(readdirSync(folder)).toEqual([])
})
