import { afterEach, expect, test } from 'vitest'
import { functionArn } from '../support/small-host.ts'
import { lambdaTask, startStates, type StatesBench } from '../support/state-machines.ts'

let bench: StatesBench | undefined
afterEach(async () => {
  await bench?.close()
  bench = undefined
})

async function started(definition: Record<string, unknown>, secondMs?: number): Promise<StatesBench> {
  bench = await startStates(definition, secondMs)
  return bench
}

const failing = (name: string, message = 'no'): Error => Object.assign(new Error(message), { name })

test('data flows through InputPath, Parameters, ResultSelector, ResultPath and OutputPath', async () => {
  const { host, run } = await started({
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        InputPath: '$.order',
        Parameters: {
          FunctionName: functionArn('ask'),
          Payload: { 'id.$': '$.id', 'run.$': '$$.Execution.Name' },
        },
        ResultSelector: { 'answer.$': '$.Payload.answer', 'status.$': '$.StatusCode' },
        ResultPath: '$.asked',
        Next: 'Keep',
      },
      Keep: { Type: 'Pass', OutputPath: '$.asked', End: true },
    },
  })
  host.functions.set('ask', (payload) => ({ answer: payload }))

  const ended = await run({ order: { id: 7 }, other: true })

  expect(ended.status).toBe('SUCCEEDED')
  const name = ended.executionArn.split(':').at(-1)
  expect(JSON.parse(ended.output ?? '')).toEqual({ answer: { id: 7, run: name }, status: 200 })
})

test('a Task may name the function itself', async () => {
  const { host, run } = await started({
    StartAt: 'Ask',
    States: { Ask: { Type: 'Task', Resource: functionArn('ask'), End: true } },
  })
  host.functions.set('ask', (payload) => ({ got: payload }))

  expect(JSON.parse((await run({ a: 1 })).output ?? '')).toEqual({ got: { a: 1 } })
})

test('retriers are tried in order, each with its own count and growing pauses, then the catcher gets the error', async () => {
  const { host, run } = await started(
    {
      StartAt: 'Try',
      States: {
        Try: lambdaTask('try', {
          Retry: [
            { ErrorEquals: ['busy'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3 },
            { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 1, MaxAttempts: 1 },
          ],
          Catch: [
            { ErrorEquals: ['busy'], Next: 'Busy' },
            { ErrorEquals: ['States.ALL'], ResultPath: '$.fault', Next: 'Other' },
          ],
          Next: 'Fine',
        }),
        Busy: { Type: 'Fail', Error: 'wrong' },
        Fine: { Type: 'Fail', Error: 'wrong' },
        Other: { Type: 'Pass', End: true },
      },
    },
    40,
  )
  const at: number[] = []
  const errors = ['busy', 'busy', 'busy', 'broken', 'broken']
  host.functions.set('try', () => {
    at.push(Date.now())
    throw failing(errors[at.length - 1] ?? 'never')
  })

  const ended = await run({ keep: 1 })

  expect(at).toHaveLength(5)
  const pauses = at.slice(1).map((time, index) => time - (at[index] ?? 0))
  for (const [index, least] of [40, 80, 160, 40].entries())
    expect(pauses[index]).toBeGreaterThanOrEqual(least - 2)
  const output = JSON.parse(ended.output ?? '') as { keep: number; fault: { Error: string; Cause: string } }
  expect(output).toMatchObject({ keep: 1, fault: { Error: 'broken' } })
  expect(JSON.parse(output.fault.Cause)).toEqual({ errorType: 'broken', errorMessage: 'no', trace: [] })
})

test.each([
  ['a Fail state', { Type: 'Fail', Error: 'mine', Cause: 'because' }, 'mine', 'because'],
  [
    'a Choice without a match',
    { Type: 'Choice', Choices: [{ Variable: '$.a', NumericEquals: 2, Next: 'End' }] },
    'States.NoChoiceMatched',
    '',
  ],
  ['a function error', lambdaTask('broken', { Next: 'End' }), 'TypeError', 'broken indeed'],
  [
    'a function that is not there',
    lambdaTask('nowhere', { Next: 'End' }),
    'Lambda.ResourceNotFoundException',
    'nowhere',
  ],
  [
    'a Task that takes too long',
    lambdaTask('slow', { TimeoutSeconds: 2, Next: 'End' }),
    'States.Timeout',
    '',
  ],
  ['a path to nothing', { Type: 'Pass', InputPath: '$.nothing', Next: 'End' }, 'States.Runtime', '$.nothing'],
])('%s fails the execution under its own error', async (_what, state, error, cause) => {
  const { host, run } = await started({
    StartAt: 'Break',
    States: { Break: state, ...(state['Type'] === 'Fail' ? {} : { End: { Type: 'Succeed' } }) },
  })
  host.functions.set('broken', () => {
    throw new TypeError('broken indeed')
  })
  host.functions.set('slow', () => new Promise((resolve) => setTimeout(resolve, 200)))

  const ended = await run({ a: 1 })

  expect(ended.status).toBe('FAILED')
  expect(ended.error).toBe(error)
  expect(ended.cause).toContain(cause)
})

test('a role that may not invoke the function fails the Task with the reason', async () => {
  const { host, run } = await started({ StartAt: 'Ask', States: { Ask: lambdaTask('ask', { End: true }) } })
  host.functions.set('ask', () => 1)
  host.denied.add(`arn:aws:iam::000000000000:role/work lambda:InvokeFunction ${functionArn('ask')}`)

  const ended = await run()

  expect(ended).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException' })
  expect(ended.cause).toContain('lambda:InvokeFunction')
})

test('a result above 256 KiB ends the execution, and States.ALL does not catch it', async () => {
  const { host, run } = await started({
    StartAt: 'Big',
    States: {
      Big: lambdaTask('big', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }], Next: 'Caught' }),
      Caught: { Type: 'Pass', End: true },
    },
  })
  host.functions.set('big', () => 'x'.repeat(262_144))

  expect(await run()).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' })
})

