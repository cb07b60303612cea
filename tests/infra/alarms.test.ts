import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { projectFolder } from '../../infra/constructs/bundle.ts'
import { inWords, plainId, synthesise, type Synthesised } from './synthesised.ts'
import { entryFiles } from './entry-files.ts'

type Alarm = {
  name: string
  metric: string
  dimensions: string[]
  description: string
  actions: unknown[]
  properties: Record<string, unknown>
}

let all: Synthesised
let alarms: Alarm[]

beforeAll(() => {
  all = synthesise()
  alarms = alarmsOf(all)
})

describe('alarms', () => {
  test.each(['Errors', 'Throttles'])('watch the %s of every function', (metric) => {
    const functions = all.ofType('AWS::Lambda::Function').map(({ id }) => `<${plainId(id)}>`)
    const watched = alarms.filter((alarm) => alarm.metric === metric).flatMap(({ dimensions }) => dimensions)

    expect(functions).toHaveLength(entryFiles.length)
    expect(watched.toSorted()).toEqual(functions.toSorted())
  })

  test('watch every dead-letter queue', () => {
    const queues = all.ofType('AWS::SQS::Queue').map(({ id }) => `<${plainId(id)}.QueueName>`)
    const watched = alarms.filter(({ metric }) => metric === 'ApproximateNumberOfMessagesVisible')

    expect(watched.flatMap(({ dimensions }) => dimensions).toSorted()).toEqual(queues.toSorted())
  })

  test('watch every reader of the stream', () => {
    const readers = all
      .ofType('AWS::Lambda::EventSourceMapping')
      .map(({ properties }) => properties['FunctionName'])
    const watched = alarms
      .filter(({ metric }) => metric === 'IteratorAge')
      .flatMap(({ dimensions }) => dimensions)

    expect(watched.toSorted()).toEqual(readers.map((name) => inWords(name, all)).toSorted())
  })

  test('watch both workflows for failures', () => {
    const watched = alarms.filter(({ metric }) => metric === 'ExecutionsFailed').map(({ name }) => name)

    expect(watched.toSorted()).toEqual(['netkeep-backups/WorkflowFailed', 'netkeep-jobs/WorkflowFailed'])
  })

  test.each(['ExecutionsTimedOut', 'ExecutionThrottled', '5xx', 'Latency'])('watch %s', (metric) => {
    expect(alarms.filter((alarm) => alarm.metric === metric)).toHaveLength(1)
  })

  test.each(['ReadThrottleEvents', 'WriteThrottleEvents'])('watch the table for %s', (metric) => {
    expect(alarms.filter((alarm) => alarm.metric === metric)[0]?.dimensions).toEqual(['<Table>'])
  })

  test('watch the share of devices that failed, not their number', () => {
    const shares = alarms.filter(({ name }) => name === 'netkeep-backups/ManyDevicesFailed')

    expect(
      shares.map(({ properties }) => [properties['Threshold'], properties['ComparisonOperator']]),
    ).toEqual([[0.2, 'GreaterThanOrEqualToThreshold']])
    expect(JSON.stringify(shares[0]?.properties['Metrics'])).toContain('failed / total')
  })

  test('say what has happened and lead to a heading of the runbook', () => {
    const runbook = readFileSync(path.join(projectFolder, 'docs/operations.md'), 'utf8')
    const anchors = new Set(
      [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? '')),
    )
    const lost = alarms.filter(({ description }) => {
      const [, anchor] = /^[A-Zf].+\. What to do: docs\/operations\.md#([\w-]+)$/.exec(description) ?? []
      return anchor === undefined || !anchors.has(anchor)
    })

    expect(lost.map(({ name, description }) => `${name}: ${description}`)).toEqual([])
  })

  test('do not take silence for trouble', () => {
    expect(alarms.filter(({ properties }) => properties['TreatMissingData'] !== 'notBreaching')).toEqual([])
  })

  test('tell the operators where a topic is given, and nobody where none is', () => {
    const alarmTopicArn = 'arn:aws:sns:eu-central-1:111122223333:operators'
    const told = alarmsOf(synthesise({ alarmTopicArn }))

    expect(alarms.flatMap(({ actions }) => actions)).toEqual([])
    expect(told.length).toBe(alarms.length)
    expect(new Set(told.flatMap(({ actions }) => actions))).toEqual(new Set([alarmTopicArn]))
  })
})

describe('metrics', () => {
  test('of our own have no dimension: one for each device would cost thousands a month', () => {
    const filters = all.ofType('AWS::Logs::MetricFilter')
    const transformations = filters.flatMap(
      ({ properties }) => properties['MetricTransformations'] as Record<string, unknown>[],
    )

    expect(transformations.map(({ MetricName, MetricValue }) => [MetricName, MetricValue])).toEqual([
      ['RunDevices', '$.total'],
      ['RunFailedDevices', '$.failed'],
    ])
    for (const transformation of transformations) expect(transformation).not.toHaveProperty('Dimensions')
  })

  test('are on one dashboard, found by the names of the stacks', () => {
    const [page, ...others] = all.ofType('AWS::CloudWatch::Dashboard')
    const body = inWords(page?.properties['DashboardBody'], all).replaceAll('\\"', '"')

    expect(others).toEqual([])
    for (const stack of ['netkeep-data', 'netkeep-backups', 'netkeep-jobs', 'netkeep-api'])
      expect(body).toContain(stack)
    for (const metric of ['Errors', 'IteratorAge', 'ExecutionsFailed', '5xx', 'RunFailedDevices']) {
      expect(body).toContain(metric)
    }
  })
})

function alarmsOf(synthesised: Synthesised): Alarm[] {
  return synthesised.ofType('AWS::CloudWatch::Alarm').map(({ stack, id, properties }) => {
    const dimensions = (properties['Dimensions'] ?? []) as { Value: unknown }[]
    return {
      name: `${stack}/${plainId(id)}`,
      metric: String(properties['MetricName']),
      dimensions: dimensions.map(({ Value }) => inWords(Value, synthesised)),
      description: String(properties['AlarmDescription']),
      actions: (properties['AlarmActions'] ?? []) as unknown[],
      properties,
    }
  })
}

/** As GitHub makes them. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
