import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Runtime, type RuntimeOptions, startRuntime } from '../../local/runtime.ts'
import { CfnTemplate, type StackTemplate } from '../../local/template/assembly.ts'

/** Resources of a stack, by logical id, as CloudFormation writes them. */
export type Resources = Record<
  string,
  { Type: string; Properties?: unknown; Metadata?: unknown; Condition?: string }
>

export const stackOf = (Resources: Resources, more: Record<string, unknown> = {}): StackTemplate => ({
  stack: 'small',
  template: CfnTemplate.parse({ Resources, ...more }),
})

const getAtt = (logicalId: string, name = 'Arn'): unknown => ({ 'Fn::GetAtt': [logicalId, name] })
const statement = (Action: string | string[], Resource: unknown): unknown => ({
  Effect: 'Allow',
  Action,
  Resource,
})

export const role = (...Statement: unknown[]): Resources[string] => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement } }],
  },
})

export const fn = (entry: string, roleId: string, more: Record<string, unknown> = {}): Resources[string] => ({
  Type: 'AWS::Lambda::Function',
  Metadata: { 'netkeep:entry': `tests/local/functions/${entry}.ts` },
  Properties: {
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: getAtt(roleId),
    Timeout: 10,
    Environment: { Variables: { TABLE: { Ref: 'Table' }, BUCKET: { Ref: 'Bucket' } } },
    ...more,
  },
})

const route = (routeKey: string): Resources[string] => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    ApiId: { Ref: 'Api' },
    RouteKey: routeKey,
    Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
  },
})

/** A table, a versioned and a plain bucket, queues, a key, functions with small rights, and an HTTP API. */
/** Of another region and account than the cloud's. */
export const smallTopics = {
  plain: 'arn:aws:sns:us-east-1:111122223333:plain',
  ordered: 'arn:aws:sns:us-east-1:111122223333:ordered.fifo',
}

export const smallResources: Resources = {
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk', 'gsi1pk'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'gsi1',
          KeySchema: [{ AttributeName: 'gsi1pk', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    },
  },
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } },
  },
  Versioned: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 5 } },
  DeadLetters: { Type: 'AWS::SQS::Queue' },
  Key: {
    Type: 'AWS::KMS::Key',
    Properties: {
      KeyPolicy: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } },
            Action: 'kms:*',
            Resource: '*',
          },
        ],
      },
    },
  },
  ProbeRole: role(
    statement(['dynamodb:PutItem', 'dynamodb:GetItem'], getAtt('Table')),
    statement(['s3:PutObject', 's3:GetObject'], { 'Fn::Sub': '${Bucket.Arn}/allowed/*' }),
    statement(['kms:Encrypt', 'kms:Decrypt'], getAtt('Key')),
    statement('sqs:SendMessage', [getAtt('Queue'), getAtt('DeadLetters')]),
    statement('sns:Publish', Object.values(smallTopics)),
  ),
  BareRole: role(),
  Probe: fn('probe', 'ProbeRole', { DeadLetterConfig: { TargetArn: getAtt('DeadLetters') } }),
  Bare: fn('probe', 'BareRole'),
  Hasty: fn('probe', 'BareRole', { Timeout: 1 }),
  Missing: fn('no-such-file', 'BareRole'),
  NoHandler: fn('no-handler', 'BareRole'),
  Web: fn('web', 'BareRole'),
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'small', ProtocolType: 'HTTP' } },
  Stage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
  },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: getAtt('Web'),
      PayloadFormatVersion: '2.0',
      TimeoutInMillis: 1500,
    },
  },
  GetRoute: route('GET /things/{id}'),
  AnyRoute: route('ANY /things/{proxy+}'),
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: getAtt('Web'),
      Principal: 'apigateway.amazonaws.com',
      SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*/*' },
    },
  },
}

export type SmallCloud = Runtime & {
  arnOf: (logicalId: string) => string
  nameOf: (logicalId: string) => string
  /** What was logged as a warning or an error. */
  troubles: { message: string; fields: Record<string, unknown> | undefined }[]
}

export const newDataDir = (): string => mkdtempSync(join(tmpdir(), 'netkeep-local-'))
export const removeDir = (folder: string): void => rmSync(folder, { recursive: true, force: true })

/** A runtime on a template of the test's own. */
export async function startSmallCloud(
  options: Partial<RuntimeOptions> & { resources?: Resources } = {},
): Promise<SmallCloud> {
  const troubles: SmallCloud['troubles'] = []
  const { resources = smallResources, ...others } = options
  const runtime = await startRuntime({
    dataDir: newDataDir(),
    port: 0,
    template: [stackOf(resources)],
    onLog: (level, message, fields) => {
      if (level !== 'info') troubles.push({ message, fields })
    },
    ...others,
  })
  const { tables, buckets, queues, keys, functions, roles } = runtime.resources
  const all = [...tables, ...buckets, ...queues, ...keys, ...functions, ...roles]
  const find = (logicalId: string): { arn: string } => {
    const found = all.find((resource) => resource.logicalId === logicalId)
    if (found === undefined) throw new Error(`no ${logicalId} in the template`)
    return found
  }
  return {
    ...runtime,
    troubles,
    arnOf: (logicalId) => find(logicalId).arn,
    nameOf: (logicalId) => find(logicalId).arn.split(/[:/]/).at(-1) ?? '',
  }
}
