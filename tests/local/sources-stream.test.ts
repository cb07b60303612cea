import { afterEach, expect, test } from 'vitest'
import { createSources } from '../../local/sources/service.ts'
import { until } from '../support/small-host.ts'
import { streamArn } from '../support/stores.ts'
import {
  type Batch,
  dead,
  keysOf,
  mappingOf,
  readerRole,
  type SourcesBench,
  startSources,
} from '../support/sources.ts'

const opened: SourcesBench[] = []
afterEach(async () => {
  for (const bench of opened.splice(0)) await bench.close()
})

type Read = (payload: unknown) => unknown
async function started(properties: Record<string, unknown>, read: Read): Promise<SourcesBench> {
  const bench = await startSources(mappingOf(streamArn, properties), read)
  opened.push(bench)
  return bench
}

const sequenceOf = (payload: unknown, key: string): string =>
  (payload as Batch).Records.find(({ dynamodb }) => dynamodb.Keys.pk.S === key)?.dynamodb.SequenceNumber ?? ''

const poison = (payload: unknown, key = 'bad'): void => {
  if (keysOf(payload).includes(key)) throw new Error('poison')
}

test('each write reaches the function before the next look would come, in order, in the shape of AWS', async () => {
  const got: unknown[] = []
  const { put } = await started({}, (payload) => void got.push(payload))
  const keys = ['a', 'b', 'c', 'd', 'e']
  const waitsMs: number[] = []

  for (const [index, key] of keys.entries()) {
    const before = Date.now()
    await put(key)
    await until(() => got.flatMap(keysOf).length === index + 1)
    waitsMs.push(Date.now() - before)
  }

  expect(got.flatMap(keysOf)).toEqual(keys)
  // Without the signal each would wait for the look that comes once a second; the best of five bears a busy machine.
  expect(Math.min(...waitsMs)).toBeLessThan(300)
  expect(got[0]).toMatchObject({
    Records: [
      {
        eventName: 'INSERT',
        eventSource: 'aws:dynamodb',
        eventSourceARN: streamArn,
        awsRegion: 'eu-central-1',
        dynamodb: { Keys: { pk: { S: 'a' } }, NewImage: { pk: { S: 'a' } } },
      },
    ],
  })
})

test('a write that did not pass the gateway is found all the same', async () => {
  const got: unknown[] = []
  const { stores } = await started({}, (payload) => void got.push(payload))

  await stores.putQuietly('quiet')

  await until(() => got.length === 1)
  expect(got.flatMap(keysOf)).toEqual(['quiet'])
})

test('only records that a filter lets through come', async () => {
  const got: unknown[] = []
  const Filters = [
    {
      Pattern: JSON.stringify({
        eventName: ['INSERT'],
        dynamodb: { Keys: { pk: { S: [{ prefix: 'change#' }] } } },
      }),
    },
  ]
  const { put } = await started({ FilterCriteria: { Filters } }, (payload) => void got.push(payload))

  await put('other', 'change#1', 'change#1', 'other', 'change#2')

  await until(() => got.flatMap(keysOf).length === 2)
  expect(got.flatMap(keysOf)).toEqual(['change#1', 'change#2'])
})

test('batches are no larger than asked, and a window fills them', async () => {
  const got: unknown[] = []
  const { put } = await started(
    { BatchSize: 3, MaximumBatchingWindowInSeconds: 60 },
    (payload) => void got.push(payload),
  )

  await put('a', 'b', 'c', 'd')

  await until(() => got.flatMap(keysOf).length === 4)
  expect(got.map(keysOf)).toEqual([['a', 'b', 'c'], ['d']])
})

test('a failing batch holds back what comes later, and is tried until it succeeds', async () => {
  const got: string[] = []
  let failures = 3
  const { put } = await started({ BatchSize: 1 }, (payload) => {
    got.push(...keysOf(payload))
    if (keysOf(payload).includes('b') && failures-- > 0) throw new Error('not yet')
  })

  await put('a', 'b', 'c')

  await until(() => got.includes('c'))
  expect(got).toEqual(['a', 'b', 'b', 'b', 'b', 'c'])
})

test('after the last retry the place of the batch goes to the failure queue, and the stream goes on', async () => {
  const got: string[][] = []
  const bench = await started(
    { MaximumRetryAttempts: 2, BatchSize: 1, DestinationConfig: { OnFailure: { Destination: dead.arn } } },
    (payload) => {
      got.push(keysOf(payload))
      poison(payload)
    },
  )

  await bench.put('bad', 'good')

  await until(() => got.flat().includes('good'))
  expect(got.flat()).toEqual(['bad', 'bad', 'bad', 'good'])
  const [body] = await until(async () => {
    const messages = await bench.messagesIn(dead)
    return messages.length > 0 && messages
  })
  expect(JSON.parse(body ?? '')).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
    DDBStreamBatchInfo: { batchSize: 1, startSequenceNumber: '1', endSequenceNumber: '1', streamArn },
  })
  expect(body).not.toContain('bad')
})

