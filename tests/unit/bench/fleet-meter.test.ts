import { expect, test } from 'vitest'
import { createMeter } from '../../bench/fleet/meter.ts'
import { shareOf } from '../../bench/fleet/shares.ts'

const collector = { kind: 'role', roleArn: 'role', functionArn: 'collector' } as const
const workflow = { kind: 'role', roleArn: 'machine' } as const

test('adds up by user what DynamoDB says it took, items of transactions, objects by their folder and transitions', () => {
  const { used, take } = createMeter()
  const call = { kind: 'call', caller: collector } as const
  // An item may hold words that look like the count.
  const item = { text: { S: '"ConsumedCapacity": [{"CapacityUnits": 900}]' } }
  const got = JSON.stringify({ Item: item, ConsumedCapacity: { TableName: 't', CapacityUnits: 2.5 } })
  used({ ...call, service: 'dynamodb', action: 'GetItem', input: {}, answer: got })
  const wrote = JSON.stringify({ ConsumedCapacity: [{ TableName: 't', CapacityUnits: 6 }] })
  const TransactItems = [{ Put: {} }, { Put: {} }]
  used({
    ...call,
    service: 'dynamodb',
    action: 'TransactWriteItems',
    input: { TransactItems },
    answer: wrote,
  })
  used({ ...call, service: 's3', action: 'PutObject', input: { Bucket: 'b', Key: 'raw/1/a' } })
  used({ ...call, service: 's3', action: 'GetObject', input: { Bucket: 'b', Key: 'raw/1/a' } })
  used({ ...call, service: 'kms', action: 'Decrypt', input: {}, answer: '{}' })
  used({ kind: 'invocation', functionArn: 'collector', ms: 30 })
  used({
    kind: 'call',
    caller: workflow,
    service: 's3',
    action: 'PutObject',
    input: { Key: 'map-results/1' },
  })
  used({ kind: 'transition', stateMachineArn: 'machine' })

  const { used: seen } = take((arn) => `the ${arn}`)

  expect(seen['the collector']).toEqual({
    invocations: 1,
    invokedMs: 30,
    longestMs: 30,
    tableCalls: 2,
    itemsWritten: 2,
    writeUnits: 6,
    readUnits: 2.5,
    puts: { raw: 1 },
    gets: 1,
    kms: 1,
    transitions: 0,
  })
  expect(seen['workflow']).toMatchObject({ puts: { 'map-results': 1 }, transitions: 1 })
  expect(take(String).used).toEqual({})
})

test('of ten thousand devices the shares are what they are said to be, in every part of the list', () => {
  const count = (from: number, to: number, share: string): number =>
    Array.from({ length: to - from }, (_, offset) => shareOf(from + offset)).filter((one) => one === share)
      .length

  const near = (found: number, wanted: number): void =>
    expect(Math.abs(found - wanted)).toBeLessThan(4 * Math.sqrt(wanted))
  for (const [share, part] of Object.entries({
    dead: 0.05,
    wrongPassword: 0.02,
    transient: 0.03,
    changed: 0.1,
  })) {
    near(count(0, 10_000, share), 10_000 * part)
    near(count(0, 5000, share), 5000 * part)
    near(count(5000, 10_000, share), 5000 * part)
  }
})
