import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Runtime, startRuntime } from '../../local/runtime.ts'
import { CfnTemplate } from '../../local/template/assembly.ts'

type Resources = Record<string, Record<string, unknown>>

const roleOf = (service: string, statements: Record<string, unknown>[]): Record<string, unknown> => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    },
    Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  },
})

const allow = (actions: string[], resource: unknown): Record<string, unknown> => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resource,
})

const arnOf = (logicalId: string): unknown => ({ 'Fn::GetAtt': [logicalId, 'Arn'] })

/** Puts what it gets into the bucket, one object per call; a batch without Items is refused. */
const handler = `
import { PutObjectCommand, S3Client } from '${import.meta.resolve('@aws-sdk/client-s3')}'
const s3 = new S3Client({ forcePathStyle: true })
export async function handler(event) {
  const kind = event['detail-type'] ?? (event.Records === undefined ? 'batch' : 'records')
  if (kind === 'batch' && !Array.isArray(event.Items)) throw new TypeError('no Items')
  if (event.Items?.some(({ n }) => n === 'slow')) await new Promise((resolve) => setTimeout(resolve, 60_000))
  const Key = 'seen/' + kind.replaceAll(' ', '-') + '/' + crypto.randomUUID()
  await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key, Body: JSON.stringify(event) }))
  return { items: event.Items?.length ?? 0 }
}
`

const definition = {
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      Label: 'Each',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSONL' },
        Parameters: { Bucket: '${bucket}', 'Key.$': '$.list' },
      },
      ItemBatcher: { MaxItemsPerBatch: 2 },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Work',
        States: {
          Work: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Parameters: { FunctionName: '${work}', 'Payload.$': '$' },
            OutputPath: '$.Payload',
            End: true,
          },
        },
      },
      ResultWriter: {
        Resource: 'arn:aws:states:::s3:putObject',
        Parameters: { Bucket: '${bucket}', Prefix: 'results' },
      },
      End: true,
    },
  },
}

const resources = (): Resources => ({
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
  Stage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
  },
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } },
  },
  WorkRole: roleOf('lambda.amazonaws.com', [
    allow(['s3:PutObject'], { 'Fn::Join': ['', [arnOf('Bucket'), '/seen/*']] }),
    allow(['dynamodb:DescribeStream', 'dynamodb:GetShardIterator', 'dynamodb:GetRecords'], {
      'Fn::GetAtt': ['Table', 'StreamArn'],
    }),
  ]),
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    },
  },
  Changes: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      FunctionName: { Ref: 'Work' },
      EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 10,
    },
  },
  Work: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: arnOf('WorkRole'),
      Timeout: 120,
      Environment: { Variables: { BUCKET: { Ref: 'Bucket' } } },
    },
    Metadata: { 'netkeep:entry': 'work.mjs' },
  },
  MachineRole: roleOf('states.amazonaws.com', [
    allow(['lambda:InvokeFunction'], arnOf('Work')),
    allow(['s3:GetObject'], { 'Fn::Join': ['', [arnOf('Bucket'), '/lists/*']] }),
    allow(['s3:PutObject'], { 'Fn::Join': ['', [arnOf('Bucket'), '/results/*']] }),
  ]),
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      RoleArn: arnOf('MachineRole'),
      DefinitionString: JSON.stringify(definition),
      DefinitionSubstitutions: { bucket: { Ref: 'Bucket' }, work: arnOf('Work') },
    },
  },
  Listed: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [{ Ref: 'Bucket' }] }, object: { key: [{ prefix: 'lists/' }] } },
      },
      Targets: [{ Id: 'work', Arn: arnOf('Work') }],
    },
  },
  ListedMayInvoke: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: arnOf('Work'),
      Principal: 'events.amazonaws.com',
      SourceArn: arnOf('Listed'),
    },
  },
  Ended: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: {
        source: ['aws.states'],
        detail: { stateMachineArn: [{ Ref: 'Machine' }], status: ['SUCCEEDED', 'FAILED', 'ABORTED'] },
      },
      Targets: [{ Id: 'work', Arn: arnOf('Work') }],
    },
  },
  EndedMayInvoke: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: arnOf('Work'),
      Principal: 'events.amazonaws.com',
      SourceArn: arnOf('Ended'),
    },
  },
  ClockRole: roleOf('scheduler.amazonaws.com', [allow(['states:StartExecution'], { Ref: 'Machine' })]),
  Nightly: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: 'nightly',
      ScheduleExpression: 'cron(0 3 * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: { Ref: 'Machine' }, RoleArn: arnOf('ClockRole'), Input: '{"list":"lists/short"}' },
    },
  },
})

/** Hosts the app, starts an execution that lasts, tells its ARN and waits to be killed. */
const child = `
import { readFileSync } from 'node:fs'
import { PutObjectCommand, S3Client } from '${import.meta.resolve('@aws-sdk/client-s3')}'
import { startRuntime } from '${import.meta.resolve('../../local/runtime.ts')}'
const [dataDir, projectDir] = process.argv.slice(2)
const template = JSON.parse(readFileSync(projectDir + '/template.json', 'utf8'))
const { host, resources } = await startRuntime({ dataDir, port: 0, template, projectDir })
const s3 = new S3Client(host.sdk({ kind: 'operator' }))
await s3.send(new PutObjectCommand({ Bucket: resources.buckets[0].name, Key: 'lists/short', Body: '{"n":"slow"}' }))
const input = { stateMachineArn: resources.stateMachines[0].arn, input: '{"list":"lists/short"}' }
const started = await host.request({ caller: { kind: 'operator' }, service: 'states', action: 'StartExecution', input })
console.log('started ' + started.executionArn)
`

export type WorkflowApp = {
  start(): Promise<Runtime>
  /** In a process of its own, with an execution under way. */
  startApart(): Promise<{ executionArn: string; kill(): Promise<void> }>
  remove(): void
}

/** A small app of its own, hosted whole: a bucket, a function, a state machine, a rule and a schedule. */
export function workflowApp(change: (resources: Resources) => void = () => {}): WorkflowApp {
  const folder = mkdtempSync(join(tmpdir(), 'netkeep-workflow-'))
  writeFileSync(join(folder, 'work.mjs'), handler)
  const Resources = resources()
  change(Resources)
  const template = [{ stack: 'app', template: CfnTemplate.parse({ Resources }) }]
  writeFileSync(join(folder, 'template.json'), JSON.stringify(template))
  writeFileSync(join(folder, 'child.mjs'), child)
  const dataDir = join(folder, 'data')
  return {
    start: () => startRuntime({ dataDir, port: 0, template, projectDir: folder }),
    async startApart() {
      const apart = spawn(process.execPath, [join(folder, 'child.mjs'), dataDir, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const executionArn = await startedArn(apart)
      return {
        executionArn,
        async kill() {
          const exited = once(apart, 'exit')
          apart.kill('SIGKILL')
          await exited
        },
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function startedArn({ stdout }: ChildProcess): Promise<string> {
  let said = ''
  for await (const chunk of stdout ?? []) {
    said += String(chunk)
    const arn = /^started (\S+)$/m.exec(said)?.[1]
    if (arn !== undefined) return arn
  }
  throw new Error(`the app did not start: ${said}`)
}
