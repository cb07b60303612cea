import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { removeDir, type SmallCloud, smallResources, startSmallCloud } from '../support/small-cloud.ts'

let cloud: SmallCloud
let s3: S3Client
let Bucket: string
let versioned: string

beforeAll(async () => {
  const rule = {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.s3'], detail: { object: { key: [{ prefix: 'watched/' }] } } },
      Targets: [{ Id: 'queue', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
    },
  }
  const policy = {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: 'Queue' }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: '*',
          },
        ],
      },
    },
  }
  cloud = await startSmallCloud({ resources: { ...smallResources, Rule: rule, QueuePolicy: policy } })
  s3 = new S3Client(cloud.host.sdk({ kind: 'operator' }))
  Bucket = cloud.nameOf('Bucket')
  versioned = cloud.nameOf('Versioned')
})
afterAll(async () => {
  s3.destroy()
  await cloud.stop()
  removeDir(cloud.dataDir)
})

const put = (Key: string, Body: string, more: Partial<PutObjectCommandInput> = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))
const get = async (Key: string, more: Partial<GetObjectCommandInput> = {}): Promise<string | undefined> =>
  (await s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString()

describe('an object', () => {
  test('comes back with its bytes, type, metadata and ETag', async () => {
    const { ETag } = await put('a/b c+ü/%41?#.txt', 'content', {
      ContentType: 'text/x',
      Metadata: { run: '7' },
      CacheControl: 'no-store',
    })

    const found = await s3.send(new GetObjectCommand({ Bucket, Key: 'a/b c+ü/%41?#.txt' }))
    expect(await found.Body?.transformToString()).toBe('content')
    expect(found).toMatchObject({
      ETag,
      ContentType: 'text/x',
      Metadata: { run: '7' },
      CacheControl: 'no-store',
      ContentLength: 7,
    })
  })

  test('of 30 MB is streamed in and out', async () => {
    const bytes = randomBytes(30 * 1024 * 1024)
    const Body = Readable.from([bytes.subarray(0, 1_000_003), bytes.subarray(1_000_003)])
    await s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body, ContentLength: bytes.length }))

    const back = await (
      await s3.send(new GetObjectCommand({ Bucket, Key: 'large' }))
    ).Body?.transformToByteArray()
    expect(Buffer.from(back ?? []).equals(bytes)).toBe(true)
  })

  test('may be empty', async () => {
    await put('empty', '')

    expect(await get('empty')).toBe('')
  })

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=5-99', '56789', 'bytes 5-9/10'],
  ])('answers the range %s', async (Range, body, ContentRange) => {
    await put('ranged', '0123456789')

    const found = await s3.send(new GetObjectCommand({ Bucket, Key: 'ranged', Range }))
    expect(await found.Body?.transformToString()).toBe(body)
    expect(found.ContentRange).toBe(ContentRange)
  })

  test('is refused when its checksum does not fit, and nothing is kept', async () => {
    const before = readdirSync(join(cloud.dataDir, 's3', 'bytes')).length

    await expect(put('damaged', 'content', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({
      name: 'BadDigest',
    })
    await expect(get('damaged')).rejects.toMatchObject({ name: 'NoSuchKey' })
    expect(readdirSync(join(cloud.dataDir, 's3', 'bytes'))).toHaveLength(before)
  })
})

describe('a conditional write', () => {
  test('of a new object succeeds once, also when many try at a time', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => put('once', `writer ${n}`, { IfNoneMatch: '*' })),
    )

    const refused = tries.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
    expect(refused).toHaveLength(7)
    expect(refused[0]?.reason).toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    })
  })

  test('of a known state fails when somebody was faster', async () => {
    const { ETag = '' } = await put('state', 'one')
    await put('state', 'two', { IfMatch: ETag })

    await expect(put('state', 'three', { IfMatch: ETag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    expect(await get('state')).toBe('two')
  })
})

test('a copy has the bytes and metadata of its source', async () => {
  await put('copy/from', 'content', { Metadata: { a: 'b' } })
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy/to', CopySource: `${Bucket}/copy/from` }))
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'copy/from' }))

  expect(await get('copy/to')).toBe('content')
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy/to' }))).Metadata).toEqual({ a: 'b' })
})

