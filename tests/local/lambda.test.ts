import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { InvokeResult } from '../../local/service.ts'
import { removeDir, type SmallCloud, startSmallCloud } from '../support/small-cloud.ts'

let cloud: SmallCloud
beforeAll(async () => {
  process.env['LEAKED_FROM_THE_PARENT'] = 'yes'
  cloud = await startSmallCloud({ asyncRetryAfterMs: [20, 20] })
})
afterAll(async () => {
  delete process.env['LEAKED_FROM_THE_PARENT']
  await cloud.stop()
  removeDir(cloud.dataDir)
})

const patience = { timeout: 20_000 }
const operator = { kind: 'operator' } as const
const run = (name: string, order: Record<string, unknown>): Promise<InvokeResult> =>
  cloud.host.invoke(cloud.arnOf(name), order, { caller: operator })
const valueOf = async (name: string, order: Record<string, unknown>): Promise<unknown> =>
  JSON.parse((await run(name, order)).payload)

describe('a function', () => {
  test('gets its event and gives its result', async () => {
    expect(await valueOf('Probe', { do: 'echo', list: [1, { a: null }] })).toEqual({
      do: 'echo',
      list: [1, { a: null }],
    })
  })

  test('knows its name, request and remaining time', async () => {
    const { requestId, payload } = await run('Probe', { do: 'context' })

    expect(JSON.parse(payload)).toMatchObject({
      functionName: cloud.nameOf('Probe'),
      invokedFunctionArn: cloud.arnOf('Probe'),
      awsRequestId: requestId,
      memoryLimitInMB: '128',
    })
    expect((JSON.parse(payload) as { remainingMs: number }).remainingMs).toBeGreaterThan(5000)
  })

  test('has exactly the environment of the template and of Lambda', async () => {
    const environment = (await valueOf('Probe', { do: 'environment' })) as Record<string, string>

    expect(environment).toMatchObject({ TABLE: cloud.nameOf('Table'), AWS_ENDPOINT_URL: cloud.endpoint })
    expect(
      Object.keys(environment).filter((name) => !/^(AWS_|TABLE$|BUCKET$|LAMBDA_|LANG$|TZ$)/.test(name)),
    ).toEqual([])
  })

  test('keeps its module between invocations', async () => {
    const [first, second] = [await valueOf('Bare', { do: 'count' }), await valueOf('Bare', { do: 'count' })]

    expect(second).toBe(Number(first) + 1)
  })

  test('logs JSON lines to its own file, wrapping plain text', async () => {
    await run('Probe', { do: 'print', value: 'seen' })

    const file = join(cloud.dataDir, 'logs', `${cloud.nameOf('Probe')}.log`)
    await vi.waitFor(() => expect(existsSync(file) && readFileSync(file, 'utf8')).toContain('"structured"'))
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    expect(lines).toEqual([
      expect.objectContaining({ level: 'INFO', message: 'seen' }),
      { level: 'INFO', message: 'structured', value: 'seen' },
    ])
  })
})

