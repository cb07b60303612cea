import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { schedules } from '../../events/schedules.ts'
import { snapshotPrefix } from '../../shared/catalog/snapshots.ts'
import { deadLetters } from './dead-letters.ts'
import { entryFunction } from './function.ts'
import { allowAbsenceCheck, allowObjects, allowTableRead, type Grantee } from './grants.ts'
import { onSchedule, schedulerRole } from './schedules.ts'

/** The table, and the bucket that holds the snapshots of its catalogs. */
export type SnapshotPlaces = { table: Table; work: Bucket }

/** A catalog starts from its snapshot; that there is none yet is no error. */
export function allowSnapshotRead(to: Grantee, { work }: Pick<SnapshotPlaces, 'work'>): void {
  allowObjects(to, work, snapshotPrefix, ['s3:GetObject'])
  allowAbsenceCheck(to, work)
}

/** The only function that writes snapshots. It reads the table and changes nothing in it. */
export function addSnapshotBuilder(scope: Construct, { table, work }: SnapshotPlaces): void {
  const { entry, purpose, expression } = schedules['build-snapshots']
  const failures = deadLetters(scope, 'SnapshotFailures', 'Starts of the snapshot builder')
  const builder = entryFunction(scope, 'BuildSnapshots', {
    entry,
    description: purpose,
    // One model at a time: 500,000 rows, what they are packed from, and the packed bytes.
    memoryMegabytes: 3008,
    timeoutSeconds: 900,
    environment: { table: table.tableName, snapshotBucket: work.bucketName },
    failures: { queue: failures, retries: 2, eventAgeSeconds: 3600 },
  })
  allowTableRead(builder, table)
  allowObjects(builder, work, snapshotPrefix, ['s3:GetObject', 's3:PutObject'])
  allowAbsenceCheck(builder, work)
  const group = new CfnScheduleGroup(scope, 'SnapshotClock')
  onSchedule(scope, 'BuildSnapshotsClock', builder, {
    expression,
    description: purpose,
    group,
    role: schedulerRole(scope, 'SnapshotClockRole', group),
    failures,
  })
}
