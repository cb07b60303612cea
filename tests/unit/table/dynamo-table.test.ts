import * as z from 'zod'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { dynamoTable, type Consumed } from '../../../shared/table/dynamo-table.ts'
import type { Write } from '../../../shared/table/table.ts'
import { cancelled } from '../../support/conflicts.ts'
import { startTable, type TestTable } from '../../support/table.ts'

const Thing = z.object({
  pk: z.string(),
  sk: z.string(),
  version: z.number().optional(),
  size: z.number().optional(),
})
const key = (pk: string, sk = '.') => ({ pk, sk })
const stored = (pk: string, version = 1) => ({ ...key(pk), version })

let served: TestTable
beforeAll(async () => {
  served = await startTable()
})
afterAll(() => served.stop())

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (cause: unknown) => (cause instanceof AppError ? `${cause.code}: ${cause.message}` : String(cause)),
  )

/** A table whose first calls fail as told, before they reach the server or after it has applied them. */
function failingTable(faults: { error: Error; applied: boolean }[], waits: number[] = []) {
  const { client, name } = served
  const queue = [...faults]
  const faulty = Object.create(client) as typeof client
  faulty.send = (async (command: Parameters<typeof client.send>[0]) => {
    const fault = queue.shift()
    if (fault === undefined) return client.send(command)
    if (fault.applied) await client.send(command)
    throw fault.error
  }) as typeof client.send
  return dynamoTable({
    client: faulty,
    name,
    sleep: async (ms) => void waits.push(ms),
    random: () => 0.999,
  })
}

const named = (name: string, extra = {}) => Object.assign(new Error(name), { name, ...extra })

describe('reading', () => {
  test('many keys come back in their order, with a hole where there is no item, over several batches', async () => {
    const writes = Array.from({ length: 250 }, (_, n): Write => ({
      put: { ...key(`many#${n}`), size: n },
      unconditionally: true,
    }))
    for (let start = 0; start < writes.length; start += 100)
      await served.table.write(writes.slice(start, start + 100))
    const keys = [
      ...Array.from({ length: 250 }, (_, n) => key(`many#${249 - n}`)),
      key('many#none'),
      key('many#7'),
    ]

    const found = await served.table.getMany(Thing, keys)

    expect(found.map((item) => item?.size)).toEqual([
      ...Array.from({ length: 250 }, (_, n) => 249 - n),
      undefined,
      7,
    ])
  })

  test.each([
    ['the whole partition', {}, ['a', 'b', 'b1', 'c']],
    ['newest first', { newestFirst: true }, ['c', 'b1', 'b', 'a']],
    ['a prefix', { prefix: 'b' }, ['b', 'b1']],
    ['from', { from: 'b1' }, ['b1', 'c']],
    ['to', { to: 'b' }, ['a', 'b']],
    ['between', { from: 'b', to: 'b1' }, ['b', 'b1']],
    ['a limit', { limit: 2 }, ['a', 'b']],
  ])('a query gives %s', async (_, range, expected) => {
    await served.table.write(
      ['a', 'b', 'b1', 'c'].map((sk) => ({ put: key('range', sk), unconditionally: true })),
    )

    const found = await collect(served.table.query(Thing, { partition: 'range', ...range }))

    expect(found.map((item) => item.sk)).toEqual(expected)
  })

  test('a query goes on over the pages of one megabyte', async () => {
    const big = 'x'.repeat(300_000)
    for (let n = 0; n < 8; n++)
      await served.table.write([{ put: { ...key('big', String(n)), big }, unconditionally: true }])

    const found = await collect(served.table.query(Thing, { partition: 'big' }))

    expect(found).toHaveLength(8)
  })

  test('an item that does not have its shape is an error, not a guess', async () => {
    await served.table.write([{ put: { ...key('odd'), size: 'large' }, unconditionally: true }])

    await expect(served.table.get(Thing, key('odd'))).rejects.toThrow(/size/)
  })
})

