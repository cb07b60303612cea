import { beforeAll, describe, expect, test } from 'vitest'
import { freshApp, synthesise, type Synthesised } from './synthesised.ts'

describe('a deployment that gives its network', () => {
  let inNetwork: Synthesised

  beforeAll(() => {
    inNetwork = synthesise({ subnetIds: 'subnet-0a1b2c3d, subnet-4e5f6a7b', securityGroupId: 'sg-0a1b2c3d' })
  })

  test('puts there the collector, the notifier, what pushes and what reads NetBox, and nothing else', () => {
    const placed = inNetwork
      .ofType('AWS::Lambda::Function')
      .filter(({ properties }) => 'VpcConfig' in properties)
      .map(({ metadata, properties }) => [metadata['netkeep:entry'], properties['VpcConfig']])

    const network = { SubnetIds: ['subnet-0a1b2c3d', 'subnet-4e5f6a7b'], SecurityGroupIds: ['sg-0a1b2c3d'] }
    expect(placed).toEqual([
      ['functions/tasks/collect-devices.ts', network],
      ['functions/tasks/notify-subscribers.ts', network],
      ['functions/tasks/push-remotes.ts', network],
      ['functions/tasks/sync-netbox.ts', network],
    ])
  })

  test('lets only these four make network interfaces', () => {
    const makers = inNetwork
      .ofType('AWS::IAM::Policy')
      .filter(({ properties }) => JSON.stringify(properties).includes('ec2:CreateNetworkInterface'))
      .map(({ id }) => id)

    expect(makers).toEqual([
      expect.stringMatching(/^CollectDevicesRole/),
      expect.stringMatching(/^NotifySubscribersRole/),
      expect.stringMatching(/^PushRemotesRole/),
      expect.stringMatching(/^SyncNetboxRole/),
    ])
  })
})

test('fields that a backup may fill are told to the task that does it, and to nobody without the setting', () => {
  const told = (context: Record<string, unknown>) =>
    synthesise(context)
      .ofType('AWS::Lambda::Function')
      .flatMap(({ metadata, properties }) => {
        const { Variables = {} } = (properties['Environment'] ?? {}) as {
          Variables?: Record<string, unknown>
        }
        const value = Variables['NETKEEP_FILL_EMPTY_FIELDS']
        return value === undefined ? [] : [[metadata['netkeep:entry'], value]]
      })

  expect(told({ fillEmptyFields: 'serial, platform' })).toEqual([
    ['functions/tasks/index-configs.ts', 'serial,platform'],
  ])
  expect(told({})).toEqual([])
})

test('topics that subscriptions may send to are published to by the notifier, by their ARNs, and without the setting nobody publishes', () => {
  const publishers = (context: Record<string, unknown>) =>
    synthesise(context)
      .ofType('AWS::IAM::Policy')
      .flatMap(({ id, properties }) => {
        const { Statement } = properties['PolicyDocument'] as {
          Statement: { Action: unknown; Resource: unknown }[]
        }
        const publishing = Statement.filter(({ Action }) => JSON.stringify(Action).includes('sns:'))
        return publishing.map(({ Action, Resource }) => [id, Action, Resource])
      })
  const topics = [
    'arn:aws:sns:eu-central-1:123456789012:network',
    'arn:aws:sns:us-east-1:210987654321:changes.fifo',
  ]
  const granted = [[expect.stringMatching(/^NotifySubscribersRole/), 'sns:Publish', topics]]

  expect(publishers({ notificationTopicArns: topics })).toEqual(granted)
  expect(publishers({ notificationTopicArns: topics.join(', ') })).toEqual(granted)
  expect(publishers({})).toEqual([])
})

test('without a network nothing is in a VPC', () => {
  const placed = synthesise().resources.filter(({ properties }) => 'VpcConfig' in properties)

  expect(placed).toEqual([])
})

test.each([
  { context: { subnetIds: 'subnet-0a1b2c3d' }, message: /both or neither/ },
  { context: { securityGroupId: 'sg-0a1b2c3d' }, message: /both or neither/ },
  { context: { subnetIds: 'subnet-0a1b2c3d,,', securityGroupId: 'sg-0a1b2c3d' }, message: /subnetIds/ },
  { context: { subnetIds: '', securityGroupId: 'sg-0a1b2c3d' }, message: /subnetIds/ },
  { context: { subnetIds: 'subnet-0a1b2c3d', securityGroupId: 'default' }, message: /securityGroupId/ },
  { context: { fillEmptyFields: 'name' }, message: /fillEmptyFields/ },
  { context: { notificationTopicArns: 'network' }, message: /notificationTopicArns/ },
  {
    context: { notificationTopicArns: 'arn:aws:sns:eu-central-1:123456789012:*' },
    message: /notificationTopicArns/,
  },
  { context: { notificationTopicArns: '' }, message: /notificationTopicArns/ },
  { context: { alarmTopicArn: 'operators' }, message: /alarmTopicArn/ },
])('the context $context is refused by name', ({ context, message }) => {
  expect(() => freshApp(context)).toThrow(message)
})