test('the state machine times out as a whole', async () => {
  const { run } = await started({
    StartAt: 'Sleep',
    TimeoutSeconds: 3,
    States: { Sleep: { Type: 'Wait', Seconds: 100, End: true } },
  })

  expect(await run()).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' })
})

test('nested Map and Parallel see the item and the execution they belong to', async () => {
  const { host, run } = await started({
    StartAt: 'Both',
    States: {
      Both: {
        Type: 'Parallel',
        Branches: [
          {
            StartAt: 'One',
            States: { One: { Type: 'Pass', Parameters: { 'input.$': '$$.Execution.Input' }, End: true } },
          },
          {
            StartAt: 'Each',
            States: {
              Each: {
                Type: 'Map',
                ItemsPath: '$.list',
                MaxConcurrency: 2,
                ItemSelector: { 'value.$': '$$.Map.Item.Value', 'from.$': '$.name' },
                ItemProcessor: {
                  StartAt: 'Wait',
                  States: {
                    Wait: { Type: 'Wait', Seconds: 0, Next: 'Ask' },
                    Ask: lambdaTask('ask', {
                      Parameters: {
                        FunctionName: functionArn('ask'),
                        Payload: { 'input.$': '$', 'index.$': '$$.Map.Item.Index' },
                      },
                      End: true,
                    }),
                  },
                },
                End: true,
              },
            },
          },
        ],
        End: true,
      },
    },
  })
  host.functions.set('ask', (payload) => payload)

  const ended = await run({ name: 'n', list: ['a', 'b', 'c'] })

  expect(JSON.parse(ended.output ?? '')).toEqual([
    { input: { name: 'n', list: ['a', 'b', 'c'] } },
    ['a', 'b', 'c'].map((value, index) => ({ index, input: { value, from: 'n' } })),
  ])
})

test('a Task may lead back to itself by a Choice', async () => {
  const { host, run } = await started({
    StartAt: 'Count',
    States: {
      Count: lambdaTask('count', { Next: 'Enough' }),
      Enough: {
        Type: 'Choice',
        Choices: [{ Variable: '$.n', NumericGreaterThanEquals: 3, Next: 'Done' }],
        Default: 'Count',
      },
      Done: { Type: 'Succeed' },
    },
  })
  host.functions.set('count', (payload) => ({ n: (payload as { n: number }).n + 1 }))

  expect(JSON.parse((await run({ n: 0 })).output ?? '')).toEqual({ n: 3 })
})

test('the history tells the states in order', async () => {
  const { run, call } = await started({
    StartAt: 'A',
    States: { A: { Type: 'Pass', Result: 1, Next: 'B' }, B: { Type: 'Succeed' } },
  })

  const { executionArn } = await run()
  const { events } = (await call('GetExecutionHistory', { executionArn })) as {
    events: { type: string; id: number }[]
  }

  expect(events.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'PassStateEntered',
    'PassStateExited',
    'SucceedStateEntered',
    'SucceedStateExited',
    'ExecutionSucceeded',
  ])
  expect(events.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6])
})
