import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { recordingPrefix } from '../../shared/backups/recordings/recordings.ts'
import { searchPrefix } from '../../shared/backups/search/shards.ts'
import type { EnvironmentKey } from '../../shared/environment.ts'
import { readSettings } from '../settings.ts'
import { gitPrefix, type DataStack } from '../stacks/data.ts'
import { entryFunction } from './function.ts'
import {
  allow,
  allowAbsenceCheck,
  allowKey,
  allowObjects,
  allowTableRead,
  allowTableWrite,
} from './grants.ts'
import { placeInNetwork } from './network.ts'
import { allowSnapshotRead } from './snapshots.ts'

type Task = {
  entry: string
  description: string
  memoryMegabytes: number
  timeoutSeconds: number
  needs: readonly EnvironmentKey[]
}

/** By their names in the workflow's definition. A whole processor comes with 1,769 MB. */
const tasks = {
  planBackup: {
    entry: 'functions/tasks/plan-backup.ts',
    description: 'Resolves the target of a run into work lists',
    memoryMegabytes: 1024,
    timeoutSeconds: 900,
    needs: ['table', 'workBucket', 'snapshotBucket'],
  },
  collectDevices: {
    entry: 'functions/tasks/collect-devices.ts',
    description: 'Collects the configurations of one batch of devices over SSH',
    // 25 sessions take 85 MB; the rest is room for several devices at the limit of 16 MB of output.
    memoryMegabytes: 1024,
    timeoutSeconds: 900,
    needs: ['table', 'archiveBucket', 'workBucket', 'keyringKey'],
  },
  planSecondPass: {
    entry: 'functions/tasks/plan-second-pass.ts',
    description: 'Lists the devices that deserve another try',
    memoryMegabytes: 1024,
    timeoutSeconds: 900,
    needs: ['table', 'workBucket'],
  },
  commitBackup: {
    entry: 'functions/tasks/commit-backup.ts',
    description: 'Makes one git commit of what a run has changed',
    memoryMegabytes: 1769,
    timeoutSeconds: 900,
    needs: ['table', 'archiveBucket'],
  },
  indexConfigs: {
    entry: 'functions/tasks/index-configs.ts',
    description: 'Brings the search index up to date, and fills empty fields of the inventory where wanted',
    memoryMegabytes: 1769,
    timeoutSeconds: 900,
    needs: ['table', 'archiveBucket', 'workBucket', 'snapshotBucket', 'fillEmptyFields'],
  },
  checkCompliance: {
    entry: 'functions/tasks/check-compliance.ts',
    description: 'Holds configurations against the compliance rules',
    memoryMegabytes: 1769,
    timeoutSeconds: 900,
    needs: ['table', 'archiveBucket', 'snapshotBucket'],
  },
  reportBackup: {
    entry: 'functions/tasks/report-backup.ts',
    description: 'Closes a run with its counts',
    memoryMegabytes: 512,
    timeoutSeconds: 300,
    needs: ['table'],
  },
  notifySubscribers: {
    entry: 'functions/tasks/notify-subscribers.ts',
    description: 'Mails, webhooks and topics that say what a run has changed and where it failed',
    // For conflicts with the inventory it holds the devices and what they say of themselves.
    memoryMegabytes: 1024,
    timeoutSeconds: 900,
    needs: ['table', 'archiveBucket', 'snapshotBucket', 'keyringKey'],
  },
  pushRemotes: {
    entry: 'functions/tasks/push-remotes.ts',
    description: 'Pushes the history of configurations to git remotes',
    // Two remotes at once, each with some packs of 4 MiB in memory.
    memoryMegabytes: 1024,
    timeoutSeconds: 900,
    needs: ['table', 'archiveBucket', 'snapshotBucket', 'keyringKey'],
  },
} as const satisfies Record<string, Task>

export type BackupTasks = Record<keyof typeof tasks, LambdaFunction>

export function backupTasks(scope: Construct, data: DataStack): BackupTasks {
  const task = (name: keyof typeof tasks): LambdaFunction => taskFunction(scope, data, name)
  const made = {
    planBackup: task('planBackup'),
    collectDevices: task('collectDevices'),
    planSecondPass: task('planSecondPass'),
    commitBackup: task('commitBackup'),
    indexConfigs: task('indexConfigs'),
    checkCompliance: task('checkCompliance'),
    reportBackup: task('reportBackup'),
    notifySubscribers: task('notifySubscribers'),
    pushRemotes: task('pushRemotes'),
  }
  allowObjects(made.planBackup, data.work, 'work-lists/', ['s3:PutObject'])
  allowSnapshotRead(made.planBackup, data)
  allowObjects(made.planSecondPass, data.work, 'work-lists/', ['s3:GetObject', 's3:PutObject'])
  // A run may have no list of devices last seen down.
  allowAbsenceCheck(made.planSecondPass, data.work)
  allowCollect(made.collectDevices, data)
  allowCommit(made.commitBackup, data)
  allowIndex(made.indexConfigs, data)
  allowCompliance(made.checkCompliance, data)
  allowNotify(made.notifySubscribers, data)
  allowPush(made.pushRemotes, data)
  return made
}

