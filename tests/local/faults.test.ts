import {
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { removeDir, type SmallCloud, startSmallCloud } from '../support/small-cloud.ts'

let cloud: SmallCloud
let dynamodb: DynamoDBClient
let s3: S3Client
let TableName: string

beforeAll(async () => {
  cloud = await startSmallCloud()
  const sdk = cloud.host.sdk({ kind: 'operator' })
  dynamodb = new DynamoDBClient({ ...sdk, maxAttempts: 1 })
  s3 = new S3Client({ ...sdk, maxAttempts: 1 })
  TableName = cloud.nameOf('Table')
})
afterEach(() => cloud.faults.clear())
afterAll(async () => {
  dynamodb.destroy()
  s3.destroy()
  await cloud.stop()
  removeDir(cloud.dataDir)
})

const item = (pk: string) => ({ pk: { S: pk }, sk: { S: '.' } })
const keyOf = item
const putting = (pk: string): TransactWriteItem => ({ Put: { TableName, Item: item(pk) } })
const checking = (pk: string): TransactWriteItem => ({
  ConditionCheck: { TableName, Key: keyOf(pk), ConditionExpression: 'attribute_not_exists(gone)' },
})

describe('writes of one item at the same time conflict as on AWS', () => {
  const transact = (...TransactItems: TransactWriteItem[]) =>
    dynamodb.send(new TransactWriteItemsCommand({ TransactItems }))
  const plain = (pk: string) => dynamodb.send(new PutItemCommand({ TableName, Item: item(pk) }))

  test.each([
    [
      'two transactions',
      () => transact(putting('hot')),
      () => transact(putting('cold'), putting('hot')),
      ['None', 'TransactionConflict'],
    ],
    [
      'two condition checks',
      () => transact(checking('hot'), putting('a')),
      () => transact(putting('b'), checking('hot')),
      ['None', 'TransactionConflict'],
    ],
    [
      'a plain write and a transaction',
      () => plain('hot'),
      () => transact(putting('hot')),
      ['TransactionConflict'],
    ],
    [
      'a transaction and a reading one',
      () => transact(putting('hot')),
      () =>
        dynamodb.send(
          new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key: keyOf('hot') } }] }),
        ),
      ['TransactionConflict'],
    ],
  ])('%s', async (_what, first, second, codes) => {
    const conflicts: unknown[] = []
    // Which request arrives while the other is in flight is up to the system: some try of many meets it.
    for (let round = 0; round < 200 && conflicts.length === 0; round++) {
      const settled = await Promise.allSettled([first(), second()])
      for (const result of settled) if (result.status === 'rejected') conflicts.push(result.reason)
    }

    expect(conflicts[0]).toMatchObject({ name: 'TransactionCanceledException' })
    const seen = (conflicts[0] as { CancellationReasons: { Code: string }[] }).CancellationReasons.map(
      ({ Code }) => Code,
    )
    expect([codes, [...codes].reverse(), ['TransactionConflict']]).toContainEqual(seen)
  })

  test('a batch that meets a transaction fails as a whole', async () => {
    const batch = () =>
      dynamodb.send(
        new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item: item('hot') } }] } }),
      )
    const names = new Set<string>()
    for (let round = 0; round < 200 && !names.has('TransactionConflictException'); round++) {
      const settled = await Promise.allSettled([transact(putting('hot')), batch()])
      for (const result of settled) if (result.status === 'rejected') names.add((result.reason as Error).name)
    }

    expect(names).toContain('TransactionConflictException')
  })

  test('but not two plain writes, nor writes of different items', async () => {
    const results = await Promise.allSettled([
      ...Array.from({ length: 20 }, () => plain('shared')),
      ...Array.from({ length: 20 }, (_, n) => transact(putting(`own ${n}`))),
    ])

    expect(results.filter(({ status }) => status === 'rejected')).toEqual([])
  })
})

describe('an injected fault', () => {
  const put = (client: DynamoDBClient, pk: string) =>
    client.send(new PutItemCommand({ TableName, Item: item(pk) }))

  test('throttles as often as asked, which the SDK retries', async () => {
    cloud.faults.add({ service: 'dynamodb', action: 'PutItem', times: 2, effect: { kind: 'throttle' } })

    await expect(put(dynamodb, 'f')).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    })
    const patient = new DynamoDBClient({ ...cloud.host.sdk({ kind: 'operator' }), maxAttempts: 3 })
    await put(patient, 'f')
    patient.destroy()
  })

  test('meets a share of the calls for as long as it stands', async () => {
    cloud.faults.add({
      service: 'dynamodb',
      action: 'PutItem',
      times: Infinity,
      share: 0.5,
      effect: { kind: 'throttle' },
    })

    const settled = await Promise.allSettled(
      Array.from({ length: 200 }, (_, n) => put(dynamodb, `share ${n}`)),
    )

    // Of 200 fair draws fewer than 50 or more than 150 come out once in 10^12 runs.
    const refused = settled.filter(({ status }) => status === 'rejected').length
    expect(refused > 50 && refused < 150).toBe(true)
  })

  test('makes a transaction or a plain write meet another one', async () => {
    const conflict = { service: 'dynamodb', action: '*', times: 2, effect: { kind: 'conflict' } } as const
    cloud.faults.add(conflict)

    const transaction = dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [putting('met')] }))

    await expect(transaction).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'TransactionConflict' }],
    })
    await expect(put(dynamodb, 'met')).rejects.toMatchObject({ name: 'TransactionConflictException' })
  })

  test('carries the call out and reports a failure', async () => {
    cloud.faults.add({
      service: 'dynamodb',
      action: '*',
      containing: 'lost answer',
      effect: { kind: 'applied_but_failed' },
    })

    await expect(put(dynamodb, 'lost answer')).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } })
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: keyOf('lost answer') }))
    expect(Item).toEqual(item('lost answer'))
  })

  test('makes S3 slow or fail, for the matching keys only', async () => {
    const write = (Key: string) =>
      s3.send(new PutObjectCommand({ Bucket: cloud.nameOf('Bucket'), Key, Body: 'x' }))
    cloud.faults.add({
      service: 's3',
      action: 'PutObject',
      containing: 'unlucky',
      effect: { kind: 'error', status: 503, code: 'SlowDown' },
    })

    await write('lucky')
    await expect(write('unlucky')).rejects.toMatchObject({ name: 'SlowDown' })
    await write('unlucky')
  })
})