describe('a function that fails', () => {
  test.each([
    {
      why: 'throws',
      name: 'Bare',
      order: { do: 'throw', value: 'no route' },
      type: 'unreachable',
      message: 'no route',
    },
    {
      why: 'takes too long',
      name: 'Hasty',
      order: { do: 'sleep', ms: 5000 },
      type: 'Sandbox.Timedout',
      message: 'Task timed out after 1.00 seconds',
    },
    {
      why: 'never comes back',
      name: 'Hasty',
      order: { do: 'spin' },
      type: 'Sandbox.Timedout',
      message: 'Task timed out after 1.00 seconds',
    },
    {
      why: 'ends its process',
      name: 'Bare',
      order: { do: 'exit' },
      type: 'Runtime.ExitError',
      message: 'exit status 7',
    },
    {
      why: 'fills its memory',
      name: 'Probe',
      order: { do: 'fillMemory' },
      type: 'Runtime.ExitError',
      message: 'memory',
    },
    {
      why: 'answers more than 6 MB',
      name: 'Bare',
      order: { do: 'large', size: 7_000_000 },
      type: 'Function.ResponseSizeTooLarge',
      message: '6291456',
    },
  ])(
    'because it $why answers an error of that type, and works again',
    async ({ name, order, type, message }) => {
      const { functionError, payload } = await run(name, order)

      const error = JSON.parse(payload) as { errorType: string; errorMessage: string }
      expect([functionError, error.errorType]).toEqual(['Unhandled', type])
      expect(error.errorMessage).toContain(message)
      expect(await valueOf(name, { do: 'echo' })).toEqual({ do: 'echo' })
    },
  )

  test.each([
    ['file', 'Missing', 'Error', 'no-such-file'],
    ['export', 'NoHandler', 'Runtime.HandlerNotFound', 'handler is undefined or not exported'],
  ])('because there is no such %s says so', async (_what, name, type, message) => {
    const { functionError, payload } = await run(name, { do: 'echo' })

    const error = JSON.parse(payload) as { errorType: string; errorMessage: string }
    expect([functionError, error.errorType]).toEqual(['Unhandled', type])
    expect(error.errorMessage).toContain(message)
  })

  test('does not take down the other requests in its worker', async () => {
    const slow = run('Bare', { do: 'sleep', ms: 300 })
    const failed = run('Bare', { do: 'throw', value: 'x' })

    expect((await failed).functionError).toBe('Unhandled')
    expect(JSON.parse((await slow).payload)).toBe('slept')
  })

  test('is ended early by an abort', async () => {
    const ended = cloud.host.invoke(
      cloud.arnOf('Bare'),
      { do: 'sleep', ms: 9000 },
      { caller: operator, signal: AbortSignal.timeout(100) },
    )

    expect(JSON.parse((await ended).payload)).toMatchObject({ errorType: 'Aborted' })
  })
})

describe('an invocation is refused', () => {
  test('with a payload over 6 MB', async () => {
    const value = 'x'.repeat(6_300_000)

    await expect(run('Probe', { do: 'echo', value })).rejects.toMatchObject({
      code: 'RequestTooLargeException',
    })
  })

  test('to a role that may not invoke it, naming the function, the action and the resource', async () => {
    const caller = {
      kind: 'role',
      roleArn: cloud.arnOf('BareRole'),
      functionArn: cloud.arnOf('Bare'),
    } as const

    await expect(cloud.host.invoke(cloud.arnOf('Probe'), {}, { caller })).rejects.toThrow(
      `User: ${caller.roleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${cloud.nameOf('Bare')} is not authorized to perform: lambda:InvokeFunction on resource: ${cloud.arnOf('Probe')}`,
    )
  })
})

describe('an asynchronous invocation', () => {
  const receive = async (): Promise<Record<string, unknown>[]> => {
    const QueueUrl = cloud.resources.queues.find(({ logicalId }) => logicalId === 'DeadLetters')?.url ?? ''
    const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }
    const { Messages } = await cloud.host.request({
      caller: operator,
      service: 'sqs',
      action: 'ReceiveMessage',
      input,
    })
    return (Messages ?? []) as Record<string, unknown>[]
  }
  const pending = (): string[] => readdirSync(join(cloud.dataDir, 'lambda'))
  const accept = (order: Record<string, unknown>): Promise<InvokeResult> =>
    cloud.host.invoke(cloud.arnOf('Probe'), order, { caller: operator, mode: 'event' })

  test('is accepted at once and carried out', async () => {
    const { statusCode } = await accept({ do: 'putItem', key: 'async', value: 'done' })

    expect(statusCode).toBe(202)
    const item = { value: { S: 'done' } }
    await vi.waitFor(
      async () => expect(await valueOf('Probe', { do: 'getItem', key: 'async' })).toMatchObject(item),
      patience,
    )
    await vi.waitFor(() => expect(pending()).toEqual([]), patience)
  })

  test('goes to the dead-letter queue after two retries', async () => {
    const { requestId } = await accept({ do: 'throw', value: 'hopeless' })

    const [message] = await vi.waitFor(async () => {
      const messages = await receive()
      expect(messages).toHaveLength(1)
      return messages
    }, 5000)
    expect(JSON.parse(String(message?.['Body']))).toEqual({ do: 'throw', value: 'hopeless' })
    expect(message?.['MessageAttributes']).toMatchObject({
      RequestID: { StringValue: requestId },
      ErrorMessage: { StringValue: 'hopeless' },
    })
    expect(cloud.troubles).toContainEqual({
      message: 'an asynchronous invocation failed for good',
      fields: expect.objectContaining({ attempts: 3 }) as unknown,
    })
    expect(pending()).toEqual([])
  })
})
