import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { projectFolder } from '../../infra/constructs/bundle.ts'
import { inWords, plainId, synthesise, type Resource, type Synthesised } from './synthesised.ts'

let all: Synthesised

beforeAll(() => {
  all = synthesise()
})

const functionOf = (reference: unknown): string => inWords(reference, all).replaceAll(/[<>]|Function/g, '')

describe('what fails is bounded and kept', () => {
  test('every queue is encrypted and keeps for two weeks what it holds', () => {
    const queues = all
      .ofType('AWS::SQS::Queue')
      .map(({ id, properties }) => ({ ...properties, id: plainId(id) }))

    expect(queues.map(({ id }) => id).toSorted()).toEqual([
      'JobKeeperFailures',
      'MissedStarts',
      'RunKeeperFailures',
      'ScheduleChangeFailures',
      'SealerFailures',
      'SnapshotFailures',
    ])
    for (const queue of queues) {
      expect(queue).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 3600 })
    }
  })

  test.each([
    { lambda: 'Sealer', batch: 500, retries: 20, queue: '<SealerFailures>' },
    { lambda: 'ScheduleChanged', batch: 10, retries: 10, queue: '<ScheduleChangeFailures>' },
  ])('$lambda reads the stream in bounded batches, halves bad ones, and gives up into $queue', (expected) => {
    const mapping = mappingOf(expected.lambda)

    expect(mapping).toMatchObject({
      BatchSize: expected.batch,
      MaximumRetryAttempts: expected.retries,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      StartingPosition: 'TRIM_HORIZON',
    })
    const destination = mapping?.['DestinationConfig'] as { OnFailure: { Destination: unknown } }
    expect(inWords(destination.OnFailure.Destination, all)).toBe(expected.queue)
  })

  test('the stream wakes each reader only for what it reads', () => {
    const filterOf = (lambda: string): unknown => {
      const criteria = mappingOf(lambda)?.['FilterCriteria'] as { Filters: { Pattern: string }[] }
      return criteria.Filters.map(({ Pattern }): unknown => JSON.parse(Pattern))
    }
    const onPartitions = (partitions: unknown[]): unknown => [
      { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: partitions } } } },
    ]

    expect(filterOf('Sealer')).toEqual(onPartitions([{ prefix: 'change#' }]))
    expect(filterOf('ScheduleChanged')).toEqual(
      onPartitions([0, 1, 2, 3].map((shard) => `change#backups.schedule#${shard}`)),
    )
  })

  test('every function that is invoked asynchronously has bounds and a queue', () => {
    const invokers = new Set(
      [
        ...all.ofType('AWS::Events::Rule').flatMap(({ properties }) => targetsOf(properties)),
        ...all
          .ofType('AWS::Scheduler::Schedule')
          .map(({ properties }) => (properties['Target'] as { Arn: unknown }).Arn),
      ].map(functionOf),
    )
    const bounded = all.ofType('AWS::Lambda::EventInvokeConfig').map(({ properties }) => {
      expect(properties).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 })
      expect(JSON.stringify(properties['DestinationConfig'])).toMatch(
        /(?:RunKeeper|JobKeeper|Snapshot)Failures/,
      )
      return functionOf(properties['FunctionName'])
    })

    const named = [
      'BuildSnapshots',
      'JobStopped',
      'RenewCompliance',
      'RenewIndex',
      'RunStopped',
      'SettlePacks',
      'StartRetention',
      'SweepJobs',
      'SweepRuns',
      'UploadArrived',
    ]
    expect([...invokers].toSorted()).toEqual(named)
    expect(bounded.toSorted()).toEqual(named)
  })

  test('rules and schedules that cannot deliver keep the event', () => {
    const rules = all
      .ofType('AWS::Events::Rule')
      .flatMap(({ properties }) => properties['Targets'] as object[])
    const schedules = all
      .ofType('AWS::Scheduler::Schedule')
      .map(({ properties }) => properties['Target'] as object)

    expect([...rules, ...schedules]).toHaveLength(10)
    for (const target of [...rules, ...schedules]) {
      expect(JSON.stringify(target)).toMatch(
        /"DeadLetterConfig":\{"Arn":.*(?:RunKeeper|JobKeeper|Snapshot)Failures/,
      )
      expect(target).toHaveProperty('RetryPolicy')
    }
  })

  test('the end of an execution that failed, timed out or was stopped reaches us', () => {
    const patterns = all.ofType('AWS::Events::Rule').map(({ properties }) => properties['EventPattern'])
    const ofExecutions = patterns.filter((pattern) => JSON.stringify(pattern)?.includes('aws.states'))

    expect(ofExecutions).toHaveLength(all.ofType('AWS::StepFunctions::StateMachine').length)
    for (const pattern of ofExecutions) {
      expect(pattern).toMatchObject({
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      })
    }
  })
})

describe.each(['backup', 'job'])('the workflow %s', (name) => {
  const machineOf = (): Resource | undefined =>
    all.ofType('AWS::StepFunctions::StateMachine').find(({ id }) => plainId(id).toLowerCase() === name)

  test('is a Standard one, ends within twelve hours, is traced, and logs no data', () => {
    const machine = machineOf()
    const definition = JSON.parse(String(machine?.properties['DefinitionString'])) as {
      TimeoutSeconds: number
    }

    expect(definition.TimeoutSeconds).toBe(12 * 3600)
    expect(machine?.properties).toMatchObject({
      StateMachineType: 'STANDARD',
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    })
  })

  test('gets a value for each of its placeholders, and no value goes unused', () => {
    const file = readFileSync(path.join(projectFolder, `events/workflows/${name}.asl.json`), 'utf8')
    const placeholders = new Set([...file.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? ''))
    const substitutions = Object.keys(machineOf()?.properties['DefinitionSubstitutions'] as object)

    expect(substitutions.toSorted()).toEqual([...placeholders].toSorted())
  })
})

describe('the backup workflow', () => {
  test('reads and writes only below the prefixes that its role may use', () => {
    const file = readFileSync(path.join(projectFolder, 'events/workflows/backup.asl.json'), 'utf8')
    const prefixes = [...file.matchAll(/"Prefix\.\$": "States\.Format\('([\w-]+\/)/g)].map(
      ([, prefix]) => prefix,
    )

    expect(prefixes).toEqual(['map-results/', 'map-results/'])
  })
})

function mappingOf(lambda: string): Record<string, unknown> | undefined {
  return all
    .ofType('AWS::Lambda::EventSourceMapping')
    .find(({ properties }: Resource) => functionOf(properties['FunctionName']) === lambda)?.properties
}

const targetsOf = (properties: Record<string, unknown>): unknown[] =>
  (properties['Targets'] as { Arn: unknown }[]).map(({ Arn }) => Arn)
