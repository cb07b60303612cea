import { CfnOutput, Stack } from 'aws-cdk-lib'
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { recordingPrefix } from '../../shared/backups/recordings/recordings.ts'
import { searchPrefix } from '../../shared/backups/search/shards.ts'
import { type EnvironmentKey, environmentNames } from '../../shared/environment.ts'
import { apiTimeoutSeconds, type AreaName, areas } from '../areas.ts'
import { addAlarm, alarmPeriod } from '../constructs/alarm.ts'
import { entryFunction } from '../constructs/function.ts'
import {
  allow,
  allowAbsenceCheck,
  allowKey,
  allowObjects,
  allowTableRead,
  allowTableWrite,
} from '../constructs/grants.ts'
import { addRoutes, httpDoor } from '../constructs/http-door.ts'
import { allowSnapshotRead } from '../constructs/snapshots.ts'
import { allowExecutions } from '../constructs/workflow.ts'
import type { DataStack } from './data.ts'

export type ApiStackSettings = { data: DataStack; backupWorkflow: StateMachine; jobWorkflow: StateMachine }

/** What an area needs beyond its token check. */
type AreaNeeds = {
  environment: Partial<Record<EnvironmentKey, string>>
  grant: (lambda: LambdaFunction) => void
}

/** The HTTP door: one Lambda an area. */
export class ApiStack extends Stack {
  readonly api: HttpApi

  constructor(scope: Construct, id: string, settings: ApiStackSettings) {
    super(scope, id, { description: 'netkeep: the API' })
    const api = httpDoor(this)
    const needs = areaNeeds(settings)
    for (const area of Object.keys(areas) as AreaName[]) {
      const { description, memoryMegabytes, routes } = areas[area]
      const lambda = entryFunction(this, constructId(area), {
        entry: `functions/api/${area}.ts`,
        description,
        memoryMegabytes,
        timeoutSeconds: apiTimeoutSeconds,
        environment: { table: settings.data.table.tableName, ...needs[area].environment },
        failures: 'caller',
      })
      needs[area].grant(lambda)
      if (routes.some((route) => route.startsWith('ANY /api/'))) allowJobs(lambda, settings.jobWorkflow)
      addRoutes(api, constructId(area), lambda, routes)
    }
    addApiAlarms(this, api)
    this.api = api
    new CfnOutput(this, 'Url', { value: api.apiEndpoint, description: 'Where the API answers' })
  }
}

function areaNeeds({ data, backupWorkflow, jobWorkflow }: ApiStackSettings): Record<AreaName, AreaNeeds> {
  const snapshots = { snapshotBucket: data.work.bucketName }
  const records: AreaNeeds = { environment: snapshots, grant: (lambda) => allowRecords(lambda, data) }
  const tokens: AreaNeeds = { environment: {}, grant: (lambda) => allowTokenCheck(lambda, data) }
  return {
    system: tokens,
    dcim: records,
    virtualization: records,
    circuits: records,
    organization: records,
    wireless: {
      environment: { ...snapshots, keyringKey: data.keyringKey.keyArn },
      grant(lambda) {
        allowRecords(lambda, data)
        // Pre-shared keys are sealed here.
        allowKey(lambda, data.keyringKey, ['kms:Encrypt'])
      },
    },
    ipam: records,
    extras: records,
    users: records,
    core: coreNeeds({ data, jobWorkflow }),
    backups: backupNeeds({ data, backupWorkflow }),
    reveal: {
      environment: {
        ...snapshots,
        archiveBucket: data.archive.bucketName,
        keyringKey: data.keyringKey.keyArn,
      },
      grant(lambda) {
        allowRecords(lambda, data)
        // The only one of the API that opens anything, and raw texts are all it reads.
        allowKey(lambda, data.keyringKey, ['kms:Decrypt'])
        allowObjects(lambda, data.archive, 'raw/', ['s3:GetObject'])
        allowAbsenceCheck(lambda, data.archive)
      },
    },
    oxidized: {
      environment: {
        ...snapshots,
        archiveBucket: data.archive.bucketName,
        workBucket: data.work.bucketName,
        backupWorkflow: backupWorkflow.stateMachineArn,
      },
      grant(lambda) {
        allowRecords(lambda, data)
        allowObjects(lambda, data.archive, 'configs/', ['s3:GetObject'])
        allowAbsenceCheck(lambda, data.archive)
        allowObjects(lambda, data.work, searchPrefix, ['s3:GetObject'])
        allow(lambda, ['states:StartExecution'], [backupWorkflow.stateMachineArn])
        allowExecutions(lambda, backupWorkflow, ['states:DescribeExecution'])
      },
    },
    git: {
      environment: { archiveBucket: data.archive.bucketName },
      grant(lambda) {
        allowTokenCheck(lambda, data)
        allowObjects(lambda, data.archive, 'git/', ['s3:GetObject'])
        allowAbsenceCheck(lambda, data.archive)
      },
    },
  }
}

