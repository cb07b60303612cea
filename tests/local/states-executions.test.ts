import { afterEach, expect, test } from 'vitest'
import { createStates } from '../../local/states/service.ts'
import { until } from '../support/small-host.ts'
import {
  benchOf,
  type Described,
  lambdaTask,
  machineArn,
  startStates,
  type StatesBench,
} from '../support/state-machines.ts'

const opened: StatesBench[] = []
afterEach(async () => {
  for (const bench of opened.splice(0)) await bench.close()
})

const longTask = {
  StartAt: 'Work',
  States: {
    Work: lambdaTask('work', { Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 50 }], End: true }),
  },
}

async function started(definition: Record<string, unknown> = longTask): Promise<StatesBench> {
  const bench = await startStates(definition)
  opened.push(bench)
  return bench
}

/** A function that ends when its caller gives up, as Lambda's worker does. */
const untilStopped = (_payload: unknown, { signal }: { signal?: AbortSignal }): Promise<unknown> =>
  new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('stopped'))))

const statusesOf = (bench: StatesBench): unknown[] =>
  bench.host.published.map(({ detail }) => detail['status'])

test('the same name and input while it runs is the same execution; anything else is refused', async () => {
  const bench = await started()
  bench.host.functions.set('work', untilStopped)
  const start = { stateMachineArn: machineArn, name: 'night', input: '{"a":1}' }

  const first = await bench.call('StartExecution', start)

  expect(await bench.call('StartExecution', start)).toEqual(first)
  await expect(bench.call('StartExecution', { ...start, input: '{"a":2}' })).rejects.toMatchObject({
    code: 'ExecutionAlreadyExists',
  })
  await bench.call('StopExecution', first)
  await expect(bench.call('StartExecution', start)).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' })
})

test.each([
  ['an unknown machine', { stateMachineArn: `${machineArn}x` }, 'StateMachineDoesNotExist'],
  ['a name with a space', { stateMachineArn: machineArn, name: 'a b' }, 'InvalidName'],
  ['an input that is not JSON', { stateMachineArn: machineArn, input: '{' }, 'InvalidExecutionInput'],
  [
    'an input above 256 KiB',
    { stateMachineArn: machineArn, input: `"${'x'.repeat(262_144)}"` },
    'InvalidExecutionInput',
  ],
  ['no machine at all', {}, 'ValidationException'],
])('%s is refused', async (_what, input, code) => {
  const bench = await started()

  await expect(bench.call('StartExecution', input)).rejects.toMatchObject({ code })
})

test('stopping ends the work in flight and is told to the bus', async () => {
  const bench = await started()
  let given: AbortSignal | undefined
  bench.host.functions.set('work', (payload, options) => {
    given = options.signal
    return untilStopped(payload, options)
  })
  const execution = await bench.call('StartExecution', { stateMachineArn: machineArn })
  await until(() => given)

  await bench.call('StopExecution', { ...execution, error: 'Enough', cause: 'asked for' })

  expect(given?.aborted).toBe(true)
  expect(await bench.call('DescribeExecution', execution)).toMatchObject({
    status: 'ABORTED',
    error: 'Enough',
    cause: 'asked for',
  })
  expect(statusesOf(bench)).toEqual(['RUNNING', 'ABORTED'])
})

test('a stop in the pause before a retry does not start the task again', async () => {
  const bench = await started()
  let calls = 0
  bench.host.functions.set('work', () => {
    calls++
    throw new Error('no')
  })
  const execution = await bench.call('StartExecution', { stateMachineArn: machineArn })
  await until(() => calls === 1)

  await bench.call('StopExecution', execution)

  expect(await bench.call('DescribeExecution', execution)).toMatchObject({ status: 'ABORTED' })
  expect(calls).toBe(1)
})

test('every change of status is an event in the shape of AWS', async () => {
  const bench = await started({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } })

  const ended = await bench.run({ a: 1 })

  await until(() => bench.host.published.length === 2)
  expect(bench.host.published[1]).toEqual({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [ended.executionArn],
    time: new Date((ended.stopDate ?? 0) * 1000).toISOString(),
    detail: {
      executionArn: ended.executionArn,
      stateMachineArn: machineArn,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      name: ended.executionArn.split(':').at(-1),
      status: 'SUCCEEDED',
      startDate: Math.round(ended.startDate * 1000),
      stopDate: Math.round((ended.stopDate ?? 0) * 1000),
      input: '{"a":1}',
      inputDetails: { included: true },
      output: '{"a":1}',
      outputDetails: { included: true },
      error: null,
      cause: null,
    },
  })
})

test('what ran when the runtime ended is aborted at the next start, and told to the bus', async () => {
  const bench = await started()
  bench.host.functions.set('work', untilStopped)
  const execution = await bench.call('StartExecution', { stateMachineArn: machineArn, name: 'night' })
  await until(() => bench.host.published.length === 1)
  // No stop: the first service is simply gone, as after kill -9.
  const restarted = bench.host.restarted()
  const states = createStates(restarted)
  await states.start?.()
  const next = benchOf(restarted, states)

  expect(await next.call('DescribeExecution', execution)).toMatchObject({
    status: 'ABORTED',
    cause: 'runtime stopped',
  })
  expect(restarted.published.map(({ detail }) => [detail['status'], detail['cause']])).toEqual([
    ['ABORTED', 'runtime stopped'],
  ])
  await bench.states.stop?.()
})

test('a status the bus refused is told again at the next start', async () => {
  const bench = await started({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } })
  bench.host.publishEvent = async () => {
    throw new Error('bus down')
  }
  await bench.run()
  const restarted = bench.host.restarted()

  await createStates(restarted).start?.()

  expect(restarted.published.map(({ detail }) => detail['status'])).toEqual(['SUCCEEDED'])
})

test('a clean stop of the runtime leaves running executions for the next start', async () => {
  const bench = await started()
  bench.host.functions.set('work', untilStopped)
  const execution = await bench.call('StartExecution', { stateMachineArn: machineArn })
  await until(() => bench.host.published.length === 1)

  await bench.states.stop?.()

  expect(await bench.call('DescribeExecution', execution)).toMatchObject({ status: 'RUNNING' })
  const restarted = bench.host.restarted()
  const states = createStates(restarted)
  await states.start?.()
  expect(await benchOf(restarted, states).call('DescribeExecution', execution)).toMatchObject({
    status: 'ABORTED',
  })
})

test('executions are listed newest first, by status, in pages', async () => {
  const bench = await started({
    StartAt: 'A',
    States: {
      A: { Type: 'Choice', Choices: [{ Variable: '$.ok', BooleanEquals: true, Next: 'B' }], Default: 'C' },
      B: { Type: 'Succeed' },
      C: { Type: 'Fail', Error: 'x' },
    },
  })
  const ran: Described[] = []
  for (const ok of [true, false, true]) ran.push(await bench.run({ ok }))
  const arns = ran.map(({ executionArn }) => executionArn)
  type Listed = { executions: { executionArn: string }[]; nextToken?: string }
  const list = (more: Record<string, unknown>): Promise<Listed> =>
    bench.call('ListExecutions', { stateMachineArn: machineArn, ...more }) as Promise<Listed>

  const failed = await list({ statusFilter: 'FAILED' })
  const first = await list({ maxResults: 2 })
  const second = await list({ maxResults: 2, nextToken: first.nextToken })

  expect(failed.executions.map(({ executionArn }) => executionArn)).toEqual([arns[1]])
  expect([...first.executions, ...second.executions].map(({ executionArn }) => executionArn)).toEqual(
    arns.reverse(),
  )
  expect(second.nextToken).toBeUndefined()
})
