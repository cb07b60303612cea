import type { DynamoDBRecord } from 'aws-lambda'
import { PutCommand, DeleteCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sealChanges, SealedBlock, type Recorded } from '../../../shared/core/seal.ts'
import { verifyChain } from '../../../shared/core/verify-chain.ts'
import { tag } from '../../../shared/extras/models/tag.ts'
import { Change } from '../../../shared/model/change.ts'
import { createRows } from '../../../shared/model/records.ts'
import { keys } from '../../../shared/table/keys.ts'
import { emulateConflicts } from '../../support/conflicts.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import * as z from 'zod'

let started: TestEngine
beforeEach(async () => {
  started = await startEngine()
})
afterEach(() => started.stop())

const now = (): Date => new Date()
const Keyed = Change.extend({ pk: z.string(), sk: z.string() })

/** Makes tags and gives the records of their changes, as the stream would bring them. */
async function changesOf(count: number): Promise<Recorded[]> {
  const inputs = Array.from({ length: count }, (_, n) => ({ name: `tag-${n}`, slug: `tag-${n}` }))
  await createRows(started.engine, tag, inputs, { actor })
  const recorded: Recorded[] = []
  for await (const { pk, sk, ...change } of started.served.table.query(Keyed, {
    partition: keys.changes(tag.name, 0),
  })) {
    recorded.push({ key: { pk, sk }, change })
  }
  return recorded
}

const sealIn = (recorded: readonly Recorded[]) => sealChanges({ table: started.served.table, now }, recorded)

test('changes are sealed in numbered blocks that hold together', async () => {
  const recorded = await changesOf(230)

  const sealed = await sealIn(recorded)

  expect(sealed).toBe(230)
  expect(await verifyChain(started.served.table)).toMatchObject({ blocks: 3, changes: 230, faults: [] })
})

test('what is delivered again is sealed once, in whatever batches', async () => {
  const recorded = await changesOf(20)
  await sealIn(recorded.slice(0, 12))

  const again = await sealIn(recorded.slice(5, 12))
  const rest = await sealIn([...recorded, ...recorded])

  expect([again, rest]).toEqual([0, 8])
  expect(await verifyChain(started.served.table)).toMatchObject({ changes: 20, faults: [] })
})

test('several sealers at once make one chain', async () => {
  const recorded = await changesOf(60)
  emulateConflicts(started.served.client)
  const batches = Array.from({ length: 6 }, (_, n) => recorded.slice(n * 10, n * 10 + 15))

  const sealed = await Promise.all(batches.map(sealIn))

  expect(sealed.reduce((sum, one) => sum + one, 0)).toBe(60)
  expect(await verifyChain(started.served.table)).toMatchObject({ changes: 60, faults: [] })
})

describe('whoever touches the log or a record afterwards is found out', () => {
  type Act = (recorded: readonly Recorded[]) => Promise<unknown>
  const put = (Item: Record<string, unknown>) =>
    started.served.client.send(new PutCommand({ TableName: started.served.name, Item }))
  const remove = (Key: Record<string, unknown>) =>
    started.served.client.send(new DeleteCommand({ TableName: started.served.name, Key }))
  const block = async (sequence: number) => {
    const found = await started.served.table.get(SealedBlock, keys.sealedBlock(0, sequence))
    if (found === undefined) throw new Error('no block')
    return { ...keys.sealedBlock(0, sequence), ...found }
  }

  test.each<[string, Act, string]>([
    [
      'a record altered',
      async ([first]) => put({ ...first?.key, ...first?.change, username: 'someone else' }),
      'was altered',
    ],
    ['a record removed', async ([first]) => remove({ ...first?.key }), 'is gone'],
    ['a block removed', async () => remove(keys.sealedBlock(0, 2)), 'is missing'],
    ['the last block removed', async () => remove(keys.sealedBlock(0, 3)), 'the head is not the last block'],
    ['an entry taken out', async () => put({ ...(await block(2)), entries: [] }), 'does not give its hash'],
    [
      'a time altered',
      async () => put({ ...(await block(1)), at: '2026-01-01T00:00:00Z' }),
      'does not give its hash',
    ],
  ])('%s', async (_, act, expected) => {
    const recorded = await changesOf(9)
    for (let n = 0; n < 3; n++) await sealIn(recorded.slice(n * 3, n * 3 + 3))
    await act(recorded)

    const { faults } = await verifyChain(started.served.table)

    expect(faults.map(({ what }) => what).join()).toContain(expected)
  })
})

describe('the consumer of the stream', () => {
  const streamRecord = ({ key, change }: Recorded, number: number): DynamoDBRecord => ({
    eventName: 'INSERT',
    dynamodb: {
      SequenceNumber: String(number),
      Keys: { pk: { S: key.pk }, sk: { S: key.sk } },
      NewImage: Object.fromEntries(
        Object.entries({ ...key, ...change }).map(([name, value]) => [name, attribute(value)]),
      ),
    },
  })
  type Attribute = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>[string]
  function attribute(value: unknown): Attribute {
    if (value === null) return { NULL: true }
    if (typeof value === 'string') return { S: value }
    if (typeof value === 'number') return { N: String(value) }
    if (typeof value === 'boolean') return { BOOL: value }
    if (Array.isArray(value)) return { L: value.map(attribute) }
    return {
      M: Object.fromEntries(
        Object.entries(value as object).map(([name, member]) => [name, attribute(member)]),
      ),
    }
  }

  test('seals what it can read and names the record that it cannot', async () => {
    const { served } = started
    Object.assign(process.env, {
      NETKEEP_TABLE: served.name,
      AWS_ENDPOINT_URL_DYNAMODB: served.endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
    })
    const { handler } = await import('../../../functions/on/table-changed.ts')
    const recorded = await changesOf(5)
    const records = recorded.map(streamRecord)
    const broken = { ...records[3], dynamodb: { ...records[3]?.dynamodb, NewImage: { pk: { S: 'x' } } } }
    const other = {
      ...records[0],
      dynamodb: { ...records[0]?.dynamodb, Keys: { pk: { S: 'dcim.site#1' }, sk: { S: '.' } } },
    }

    const answer = await handler({
      Records: [other, ...records.slice(0, 3), broken, ...records.slice(4)] as DynamoDBRecord[],
    })
    const repeated = await handler({ Records: records })

    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: '3' }])
    expect(repeated.batchItemFailures).toEqual([])
    expect(await verifyChain(served.table)).toMatchObject({ changes: 5, faults: [] })
  })
})
