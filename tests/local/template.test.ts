import { describe, expect, test } from 'vitest'
import { Resolver } from '../../local/template/intrinsics.ts'
import { TemplateError } from '../../local/template/problems.ts'
import { readTemplate } from '../../local/template/read.ts'
import { fn, role, type Resources, smallResources, stackOf } from '../support/small-cloud.ts'

const place = { region: 'eu-central-1', account: '000000000000', endpoint: 'http://127.0.0.1:9' }
const identify = (stack: string, logicalId: string) => ({
  ref: `${stack}-${logicalId}`,
  attributes: { Arn: `arn:${logicalId}` },
})

const producer = {
  stack: 'producer',
  template: stackOf(
    { Table: { Type: 'AWS::DynamoDB::Table' } },
    {
      Outputs: {
        Name: { Value: { Ref: 'Table' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:table' } } },
      },
    },
  ).template,
}
const consumer = {
  stack: 'consumer',
  template: stackOf(
    { Queue: { Type: 'AWS::SQS::Queue' } },
    {
      Parameters: {
        Stage: { Type: 'String', Default: 'test' },
        NoDefault: { Type: 'String' },
        BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/x/version' },
      },
      Mappings: { Sizes: { 'eu-central-1': { small: 1 } } },
      Conditions: {
        IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
        IsLive: { 'Fn::Not': [{ Condition: 'IsTest' }] },
        Either: { 'Fn::Or': [{ Condition: 'IsLive' }, { Condition: 'IsTest' }] },
        Circle: { 'Fn::And': [{ Condition: 'Circle' }, { Condition: 'IsTest' }] },
      },
    },
  ).template,
}
const resolver = new Resolver([producer, consumer], place, identify)

describe('an intrinsic', () => {
  test.each([
    ['Ref of a resource', { Ref: 'Queue' }, 'consumer-Queue'],
    ['Ref of a parameter', { Ref: 'Stage' }, 'test'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-central-1'],
    ['Ref of AWS::NoValue', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:Queue'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Queue.Arn' }, 'arn:Queue'],
    [
      'Sub',
      { 'Fn::Sub': '${Queue}|${Queue.Arn}|${AWS::AccountId}|${!literal}' },
      'consumer-Queue|arn:Queue|000000000000|${literal}',
    ],
    ['Sub with values', { 'Fn::Sub': ['${a}-${Stage}', { a: { Ref: 'Queue' } }] }, 'consumer-Queue-test'],
    ['Join', { 'Fn::Join': [':', ['a', { Ref: 'Stage' }, 3]] }, 'a:test:3'],
    ['Select and Split', { 'Fn::Select': ['1', { 'Fn::Split': ['/', 'x/y/z'] }] }, 'y'],
    ['If with a condition that holds', { 'Fn::If': ['IsTest', 'yes', 'no'] }, 'yes'],
    ['If with one that does not', { 'Fn::If': ['IsLive', 'yes', { Ref: 'Stage' }] }, 'test'],
    ['If with Or', { 'Fn::If': ['Either', 'yes', 'no'] }, 'yes'],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'small'] }, 1],
    ['ImportValue', { 'Fn::ImportValue': 'producer:table' }, 'producer-Table'],
    ['Base64', { 'Fn::Base64': 'abc' }, 'YWJj'],
    [
      'nothing at all',
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
  ])('%s is resolved', (_what, value, expected) => {
    expect(resolver.resolve('consumer', value)).toEqual(expected)
  })

  test.each([
    ['of something that does not exist', { Ref: 'Nothing' }, 'Ref to Nothing, which does not exist'],
    [
      'of an unknown attribute',
      { 'Fn::GetAtt': ['Queue', 'Colour'] },
      'Fn::GetAtt Queue.Colour (AWS::SQS::Queue) is not known here',
    ],
    ['of a parameter without a default', { Ref: 'NoDefault' }, 'parameter NoDefault has no default'],
    [
      'of the parameter store',
      { Ref: 'BootstrapVersion' },
      'parameter BootstrapVersion reads the SSM parameter store, which is not hosted',
    ],
    ['of an unknown kind', { 'Fn::Cidr': [] }, 'Fn::Cidr is not supported'],
    ['of a missing export', { 'Fn::ImportValue': 'none' }, 'no stack exports none'],
    ['in a circle', { 'Fn::If': ['Circle', 1, 2] }, 'conditions go round in a circle'],
  ])('%s is a named error', (_what, value, message) => {
    expect(() => resolver.resolve('consumer', value)).toThrow(message)
  })
})