describe('a listing', () => {
  beforeAll(async () => {
    for (const key of ['list/a', 'list/a/1', 'list/a/2', 'list/b/1', 'list/ä', 'list/z', 'listed'])
      await put(key, key)
  })

  test('is in the order of the bytes of the keys, page by page', async () => {
    const keys: (string | undefined)[] = []
    let ContinuationToken: string | undefined
    do {
      const page = await s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: 'list/', MaxKeys: 2, ContinuationToken }),
      )
      expect(page.Contents?.length).toBeLessThanOrEqual(2)
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key))
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken !== undefined)

    expect(keys).toEqual(['list/a', 'list/a/1', 'list/a/2', 'list/b/1', 'list/z', 'list/ä'])
  })

  test('rolls keys up to the delimiter into one, over pages too', async () => {
    const first = await s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'list/', Delimiter: '/', MaxKeys: 2 }),
    )
    const rest = await s3.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix: 'list/',
        Delimiter: '/',
        ContinuationToken: first.NextContinuationToken,
      }),
    )

    expect([first.Contents?.map(({ Key }) => Key), first.CommonPrefixes]).toEqual([
      ['list/a'],
      [{ Prefix: 'list/a/' }],
    ])
    expect([rest.Contents?.map(({ Key }) => Key), rest.CommonPrefixes]).toEqual([
      ['list/z', 'list/ä'],
      [{ Prefix: 'list/b/' }],
    ])
  })
})

describe('a multipart upload', () => {
  const begin = async (Key: string): Promise<{ Bucket: string; Key: string; UploadId: string }> => {
    const { UploadId = '' } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'text/parts' }),
    )
    return { Bucket, Key, UploadId }
  }

  test('becomes one object when it is completed', async () => {
    const upload = await begin('parts')
    const Parts = []
    for (const [at, Body] of ['first ', 'second'].entries()) {
      const { ETag } = await s3.send(new UploadPartCommand({ ...upload, PartNumber: at + 1, Body }))
      Parts.push({ PartNumber: at + 1, ETag })
    }
    await expect(get('parts')).rejects.toMatchObject({ name: 'NoSuchKey' })
    const { ETag } = await s3.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }),
    )

    const found = await s3.send(new GetObjectCommand({ Bucket, Key: 'parts' }))
    expect(await found.Body?.transformToString()).toBe('first second')
    expect(found).toMatchObject({ ETag, ContentType: 'text/parts' })
    expect(ETag).toMatch(/-2"$/)
  })

  test('leaves nothing when it is aborted', async () => {
    const upload = await begin('aborted')
    await s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'x' }))
    await s3.send(new AbortMultipartUploadCommand(upload))

    await expect(
      s3.send(new UploadPartCommand({ ...upload, PartNumber: 2, Body: 'x' })),
    ).rejects.toMatchObject({ name: 'NoSuchUpload' })
  })
})

describe('a versioned bucket', () => {
  test('keeps what was overwritten and deleted', async () => {
    const write = (Body: string) => s3.send(new PutObjectCommand({ Bucket: versioned, Key: 'v', Body }))
    const [one, two] = [await write('one'), await write('two')]
    const deleted = await s3.send(new DeleteObjectCommand({ Bucket: versioned, Key: 'v' }))

    await expect(get('v', { Bucket: versioned })).rejects.toMatchObject({ name: 'NoSuchKey' })
    expect(await get('v', { Bucket: versioned, VersionId: one.VersionId })).toBe('one')
    const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket: versioned }))
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual([two.VersionId, one.VersionId])
    expect(DeleteMarkers).toMatchObject([{ VersionId: deleted.VersionId, IsLatest: true }])
  })
})

test('many objects are deleted at once, keys with XML characters too', async () => {
  const keys = ['many/<&>"\'', 'many/2']
  for (const key of keys) await put(key, 'x')
  const { Deleted } = await s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }),
  )

  expect(Deleted).toEqual(keys.map((Key) => ({ Key })))
  expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'many/' }))).KeyCount).toBe(0)
})

test('an object made where events are on is told to the bus', async () => {
  await put('watched/x', 'four', {})

  const QueueUrl = cloud.resources.queues.find(({ logicalId }) => logicalId === 'Queue')?.url ?? ''
  const body = await vi.waitFor(async () => {
    const request = {
      caller: { kind: 'operator' },
      service: 'sqs',
      action: 'ReceiveMessage',
      input: { QueueUrl },
    } as const
    const { Messages } = (await cloud.host.request(request)) as { Messages?: { Body: string }[] }
    expect(Messages).toHaveLength(1)
    return Messages?.[0]?.Body ?? ''
  }, 5000)
  expect(JSON.parse(body)).toMatchObject({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    resources: [cloud.arnOf('Bucket')],
    detail: { bucket: { name: Bucket }, object: { key: 'watched/x', size: 4 }, reason: 'PutObject' },
  })
})