function coreNeeds({ data, jobWorkflow }: Pick<ApiStackSettings, 'data' | 'jobWorkflow'>): AreaNeeds {
  return {
    environment: {
      snapshotBucket: data.work.bucketName,
      workBucket: data.work.bucketName,
      keyringKey: data.keyringKey.keyArn,
    },
    grant(lambda) {
      allowRecords(lambda, data)
      // Tokens of sources are sealed here.
      allowKey(lambda, data.keyringKey, ['kms:Encrypt'])
      // Links to upload and to download by carry these rights on.
      allowObjects(lambda, data.work, 'uploads/', ['s3:PutObject'])
      allowObjects(lambda, data.work, 'jobs/', ['s3:GetObject', 's3:PutObject'])
      allowAbsenceCheck(lambda, data.work)
      allowExecutions(lambda, jobWorkflow, ['states:DescribeExecution', 'states:StopExecution'])
    },
  }
}

function backupNeeds({ data, backupWorkflow }: Pick<ApiStackSettings, 'data' | 'backupWorkflow'>): AreaNeeds {
  return {
    environment: {
      snapshotBucket: data.work.bucketName,
      archiveBucket: data.archive.bucketName,
      workBucket: data.work.bucketName,
      keyringKey: data.keyringKey.keyArn,
      backupWorkflow: backupWorkflow.stateMachineArn,
    },
    grant(lambda) {
      allowRecords(lambda, data)
      // It seals secrets and can never open one.
      allowKey(lambda, data.keyringKey, ['kms:Encrypt'])
      allowObjects(lambda, data.archive, 'configs/', ['s3:GetObject'])
      allowAbsenceCheck(lambda, data.archive)
      allowObjects(lambda, data.work, searchPrefix, ['s3:GetObject'])
      allowObjects(lambda, data.work, recordingPrefix, ['s3:GetObject'])
      // A link to upload a history by carries this right on.
      allowObjects(lambda, data.work, 'uploads/', ['s3:PutObject'])
      allow(lambda, ['states:StartExecution'], [backupWorkflow.stateMachineArn])
      allowExecutions(lambda, backupWorkflow, ['states:DescribeExecution', 'states:StopExecution'])
    },
  }
}

/** A list that is too long for an answer is exported by a job. */
function allowJobs(lambda: LambdaFunction, workflow: StateMachine): void {
  lambda.addEnvironment(environmentNames.jobWorkflow, workflow.stateMachineArn)
  allow(lambda, ['states:StartExecution'], [workflow.stateMachineArn])
}

/** Models are read and written, and their lists are answered from catalogs. */
function allowRecords(lambda: LambdaFunction, data: DataStack): void {
  allowSnapshotRead(lambda, data)
  allowTableRead(lambda, data.table)
  allowTableWrite(lambda, data.table)
}

/** Reads the token and its user, and notes now and then when the token was last used. */
function allowTokenCheck(lambda: LambdaFunction, data: DataStack): void {
  allowTableRead(lambda, data.table)
  allow(lambda, ['dynamodb:PutItem'], [data.table.tableArn])
}

function addApiAlarms(scope: Construct, api: HttpApi): void {
  addAlarm(scope, 'ServerErrors', {
    metric: api.metricServerError({ period: alarmPeriod, statistic: 'Sum' }),
    threshold: 5,
    means: 'The API answered at least five requests in five minutes with a 5xx.',
    runbook: 'api-server-errors',
  })
  addAlarm(scope, 'Slow', {
    metric: api.metricLatency({ period: alarmPeriod, statistic: 'p95' }),
    threshold: slowMs,
    periods: 3,
    means: 'One in twenty API answers has taken three seconds or more for a quarter of an hour.',
    runbook: 'api-slow',
  })
}

const slowMs = 3000

const constructId = (area: string): string => `${area.charAt(0).toUpperCase()}${area.slice(1)}`