function taskFunction(scope: Construct, data: DataStack, name: keyof typeof tasks): LambdaFunction {
  const { needs, ...task } = tasks[name]
  const values: Partial<Record<EnvironmentKey, string | undefined>> = {
    table: data.table.tableName,
    archiveBucket: data.archive.bucketName,
    workBucket: data.work.bucketName,
    snapshotBucket: data.work.bucketName,
    keyringKey: data.keyringKey.keyArn,
    fillEmptyFields: readSettings(scope).fillEmptyFields?.join(','),
  }
  const environment = Object.fromEntries(
    needs.flatMap((key) => (values[key] === undefined ? [] : [[key, values[key]]])),
  )
  const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const lambda = entryFunction(scope, id, { ...task, environment, failures: 'caller' })
  allowTableRead(lambda, data.table)
  allowTableWrite(lambda, data.table)
  return lambda
}

/** Opens the secrets of relays and webhooks, which may stand where devices do. Raw configurations are closed to it, and so are topics that the deployment does not name. */
function allowNotify(notifier: LambdaFunction, data: DataStack): void {
  allowSnapshotRead(notifier, data)
  allowObjects(notifier, data.archive, 'configs/', ['s3:GetObject'])
  allowAbsenceCheck(notifier, data.archive)
  allowKey(notifier, data.keyringKey, ['kms:Decrypt'])
  const { notificationTopicArns: topics } = readSettings(notifier)
  if (topics !== undefined) allow(notifier, ['sns:Publish'], topics)
  placeInNetwork(notifier)
}

/** Opens the tokens of git remotes, which may stand in the network too. It reads git objects, whose secrets are tags, and nothing else. */
function allowPush(pusher: LambdaFunction, data: DataStack): void {
  allowSnapshotRead(pusher, data)
  allowObjects(pusher, data.archive, 'git/', ['s3:GetObject'])
  allowAbsenceCheck(pusher, data.archive)
  allowKey(pusher, data.keyringKey, ['kms:Decrypt'])
  placeInNetwork(pusher)
}

/** The only function that reaches devices. It writes texts, it reads none. */
function allowCollect(collector: LambdaFunction, data: DataStack): void {
  allowObjects(collector, data.archive, 'configs/', ['s3:PutObject'])
  allowObjects(collector, data.archive, 'raw/', ['s3:PutObject'])
  allowObjects(collector, data.work, recordingPrefix, ['s3:PutObject'])
  // Encrypt too: the first run of all makes the keyring when nobody has stored a credential yet.
  allowKey(collector, data.keyringKey, ['kms:Decrypt', 'kms:Encrypt'])
  placeInNetwork(collector)
}

/** Reads shown texts and writes git objects; sealed texts stay closed to it. */
export function allowCommit(committer: LambdaFunction, data: DataStack): void {
  allowTableRead(committer, data.table)
  allowTableWrite(committer, data.table)
  allowObjects(committer, data.archive, 'configs/', ['s3:GetObject'])
  allowObjects(committer, data.archive, gitPrefix, ['s3:GetObject', 's3:PutObject'])
  allowAbsenceCheck(committer, data.archive)
}

/** Reads, writes and deletes git objects. Texts are closed to it: what git holds is all it sees. */
export function allowSettle(settler: LambdaFunction, data: DataStack): void {
  allowTableRead(settler, data.table)
  allowTableWrite(settler, data.table)
  allowObjects(settler, data.archive, gitPrefix, ['s3:GetObject', 's3:PutObject'])
  allowObjects(settler, data.archive, `${gitPrefix}configs/packs/`, ['s3:DeleteObject'])
  allowAbsenceCheck(settler, data.archive)
}

/** Reads shown texts and writes what they come to: no secret is opened for it. */
export function allowCompliance(checker: LambdaFunction, data: DataStack): void {
  allowTableRead(checker, data.table)
  allowTableWrite(checker, data.table)
  allowSnapshotRead(checker, data)
  allowObjects(checker, data.archive, 'configs/', ['s3:GetObject'])
  allowAbsenceCheck(checker, data.archive)
}

/** Reads shown texts and writes the index that is made of them. */
export function allowIndex(indexer: LambdaFunction, data: DataStack): void {
  allowTableRead(indexer, data.table)
  allowTableWrite(indexer, data.table)
  allowSnapshotRead(indexer, data)
  allowObjects(indexer, data.archive, 'configs/', ['s3:GetObject'])
  allowAbsenceCheck(indexer, data.archive)
  allowObjects(indexer, data.work, searchPrefix, ['s3:GetObject', 's3:PutObject'])
}
