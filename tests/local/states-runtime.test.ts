import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import {
  DescribeExecutionCommand,
  ListMapRunsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { afterEach, expect, test } from 'vitest'
import type { Runtime } from '../../local/runtime.ts'
import { until } from '../support/small-host.ts'
import { type WorkflowApp, workflowApp } from '../support/workflow-app.ts'

let app: WorkflowApp | undefined
let runtime: Runtime | undefined
afterEach(async () => {
  await runtime?.stop()
  app?.remove()
  runtime = undefined
})

type Change = Parameters<typeof workflowApp>[0]
async function started(change?: Change): Promise<Runtime> {
  app = workflowApp(change)
  runtime = await app.start()
  return runtime
}

const clientsOf = ({ host }: Runtime): { s3: S3Client; sfn: SFNClient; scheduler: SchedulerClient } => {
  const config = host.sdk({ kind: 'operator' })
  return { s3: new S3Client(config), sfn: new SFNClient(config), scheduler: new SchedulerClient(config) }
}

const bucketOf = ({ resources }: Runtime): string => resources.buckets[0]?.name ?? ''
const machineOf = ({ resources }: Runtime): string => resources.stateMachines[0]?.arn ?? ''

async function putList(runtime: Runtime, ...names: (number | string)[]): Promise<void> {
  const Body = names.map((n) => JSON.stringify({ n })).join('\n')
  await clientsOf(runtime).s3.send(
    new PutObjectCommand({ Bucket: bucketOf(runtime), Key: 'lists/short', Body }),
  )
}

async function seen(runtime: Runtime, kind: string): Promise<Record<string, unknown>[]> {
  const { s3 } = clientsOf(runtime)
  const Bucket = bucketOf(runtime)
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: `seen/${kind}/` }))
  return Promise.all(
    Contents.map(async ({ Key }) => {
      const object = await s3.send(new GetObjectCommand({ Bucket, Key }))
      return JSON.parse((await object.Body?.transformToString()) ?? '') as Record<string, unknown>
    }),
  )
}

async function run(
  runtime: Runtime,
): Promise<{ status?: string; error?: string; cause?: string; arn: string }> {
  const { sfn } = clientsOf(runtime)
  const { executionArn: arn = '' } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: machineOf(runtime), input: '{"list":"lists/short"}' }),
  )
  return until(async () => {
    const { status, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn: arn }))
    return (
      status !== 'RUNNING' && {
        arn,
        ...(status && { status }),
        ...(error && { error }),
        ...(cause && { cause }),
      }
    )
  })
}

test('a Distributed Map runs through real functions and buckets, and its end reaches a rule', async () => {
  const runtime = await started()
  await putList(runtime, 1, 2, 3)

  const ended = await run(runtime)

  expect(ended).toMatchObject({ status: 'SUCCEEDED' })
  const sizes = (await seen(runtime, 'batch')).map(({ Items }) => (Items as unknown[]).length)
  expect(new Set(sizes)).toEqual(new Set([1, 2]))
  const { mapRuns } = await clientsOf(runtime).sfn.send(new ListMapRunsCommand({ executionArn: ended.arn }))
  expect(mapRuns).toHaveLength(1)
  const events = await until(async () => {
    const events = await seen(runtime, 'Step-Functions-Execution-Status-Change')
    return events.length > 0 && events
  })
  expect(events).toMatchObject([
    { source: 'aws.states', detail: { executionArn: ended.arn, status: 'SUCCEEDED' } },
  ])
})

const without =
  (role: string, action: string): Change =>
  (resources) => {
    const properties = resources[role]?.['Properties'] as {
      Policies: { PolicyDocument: { Statement: { Action: string[] }[] } }[]
    }
    for (const { PolicyDocument } of properties.Policies) {
      PolicyDocument.Statement = PolicyDocument.Statement.filter(({ Action }) => !Action.includes(action))
    }
  }