describe('a template', () => {
  const read = (resources: Resources) => readTemplate([stackOf(resources)], place)
  const problemsOf = (resources: Resources): string[] => {
    try {
      read({ ...smallResources, ...resources })
    } catch (error) {
      if (error instanceof TemplateError)
        return error.problems.map(({ stack, logicalId, what }) => `${stack}/${logicalId}: ${what}`)
      throw error
    }
    return []
  }

  test('becomes typed resources with names and ARNs that stay the same', () => {
    const { tables, functions, httpApis } = read(smallResources)

    expect(tables).toMatchObject([
      { name: 'small-Table', partition: { name: 'pk' }, sort: { name: 'sk' }, indexes: [{ name: 'gsi1' }] },
    ])
    expect(functions[0]).toMatchObject({
      arn: 'arn:aws:lambda:eu-central-1:000000000000:function:small-Probe',
      roleArn: 'arn:aws:iam::000000000000:role/small-ProbeRole',
      environment: { TABLE: 'small-Table', BUCKET: 'small-bucket' },
      entry: 'tests/local/functions/probe.ts',
      handler: 'handler',
      deadLetterArn: 'arn:aws:sqs:eu-central-1:000000000000:small-DeadLetters',
    })
    expect(httpApis[0]?.routes.map(({ routeKey }) => routeKey)).toEqual([
      'GET /things/{id}',
      'ANY /things/{proxy+}',
    ])
    expect(read(smallResources)).toEqual(read(smallResources))
  })

  test('joins what is attached to a role: inline, separate and managed policies', () => {
    const attached = {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyName: 'p', PolicyDocument: { Statement: [] }, Roles: [{ Ref: 'R' }] },
    }
    const managed = {
      'Fn::Join': [
        '',
        ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
      ],
    }
    const own = role()
    const { roles } = read({
      Attached: attached,
      R: { ...own, Properties: { ...Object(own.Properties), ManagedPolicyArns: [managed] } },
    })

    expect(roles[0]?.policies.map(({ name }) => name)).toEqual([
      'own',
      'Attached',
      'AWSLambdaBasicExecutionRole',
    ])
  })

  test('leaves out a resource whose condition does not hold', () => {
    const stack = stackOf(
      { Off: { Type: 'AWS::SQS::Queue', Condition: 'Never' } },
      { Conditions: { Never: { 'Fn::Equals': [1, 2] } } },
    )

    expect(readTemplate([stack], place).queues).toEqual([])
  })

  test.each<[string, Resources, string]>([
    [
      'a type nobody hosts',
      { Cache: { Type: 'AWS::ElastiCache::CacheCluster' } },
      'small/Cache: AWS::ElastiCache::CacheCluster is not hosted by the local runtime',
    ],
    [
      'a property nobody knows',
      { Odd: { Type: 'AWS::SQS::Queue', Properties: { Colour: 'red' } } },
      'small/Odd: AWS::SQS::Queue : Unrecognized key: "Colour"',
    ],
    [
      'an intrinsic that leads nowhere',
      { Odd: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: { Ref: 'Gone' } } } },
      'small/Odd: Ref to Gone, which does not exist',
    ],
    [
      'an unknown managed policy',
      {
        R: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: { Statement: [] },
            ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
          },
        },
      },
      'small/R: the managed policy arn:aws:iam::aws:policy/AdministratorAccess is not known to the local runtime',
    ],
    [
      'a function without its source',
      { F: { ...fn('probe', 'BareRole'), Metadata: {} } },
      'small/F: a function needs the metadata netkeep:entry: its source file',
    ],
    [
      'a REST API',
      { Old: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'ws', ProtocolType: 'WEBSOCKET' } } },
      'small/Old: AWS::ApiGatewayV2::Api ProtocolType: Invalid input: expected "HTTP"',
    ],
    [
      'an unfilled definition',
      {
        M: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: { RoleArn: 'r', DefinitionString: '{"a":"${gone}"}' },
        },
      },
      "small/M: the definition's ${gone} has no substitution",
    ],
    [
      'a mapping to a missing function',
      {
        S: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: { FunctionName: 'gone', EventSourceArn: 'a' },
        },
      },
      'small/S: the function gone is not in the template',
    ],
  ])('with %s is refused by name', (_what, resources, problem) => {
    expect(problemsOf(resources)).toEqual([problem])
  })

  test('with many problems names all of them at once', () => {
    const problems = problemsOf({ A: { Type: 'AWS::Neptune::DBCluster' }, B: { Type: 'AWS::MSK::Cluster' } })

    expect(problems).toHaveLength(2)
  })
})
