import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterEach, expect, test } from 'vitest'
import { lambdaTask, startStates, type StatesBench } from '../support/state-machines.ts'

type Batch = { BatchInput?: unknown; Items: { n: number }[] }

let bench: StatesBench | undefined
afterEach(async () => {
  await bench?.close()
  bench = undefined
})

const mapOver = (map: Record<string, unknown>): Record<string, unknown> => ({
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      Label: 'Each',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Work',
        States: { Work: lambdaTask('work', { End: true }) },
      },
      End: true,
      ...map,
    },
  },
})

const reader = (inputType: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  Resource: 'arn:aws:states:::s3:getObject',
  ReaderConfig: { InputType: inputType, ...more },
  Parameters: { 'Bucket.$': '$.bucket', Key: 'list' },
})
const writer = {
  Resource: 'arn:aws:states:::s3:putObject',
  Parameters: { Bucket: 'work', 'Prefix.$': "States.Format('results/{}', $.run)" },
}

async function started(map: Record<string, unknown>, list?: string): Promise<StatesBench> {
  bench = await startStates(mapOver(map))
  const { s3 } = bench.host
  if (list !== undefined) await s3.send(new PutObjectCommand({ Bucket: 'work', Key: 'list', Body: list }))
  return bench
}

const lines = (count: number): string =>
  Array.from({ length: count }, (_, n) => `${JSON.stringify({ n })}\n`).join('')

async function readJson(bench: StatesBench, Key: string): Promise<unknown> {
  const object = await bench.host.s3.send(new GetObjectCommand({ Bucket: 'work', Key }))
  return JSON.parse((await object.Body?.transformToString()) ?? '')
}

test('lines of an S3 object become batches, and each batch an execution with BatchInput and Items', async () => {
  const { host, run, call } = await started(
    {
      ItemReader: reader('JSONL'),
      ItemBatcher: { MaxItemsPerBatch: 4, BatchInput: { 'run.$': '$.run' } },
      MaxConcurrency: 2,
    },
    lines(10),
  )
  const batches: Batch[] = []
  let atOnce = 0
  let atOnceMax = 0
  host.functions.set('work', async (payload) => {
    atOnceMax = Math.max(atOnceMax, ++atOnce)
    await new Promise((resolve) => setTimeout(resolve, 5))
    atOnce--
    batches.push(payload as Batch)
    return (payload as Batch).Items.length
  })

  const ended = await run({ bucket: 'work', run: 9 })

  expect(JSON.parse(ended.output ?? ended.cause ?? '')).toEqual([4, 4, 2])
  expect(batches.map((batch) => batch.BatchInput)).toEqual([{ run: 9 }, { run: 9 }, { run: 9 }])
  expect(batches.flatMap((batch) => batch.Items.map(({ n }) => n)).sort((a, b) => a - b)).toEqual([
    ...Array(10).keys(),
  ])
  expect(atOnceMax).toBe(2)
  const { mapRuns } = (await call('ListMapRuns', { executionArn: ended.executionArn })) as {
    mapRuns: { mapRunArn: string }[]
  }
  const mapRunArn = mapRuns[0]?.mapRunArn
  expect(await call('DescribeMapRun', { mapRunArn })).toMatchObject({
    status: 'SUCCEEDED',
    itemCounts: { total: 10, succeeded: 10 },
    executionCounts: { total: 3, succeeded: 3 },
  })
  expect(
    ((await call('ListExecutions', { mapRunArn })) as { executions: unknown[] }).executions,
  ).toHaveLength(3)
})

test('each start, each state and each further try is a transition that is paid for, in the children too', async () => {
  const { host, run } = await started(
    { ItemReader: reader('JSONL'), ItemBatcher: { MaxItemsPerBatch: 4 }, ToleratedFailurePercentage: 100 },
    lines(10),
  )
  host.functions.set('work', () => 'done')

  await run({ bucket: 'work' })

  // The execution and its Map, then three children of one state each.
  expect(host.uses.filter(({ kind }) => kind === 'transition')).toHaveLength(2 + 3 * 2)
})

test.each([
  ['a JSON array', reader('JSON'), '[{"n":1},{"n":2},{"n":3}]', [{ n: 1 }, { n: 2 }, { n: 3 }]],
  ['the first lines only', reader('JSONL', { MaxItems: 2 }), lines(5), [{ n: 0 }, { n: 1 }]],
  [
    'CSV with a header',
    reader('CSV', { CSVHeaderLocation: 'FIRST_ROW' }),
    'n,m\n1,"a,b"\n',
    [{ n: '1', m: 'a,b' }],
  ],
  [
    'CSV with given headers',
    reader('CSV', { CSVHeaderLocation: 'GIVEN', CSVHeaders: ['x', 'y'], CSVDelimiter: 'TAB' }),
    '1\t2\r\n',
    [{ x: '1', y: '2' }],
  ],
])('%s can be the list', async (_what, itemReader, list, items) => {
  const { host, run } = await started({ ItemReader: itemReader }, list)
  host.functions.set('work', (payload) => payload)

  const ended = await run({ bucket: 'work' })

  expect(JSON.parse(ended.output ?? ended.cause ?? '')).toEqual(items)
})

test('the objects of a bucket can be the list', async () => {
  const { host, run } = await started(
    {
      ItemReader: {
        Resource: 'arn:aws:states:::s3:listObjectsV2',
        Parameters: { Bucket: 'work', Prefix: 'li' },
      },
      ItemSelector: { 'key.$': '$$.Map.Item.Value.Key', 'run.$': '$.run' },
    },
    'hello',
  )
  host.functions.set('work', (payload) => payload)

  expect(JSON.parse((await run({ run: 3 })).output ?? '')).toEqual([{ key: 'list', run: 3 }])
})