test.each([
  ['lambda:InvokeFunction', 'States.ExceedToleratedFailureThreshold', ''],
  ['s3:GetObject', 'States.ItemReaderFailed', 's3:GetObject'],
  ['s3:PutObject', 'States.ResultWriterFailed', 's3:PutObject'],
])('a state machine whose role lacks %s fails by name', async (action, error, cause) => {
  const runtime = await started(without('MachineRole', action))
  await putList(runtime, 1)

  const ended = await run(runtime)

  expect(ended).toMatchObject({ status: 'FAILED', error })
  expect(ended.cause).toContain(cause)
})

test('a schedule starts the state machine under its own role; one made by the API is there', async () => {
  const runtime = await started()
  await putList(runtime, 1)
  const { scheduler } = clientsOf(runtime)
  const StartDate = new Date('2030-01-01T00:00:00Z')
  const roleArn = runtime.resources.roles.find(({ logicalId }) => logicalId === 'ClockRole')?.arn ?? ''
  await scheduler.send(
    new CreateScheduleCommand({
      Name: 'later',
      ScheduleExpression: 'rate(1 day)',
      StartDate,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: machineOf(runtime), RoleArn: roleArn },
    }),
  )

  await runtime.services.scheduler.fireNow('nightly')

  await until(async () => (await seen(runtime, 'batch')).length === 1)
  const later = await scheduler.send(new GetScheduleCommand({ Name: 'later' }))
  expect(later).toMatchObject({ State: 'ENABLED', GroupName: 'default', StartDate })
})

test('a stop ends an execution whose function is at work', async () => {
  const runtime = await started()
  await putList(runtime, 'slow')
  const { sfn } = clientsOf(runtime)
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: machineOf(runtime), input: '{"list":"lists/short"}' }),
  )
  await until(async () => (await sfn.send(new ListMapRunsCommand({ executionArn }))).mapRuns?.length === 1)

  await sfn.send(new StopExecutionCommand({ executionArn }))

  expect(await sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({ status: 'ABORTED' })
})

test('an execution that ran when the process was killed is aborted at the next start, and the rule hears of it', async () => {
  app = workflowApp()
  const apart = await app.startApart()
  await apart.kill()

  runtime = await app.start()

  const { executionArn } = apart
  const described = await clientsOf(runtime).sfn.send(new DescribeExecutionCommand({ executionArn }))
  expect(described).toMatchObject({ status: 'ABORTED', cause: 'runtime stopped' })
  const hosted = runtime
  const [event] = await until(async () => {
    const events = await seen(hosted, 'Step-Functions-Execution-Status-Change')
    return events.length > 0 && events
  })
  expect(event).toMatchObject({ detail: { executionArn, status: 'ABORTED', cause: 'runtime stopped' } })
})

test('an object put into the bucket reaches the rule that waits for it', async () => {
  const runtime = await started()

  await putList(runtime, 1)

  const [event] = await until(async () => {
    const events = await seen(runtime, 'Object-Created')
    return events.length > 0 && events
  })
  expect(event).toMatchObject({
    source: 'aws.s3',
    detail: { bucket: { name: bucketOf(runtime) }, object: { key: 'lists/short' }, reason: 'PutObject' },
  })
})

test('an item put into the table reaches the function behind its stream', async () => {
  const runtime = await started()
  const { host, resources } = runtime
  const TableName = resources.tables[0]?.name
  const caller = { kind: 'operator' as const }

  await host.request({
    caller,
    service: 'dynamodb',
    action: 'PutItem',
    input: { TableName, Item: { pk: { S: 'a' } } },
  })

  const [event] = await until(async () => {
    const events = await seen(runtime, 'records')
    return events.length > 0 && events
  })
  expect(event).toMatchObject({ Records: [{ eventName: 'INSERT', dynamodb: { Keys: { pk: { S: 'a' } } } }] })
})

test('a function whose role may not read the stream keeps the runtime from starting', async () => {
  await expect(started(without('WorkRole', 'dynamodb:GetRecords'))).rejects.toThrow('dynamodb:DescribeStream')
})
