import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import type { EnvironmentKey } from '../../shared/environment.ts'
import type { DataStack } from '../stacks/data.ts'
import { entryFunction } from './function.ts'
import { placeInNetwork } from './network.ts'
import { allowSnapshotRead } from './snapshots.ts'
import { allowAbsenceCheck, allowKey, allowObjects, allowTableRead, allowTableWrite } from './grants.ts'

type Task = {
  entry: string
  description: string
  memoryMegabytes: number
  needs: readonly EnvironmentKey[]
}

/** A file of 100 MB lies in memory several times over: as bytes, as rows, as objects. A whole processor comes with 1,769 MB. */
const fileMegabytes = 3008

/** By their names in the workflow's definition. */
const tasks = {
  checkImport: {
    entry: 'functions/tasks/check-import.ts',
    description: 'Checks every row of a file, and plans what to write',
    memoryMegabytes: fileMegabytes,
    needs: ['table', 'workBucket', 'snapshotBucket', 'keyringKey'],
  },
  applyImport: {
    entry: 'functions/tasks/apply-import.ts',
    description: 'Writes what an import has planned',
    memoryMegabytes: 1769,
    needs: ['table', 'workBucket', 'snapshotBucket'],
  },
  reportImport: {
    entry: 'functions/tasks/report-import.ts',
    description: 'Writes the annotated file of an import and closes the job',
    memoryMegabytes: fileMegabytes,
    needs: ['table', 'workBucket', 'snapshotBucket'],
  },
  exportRows: {
    entry: 'functions/tasks/export-rows.ts',
    description: 'Writes a list that is too long for an answer',
    memoryMegabytes: fileMegabytes,
    needs: ['table', 'workBucket', 'snapshotBucket'],
  },
  applyRetention: {
    entry: 'functions/tasks/apply-retention.ts',
    description: 'Lets go the configurations that no retention policy keeps',
    memoryMegabytes: 1769,
    needs: ['table', 'workBucket', 'snapshotBucket', 'archiveBucket'],
  },
  importHistory: {
    entry: 'functions/tasks/import-history.ts',
    description: 'Stores the configurations of another repository as old versions of devices',
    memoryMegabytes: fileMegabytes,
    needs: ['table', 'workBucket', 'snapshotBucket', 'archiveBucket', 'keyringKey'],
  },
  syncNetbox: {
    entry: 'functions/tasks/sync-netbox.ts',
    description: 'Brings in the devices of a NetBox',
    memoryMegabytes: 1769,
    needs: ['table', 'workBucket', 'snapshotBucket', 'keyringKey'],
  },
} as const satisfies Record<string, Task>

export type JobTasks = Record<keyof typeof tasks, LambdaFunction>

export function jobTasks(scope: Construct, data: DataStack): JobTasks {
  const task = (name: keyof typeof tasks): LambdaFunction => taskFunction(scope, data, name)
  const made = {
    checkImport: task('checkImport'),
    applyImport: task('applyImport'),
    reportImport: task('reportImport'),
    exportRows: task('exportRows'),
    applyRetention: task('applyRetention'),
    importHistory: task('importHistory'),
    syncNetbox: task('syncNetbox'),
  }
  allowObjects(made.checkImport, data.work, 'uploads/', ['s3:GetObject'])
  allowObjects(made.checkImport, data.work, 'jobs/', ['s3:GetObject', 's3:PutObject'])
  // The size of a file is asked for before the file.
  allowAbsenceCheck(made.checkImport, data.work)
  // It seals secrets that a file brings and can never open one.
  allowKey(made.checkImport, data.keyringKey, ['kms:Encrypt'])
  allowObjects(made.applyImport, data.work, 'jobs/', ['s3:GetObject'])
  allowObjects(made.reportImport, data.work, 'uploads/', ['s3:GetObject'])
  allowObjects(made.reportImport, data.work, 'jobs/', ['s3:GetObject', 's3:PutObject'])
  allowAbsenceCheck(made.reportImport, data.work)
  allowObjects(made.exportRows, data.work, 'jobs/', ['s3:PutObject'])
  allowObjects(made.applyRetention, data.work, 'jobs/', ['s3:PutObject'])
  // It deletes texts and can read none.
  allowObjects(made.applyRetention, data.archive, 'configs/', ['s3:DeleteObject'])
  allowObjects(made.applyRetention, data.archive, 'raw/', ['s3:DeleteObject'])
  allowHistory(made.importHistory, data)
  allowObjects(made.syncNetbox, data.work, 'jobs/', ['s3:PutObject'])
  // It opens the tokens of sources, which may stand in the network of the devices.
  allowKey(made.syncNetbox, data.keyringKey, ['kms:Decrypt'])
  placeInNetwork(made.syncNetbox)
  return made
}

/**
 * Secrets of the past get the same tags as those of today, and the key of the tags is sealed with the keyring. It stands
 * in no network, and reads nothing that is sealed.
 */
function allowHistory(importer: LambdaFunction, data: DataStack): void {
  allowObjects(importer, data.work, 'uploads/', ['s3:GetObject', 's3:DeleteObject'])
  allowObjects(importer, data.work, 'jobs/', ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'])
  allowAbsenceCheck(importer, data.work)
  allowObjects(importer, data.archive, 'configs/', ['s3:PutObject'])
  allowObjects(importer, data.archive, 'raw/', ['s3:PutObject'])
  // Encrypt too: whoever comes first makes the keyring.
  allowKey(importer, data.keyringKey, ['kms:Decrypt', 'kms:Encrypt'])
}

function taskFunction(scope: Construct, data: DataStack, name: keyof typeof tasks): LambdaFunction {
  const { needs, ...task } = tasks[name]
  const values: Partial<Record<EnvironmentKey, string>> = {
    table: data.table.tableName,
    workBucket: data.work.bucketName,
    archiveBucket: data.archive.bucketName,
    snapshotBucket: data.work.bucketName,
    keyringKey: data.keyringKey.keyArn,
  }
  const environment = Object.fromEntries(needs.map((key) => [key, values[key]]))
  const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const lambda = entryFunction(scope, id, { ...task, timeoutSeconds: 900, environment, failures: 'caller' })
  allowTableRead(lambda, data.table)
  allowTableWrite(lambda, data.table)
  allowSnapshotRead(lambda, data)
  return lambda
}
