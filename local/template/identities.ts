import { createHash } from 'node:crypto'
import type { Pseudo } from './intrinsics.ts'

/** What a resource is called and what its attributes are, by type: known before anything is created. */
export type Identity = { ref: string; attributes: Record<string, string> }
export type Place = Pseudo & {
  /** Base of queue URLs: the gateway's own address, so that SQS clients come back to it. */
  endpoint: string
}
type Named = Place & {
  stack: string
  logicalId: string
  /** A property as text where the template sets it. */
  given(property: string): string | undefined
}
type IdentityRule = (resource: Named) => Identity

/** Types the runtime hosts, with what `Ref` and `Fn::GetAtt` give (CloudFormation's template reference). */
const identityRules: Record<string, IdentityRule> = {
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::S3::Bucket': (resource) => {
    const name = nameOf(resource, 'BucketName', 63).toLowerCase()
    const { region } = resource
    const host = `${name}.s3.amazonaws.com`
    return {
      ref: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: host,
        RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      },
    }
  },
  'AWS::SQS::Queue': (resource) => {
    const QueueName = nameOf(resource, 'QueueName', 75)
    const url = `${resource.endpoint}/${resource.account}/${QueueName}`
    return { ref: url, attributes: { Arn: arn(resource, 'sqs', QueueName), QueueName, QueueUrl: url } }
  },
  'AWS::KMS::Key': (resource) => {
    const id = uuidOf(resource)
    return { ref: id, attributes: { Arn: arn(resource, 'kms', `key/${id}`), KeyId: id } }
  },
  'AWS::KMS::Alias': (resource) => {
    const name = nameOf(resource, 'AliasName', 250)
    return { ref: name, attributes: { Arn: arn(resource, 'kms', name) } }
  },
  'AWS::IAM::Role': (resource) => {
    const name = nameOf(resource, 'RoleName', 64)
    const RoleId = `AROA${digest(resource).slice(0, 17).toUpperCase()}`
    return { ref: name, attributes: { Arn: `arn:aws:iam::${resource.account}:role/${name}`, RoleId } }
  },
  'AWS::Lambda::Function': (resource) => {
    const name = nameOf(resource, 'FunctionName', 64)
    return { ref: name, attributes: { Arn: arn(resource, 'lambda', `function:${name}`) } }
  },
  'AWS::Lambda::EventSourceMapping': (resource) => {
    const Id = uuidOf(resource)
    return {
      ref: Id,
      attributes: { Id, EventSourceMappingArn: arn(resource, 'lambda', `event-source-mapping:${Id}`) },
    }
  },
  'AWS::Logs::LogGroup': (resource) => {
    const name = nameOf(resource, 'LogGroupName', 512)
    return { ref: name, attributes: { Arn: `${arn(resource, 'logs', `log-group:${name}`)}:*` } }
  },
  'AWS::ApiGatewayV2::Api': (resource) => {
    const ApiId = digest(resource).slice(0, 10)
    const ApiEndpoint = `https://${ApiId}.execute-api.${resource.region}.amazonaws.com`
    return { ref: ApiId, attributes: { ApiId, ApiEndpoint } }
  },
  'AWS::ApiGatewayV2::Stage': (resource) => ({
    ref: resource.given('StageName') ?? '$default',
    attributes: {},
  }),
  'AWS::ApiGatewayV2::Integration': short,
  'AWS::ApiGatewayV2::Route': short,
  'AWS::StepFunctions::StateMachine': (resource) => {
    const Name = nameOf(resource, 'StateMachineName', 80)
    const Arn = arn(resource, 'states', `stateMachine:${Name}`)
    return { ref: Arn, attributes: { Arn, Name } }
  },
  'AWS::Scheduler::ScheduleGroup': (resource) => {
    const name = nameOf(resource, 'Name', 64)
    return { ref: name, attributes: { Arn: arn(resource, 'scheduler', `schedule-group/${name}`) } }
  },
  'AWS::Scheduler::Schedule': (resource) => {
    const name = nameOf(resource, 'Name', 64)
    const group = resource.given('GroupName') ?? 'default'
    return { ref: name, attributes: { Arn: arn(resource, 'scheduler', `schedule/${group}/${name}`) } }
  },
  'AWS::Events::EventBus': (resource) => {
    const Name = nameOf(resource, 'Name', 256)
    return { ref: Name, attributes: { Name, Arn: arn(resource, 'events', `event-bus/${Name}`) } }
  },
  'AWS::Events::Rule': (resource) => {
    const name = nameOf(resource, 'Name', 64)
    const bus = (resource.given('EventBusName') ?? 'default').split('/').at(-1) ?? 'default'
    const path = bus === 'default' ? `rule/${name}` : `rule/${bus}/${name}`
    return {
      ref: bus === 'default' ? name : `${bus}|${name}`,
      attributes: { Arn: arn(resource, 'events', path) },
    }
  },
  'AWS::CloudFront::Distribution': (resource) => {
    const Id = `E${digest(resource).slice(0, 13).toUpperCase()}`
    return { ref: Id, attributes: { Id, DomainName: `${Id.toLowerCase()}.cloudfront.net` } }
  },
  'AWS::CloudFront::Function': (resource) => {
    const FunctionARN = `arn:aws:cloudfront::${resource.account}:function/${nameOf(resource, 'Name', 64)}`
    return { ref: FunctionARN, attributes: { FunctionARN } }
  },
  'AWS::CloudFront::OriginAccessControl': (resource) => {
    const Id = digest(resource).slice(0, 14).toUpperCase()
    return { ref: Id, attributes: { Id } }
  },
  'AWS::SNS::Topic': (resource) => {
    const TopicName = nameOf(resource, 'TopicName', 256)
    const Arn = arn(resource, 'sns', TopicName)
    return { ref: Arn, attributes: { TopicArn: Arn, TopicName } }
  },
  'AWS::CloudWatch::Alarm': (resource) => {
    const name = nameOf(resource, 'AlarmName', 255)
    return { ref: name, attributes: { Arn: arn(resource, 'cloudwatch', `alarm:${name}`) } }
  },
}

/** Types that nothing refers to by attribute still have a name of their own. */
export function identify(type: string, resource: Named): Identity {
  return (identityRules[type] ?? short)(resource)
}

function table(resource: Named): Identity {
  const name = nameOf(resource, 'TableName', 255)
  const Arn = arn(resource, 'dynamodb', `table/${name}`)
  return { ref: name, attributes: { Arn, StreamArn: `${Arn}/stream/local`, TableId: uuidOf(resource) } }
}

function short(resource: Named): Identity {
  return { ref: digest(resource).slice(0, 10), attributes: {} }
}

/**
 * CloudFormation appends random letters to a name it makes; here the name stays the same from start to start,
 * so that the data folder keeps its meaning.
 */
function nameOf(resource: Named, property: string, lengthMax: number): string {
  const given = resource.given(property)
  if (given !== undefined) return given
  const whole = `${resource.stack}-${resource.logicalId}`
  if (whole.length <= lengthMax) return whole
  return `${whole.slice(0, lengthMax - 9)}-${digest(resource).slice(0, 8)}`
}

function arn({ region, account }: Place, service: string, path: string): string {
  return `arn:aws:${service}:${region}:${account}:${path}`
}

function digest({ stack, logicalId }: Named): string {
  return createHash('sha256').update(`${stack}/${logicalId}`).digest('hex')
}

function uuidOf(resource: Named): string {
  const hex = digest(resource)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