test('within the tolerance the run goes on, and the result files say what became of each batch', async () => {
  const current = await started(
    {
      ItemReader: reader('JSONL'),
      ItemBatcher: { MaxItemsPerBatch: 5 },
      ToleratedFailurePercentage: 50,
      ResultWriter: writer,
    },
    lines(20),
  )
  current.host.functions.set('work', (payload) => {
    const [first] = (payload as Batch).Items
    if (first !== undefined && first.n >= 10) throw new RangeError(`no ${first.n}`)
    return 'done'
  })

  const ended = await current.run({ bucket: 'work', run: 5 })

  const output = JSON.parse(ended.output ?? ended.cause ?? '') as {
    MapRunArn: string
    ResultWriterDetails: { Bucket: string; Key: string }
  }
  const id = output.MapRunArn.split(':').at(-1)
  expect(output.ResultWriterDetails).toEqual({ Bucket: 'work', Key: `results/5/${id}/manifest.json` })
  const manifest = await readJson(current, output.ResultWriterDetails.Key)
  expect(manifest).toMatchObject({
    DestinationBucket: 'work',
    ResultFiles: { PENDING: [], SUCCEEDED: [{ Key: `results/5/${id}/SUCCEEDED_0.json` }] },
  })
  const succeeded = (await readJson(current, `results/5/${id}/SUCCEEDED_0.json`)) as Record<string, string>[]
  const failed = (await readJson(current, `results/5/${id}/FAILED_0.json`)) as Record<string, string>[]
  expect(succeeded.map(({ Status, Output }) => [Status, Output])).toEqual([
    ['SUCCEEDED', '"done"'],
    ['SUCCEEDED', '"done"'],
  ])
  expect(failed.map(({ Error, Input }) => [Error, (JSON.parse(Input ?? '') as Batch).Items.length])).toEqual([
    ['RangeError', 5],
    ['RangeError', 5],
  ])
})

test('past the tolerance no further batch starts and the map fails, catchable by its name', async () => {
  const map = mapOver({
    ItemReader: reader('JSONL'),
    ItemBatcher: { MaxItemsPerBatch: 5 },
    MaxConcurrency: 1,
    ToleratedFailureCount: 5,
    ResultWriter: writer,
    Catch: [
      { ErrorEquals: ['States.ExceedToleratedFailureThreshold'], ResultPath: '$.fault', Next: 'Caught' },
    ],
  }) as { States: Record<string, unknown> }
  bench = await startStates({ ...map, States: { ...map.States, Caught: { Type: 'Pass', End: true } } })
  const { s3, functions } = bench.host
  await s3.send(new PutObjectCommand({ Bucket: 'work', Key: 'list', Body: lines(25) }))
  let calls = 0
  functions.set('work', () => {
    calls++
    throw new Error('no')
  })

  const ended = await bench.run({ bucket: 'work', run: 1 })

  expect(ended.status).toBe('SUCCEEDED')
  expect(calls).toBe(2)
  const mapRunArn = ((await bench.call('ListMapRuns', ended)) as { mapRuns: { mapRunArn: string }[] })
    .mapRuns[0]?.mapRunArn
  expect(await bench.call('DescribeMapRun', { mapRunArn })).toMatchObject({
    status: 'FAILED',
    itemCounts: { total: 25, failed: 10, pending: 15 },
  })
  const pending = await readJson(bench, `results/1/${mapRunArn?.split(':').at(-1)}/PENDING_0.json`)
  expect(pending).toHaveLength(3)
})

test('a child retries and catches by itself', async () => {
  const { host, run } = await started(
    {
      ItemReader: reader('JSONL'),
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Work',
        States: {
          Work: lambdaTask('work', {
            Retry: [{ ErrorEquals: ['RangeError'], MaxAttempts: 1 }],
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Note' }],
            End: true,
          }),
          Note: { Type: 'Pass', Parameters: { noted: true, 'child.$': '$$.Execution.Input.n' }, End: true },
        },
      },
    },
    lines(2),
  )
  const attempts = [0, 0]
  host.functions.set('work', (payload) => {
    const { n } = payload as { n: number }
    attempts[n] = (attempts[n] ?? 0) + 1
    if (n === 1 || attempts[n] === 1) throw new RangeError('no')
    return 'done'
  })

  expect(JSON.parse((await run({ bucket: 'work' })).output ?? '')).toEqual([
    'done',
    { noted: true, child: 1 },
  ])
  expect(attempts).toEqual([2, 2])
})

test('without a batcher a function that insists on Items is not fooled', async () => {
  const { host, run } = await started({ ItemReader: reader('JSONL') }, lines(2))
  host.functions.set('work', (payload) => {
    if (!Array.isArray((payload as Partial<Batch>).Items)) throw new TypeError('no Items')
  })

  expect(await run({ bucket: 'work' })).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' })
})

test('a list that is not there fails the map as States.ItemReaderFailed', async () => {
  const { run } = await started({ ItemReader: reader('JSONL') })

  expect(await run({ bucket: 'work' })).toMatchObject({ status: 'FAILED', error: 'States.ItemReaderFailed' })
})

test('a bucket that is not there fails the map as States.ResultWriterFailed', async () => {
  const lost = { ...writer, Parameters: { Bucket: 'lost', Prefix: 'x' } }
  const { host, run } = await started({ ItemReader: reader('JSONL'), ResultWriter: lost }, lines(1))
  host.functions.set('work', () => 1)

  expect(await run({ bucket: 'work' })).toMatchObject({
    status: 'FAILED',
    error: 'States.ResultWriterFailed',
  })
})