describe('a failed condition throws its own error', () => {
  const fine: Write = { put: stored('fine'), unconditionally: true }
  test.each<[string, Write, string]>([
    [
      'a put where something is',
      { put: stored('there'), ifAbsent: 'duplicate', detail: 'name' },
      'duplicate: name',
    ],
    [
      'a put over another version',
      { put: stored('there', 9), ifVersion: 8, otherwise: 'version_conflict' },
      'version_conflict',
    ],
    ['a put over nothing', { put: stored('gone', 2), ifVersion: 1, otherwise: 'not_found' }, 'not_found'],
    [
      'a removal of another version',
      { remove: key('there'), ifVersion: 7, otherwise: 'version_conflict' },
      'version_conflict',
    ],
    ['a removal of nothing', { remove: key('gone'), ifPresent: 'not_found' }, 'not_found'],
    ['a check for something', { check: key('gone'), isPresent: 'reference_missing' }, 'reference_missing'],
    ['a check for nothing', { check: key('there'), isAbsent: 'in_use' }, 'in_use'],
    [
      'a check for a version',
      { check: key('there'), isVersion: 5, otherwise: 'version_conflict' },
      'version_conflict',
    ],
  ])('%s', async (_, write, expected) => {
    await served.table.write([{ put: stored('there'), unconditionally: true }])
    await served.table.write([{ remove: key('fine'), unconditionally: true }])

    const code = await codeOf(served.table.write([fine, write]))

    expect(code).toContain(expected)
    expect(await served.table.get(Thing, key('fine'))).toBeUndefined()
  })
})

describe('retrying', () => {
  const conflict = { error: cancelled(['None', 'TransactionConflict']), applied: false }
  const twoWrites = (pk: string): Write[] => [
    { put: stored(pk), ifAbsent: 'duplicate' },
    { put: stored(`${pk}-more`), unconditionally: true },
  ]

  test('a conflict is tried again, waiting ever longer up to a cap', async () => {
    const waits: number[] = []
    const table = failingTable([conflict, conflict, conflict], waits)

    await table.write(twoWrites('patient'))

    expect(waits.map(Math.round)).toEqual([20, 40, 80])
    expect(await table.get(Thing, key('patient'))).toMatchObject({ version: 1 })
  })

  test.each([
    ['conflicts', cancelled(['None', 'TransactionConflict']), 'write_conflict'],
    ['throttling', named('ThrottlingException'), 'unavailable'],
    ['throttled members', cancelled(['ThrottlingError', 'None']), 'unavailable'],
    ['a server fault', named('Oops', { $metadata: { httpStatusCode: 503 } }), 'unavailable'],
    ['a dead connection', named('Error', { code: 'ECONNREFUSED' }), 'unavailable'],
  ])('%s without end is given up with %3$s', async (_, error, expected) => {
    const waits: number[] = []
    const table = failingTable(
      Array.from({ length: 50 }, () => ({ error, applied: false })),
      waits,
    )

    const code = await codeOf(table.write(twoWrites('never')))

    expect(code).toContain(expected)
    expect(waits).toHaveLength(11)
    expect(Math.max(...waits)).toBeLessThanOrEqual(1000)
  })

  test('a write that was applied but reported as failed succeeds when it is sent again', async () => {
    const table = failingTable([{ error: named('InternalServerError'), applied: true }])

    await table.write(twoWrites('applied'))

    expect(await table.get(Thing, key('applied'))).toMatchObject({ version: 1 })
  })

  test('a failed condition beside a conflict is the answer: nothing is tried again', async () => {
    const waits: number[] = []
    const table = failingTable(
      [{ error: cancelled(['ConditionalCheckFailed', 'TransactionConflict']), applied: false }],
      waits,
    )

    const code = await codeOf(table.write(twoWrites('certain')))

    expect(code).toContain('duplicate')
    expect(waits).toEqual([])
  })

  test('a fault of ours is not hidden behind retries', async () => {
    const waits: number[] = []
    const table = failingTable([{ error: named('ValidationException'), applied: false }], waits)

    await expect(table.write(twoWrites('wrong'))).rejects.toThrow('ValidationException')
    expect(waits).toEqual([])
  })
})

test('a check for the version that is there lets the transaction through', async () => {
  await served.table.write([{ put: stored('checked', 5), unconditionally: true }])

  await served.table.write([
    { check: key('checked'), isVersion: 5, otherwise: 'version_conflict' },
    { put: stored('follows'), unconditionally: true },
  ])

  expect(await served.table.get(Thing, key('follows'))).toBeDefined()
})

test('more than one hundred writes are refused before anything is sent', async () => {
  const writes = Array.from({ length: 101 }, (_, n): Write => ({
    put: key(`lot#${n}`),
    unconditionally: true,
  }))

  await expect(served.table.write(writes)).rejects.toThrow('101')
})

test('consumed capacity is told for each call', async () => {
  const seen: Consumed[] = []
  const { client, name } = served
  const table = dynamoTable({ client, name, onConsumed: (consumed) => seen.push(consumed) })

  await table.write([{ put: key('priced'), unconditionally: true }])
  await table.write([{ put: key('priced2'), ifAbsent: 'duplicate' }])
  await table.get(Thing, key('priced'))

  expect(seen).toEqual([
    { operation: 'put', units: 1 },
    { operation: 'write', units: 2 },
    { operation: 'get', units: 1 },
  ])
})