test('bisecting leaves only the bad record behind', async () => {
  const done: string[] = []
  const { put } = await started(
    {
      MaximumRetryAttempts: 1,
      BisectBatchOnFunctionError: true,
      MaximumBatchingWindowInSeconds: 10,
      BatchSize: 6,
    },
    (payload) => {
      poison(payload)
      done.push(...keysOf(payload))
    },
  )

  await put('a', 'b', 'bad', 'c', 'd', 'e')

  await until(() => done.includes('e'))
  expect(done).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('a function that reports failures is asked again from the first of them', async () => {
  const got: string[][] = []
  let isFixed = false
  const { put } = await started(
    { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumBatchingWindowInSeconds: 10, BatchSize: 4 },
    (payload) => {
      got.push(keysOf(payload))
      if (isFixed) return { batchItemFailures: [] }
      isFixed = true
      return { batchItemFailures: [{ itemIdentifier: sequenceOf(payload, 'c') }] }
    },
  )

  await put('a', 'b', 'c', 'd')

  await until(() => got.length === 2)
  expect(got).toEqual([
    ['a', 'b', 'c', 'd'],
    ['c', 'd'],
  ])
})

test('a report of a record that is not in the batch fails the whole batch', async () => {
  const got: string[][] = []
  const { put } = await started(
    { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumRetryAttempts: 1 },
    (payload) => {
      got.push(keysOf(payload))
      return { batchItemFailures: [{ itemIdentifier: '999' }] }
    },
  )

  await put('a')

  await until(() => got.length === 2)
  expect(got).toEqual([['a'], ['a']])
})

test('after a restart nothing is lost and what was done does not come again', async () => {
  const got: string[] = []
  const read: Read = (payload) => {
    poison(payload, 'blocked')
    got.push(...keysOf(payload))
  }
  const bench = await started({ BatchSize: 1 }, read)
  await bench.put('a', 'blocked')
  await until(() => got.length === 1)
  await bench.sources.stop?.()
  await bench.put('while down')
  const restarted = bench.host.restarted()
  bench.stores.lend(restarted)
  restarted.functions.set('reader', (payload) => void got.push(...keysOf(payload)))

  const again = createSources(restarted, { secondMs: 20 })
  await again.start?.()

  await until(() => got.length === 3)
  expect(got).toEqual(['a', 'blocked', 'while down'])
  await again.stop?.()
})

test('the fault "duplicate" delivers a batch twice', async () => {
  const got: string[] = []
  const { host, put } = await started({ BatchSize: 1 }, (payload) => void got.push(...keysOf(payload)))
  host.faults.add({ service: 'sources', action: 'deliver', effect: { kind: 'duplicate' } })

  await put('a', 'b')

  await until(() => got.includes('b'))
  expect(got).toEqual(['a', 'a', 'b'])
})

test('a role without the grants on the stream fails the start, as it fails the deployment', async () => {
  const bench = await started({}, () => {})
  bench.host.denied.add(`${readerRole} dynamodb:GetRecords ${streamArn}`)

  await expect(createSources(bench.host).start?.()).rejects.toMatchObject({ code: 'AccessDeniedException' })
})

test('an idle stream is looked at no more than five times a second', async () => {
  const bench = await started({}, () => {})
  bench.host.requests.splice(0)

  await new Promise((resolve) => setTimeout(resolve, 2000))

  const looks = bench.host.requests.filter(({ action }) => action === 'GetRecords').length
  expect(looks).toBeGreaterThan(0)
  expect(looks).toBeLessThanOrEqual(10)
})

test.each([
  ['an unknown setting', streamArn, { TumblingWindowInSeconds: 10 }, 'TumblingWindowInSeconds'],
  [
    'a filter that is none',
    streamArn,
    { FilterCriteria: { Filters: [{ Pattern: '{"a":[{"regex":"b"}]}' }] } },
    'regex',
  ],
  ['a source of another service', 'arn:aws:kinesis:eu-central-1:000000000000:stream/s', {}, 'kinesis'],
  [
    'a failure destination of another service',
    streamArn,
    { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:a:b:c' } } },
    'OnFailure',
  ],
])('%s is refused at start, naming the mapping', async (_what, sourceArn, properties, word) => {
  const bench = await started({}, () => {})
  const mapping = { ...mappingOf(sourceArn, properties), logicalId: 'TheMapping' }
  const host = Object.assign(bench.host, {
    resources: { ...bench.host.resources, eventSourceMappings: [mapping] },
  })

  expect(() => createSources(host)).toThrow(word)
  expect(() => createSources(host)).toThrow('test/TheMapping')
})
