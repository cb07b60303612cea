import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { keys } from '../../shared/table/keys.ts'
import { addAlarm, alarmPeriod } from '../constructs/alarm.ts'
import { privateBucket } from '../constructs/bucket.ts'
import { deadLetters } from '../constructs/dead-letters.ts'
import { entryFunction } from '../constructs/function.ts'
import { allowTableRead, allowTableWrite, tableIndex } from '../constructs/grants.ts'
import { addSnapshotBuilder } from '../constructs/snapshots.ts'
import { consumeStream } from '../constructs/stream-consumer.ts'
import { objectDays } from '../retention.ts'

/** The repository's part of the archive. */
export const gitPrefix = 'git/'

/** What is kept: the table, the archive, the key of the keyring. Nothing here goes when a stack is deleted. */
export class DataStack extends Stack {
  readonly table: Table
  readonly keyringKey: Key
  /** Prefixes `configs/` (redacted texts by their hash), `raw/` (sealed texts), `git/` (the repository). */
  readonly archive: Bucket
  /**
   * Of use for days: work lists and results of runs; uploads, plans and files of jobs (`uploads/`, `jobs/`). `catalog/`
   * holds snapshots and `search/` the index of configurations, which are made again in time; `recordings/` the files of
   * recorded sessions.
   */
  readonly work: Bucket

  constructor(scope: Construct, id: string) {
    super(scope, id, { description: 'netkeep: the table, the archive and the keyring' })
    this.table = productTable(this)
    this.keyringKey = new Key(this, 'KeyringKey', {
      description: 'netkeep: wraps the keyring that seals device secrets',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const accessLogs = privateBucket(this, 'AccessLogs', {
      versioned: false,
      accessLogs: 'is the access log',
      keepDays: objectDays.accessLogs,
    })
    this.archive = privateBucket(this, 'Archive', {
      versioned: true,
      accessLogs: { bucket: accessLogs, prefix: 'archive/' },
      // Retention lets texts go, and packs go for others that hold the same objects.
      deletedGoAfter: [
        { prefix: gitPrefix, days: objectDays.deletedPacks },
        { prefix: 'configs/', days: objectDays.deletedTexts },
        { prefix: 'raw/', days: objectDays.deletedTexts },
      ],
    })
    this.work = privateBucket(this, 'Work', {
      versioned: false,
      accessLogs: { bucket: accessLogs, prefix: 'work/' },
      publishesEvents: true,
      keepDays: objectDays.work,
    })
    addSealer(this, this.table)
    addSnapshotBuilder(this, this)
  }
}

/**
 * Encrypted with the key that AWS owns: a key of ours would have to be open to every function that may read the
 * table, so it would guard nothing more, and cost a request each.
 */
function productTable(scope: Construct): Table {
  const table = new Table(scope, 'Table', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    stream: StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: 'expiresAt',
    removalPolicy: RemovalPolicy.RETAIN,
  })
  table.addGlobalSecondaryIndex({
    indexName: tableIndex,
    partitionKey: { name: 'gsi1pk', type: AttributeType.STRING },
    sortKey: { name: 'gsi1sk', type: AttributeType.STRING },
    projectionType: ProjectionType.ALL,
  })
  for (const metricName of ['ReadThrottleEvents', 'WriteThrottleEvents']) {
    addAlarm(table, metricName, {
      metric: table.metric(metricName, { period: alarmPeriod, statistic: 'Sum' }),
      threshold: 1,
      means: `The table refuses requests (${metricName}): a partition is hot, or growth outran on-demand scaling.`,
      runbook: 'table-throttled',
    })
  }
  return table
}

/** Puts change records into numbered, hash-chained blocks within seconds. */
function addSealer(scope: Construct, table: Table): void {
  const sealer = entryFunction(scope, 'Sealer', {
    entry: 'functions/on/table-changed.ts',
    description: 'Seals change records into hash-chained blocks',
    memoryMegabytes: 512,
    timeoutSeconds: 60,
    environment: { table: table.tableName },
    failures: 'event source',
  })
  allowTableRead(sealer, table)
  allowTableWrite(sealer, table)
  consumeStream(sealer, {
    table,
    partitions: [{ prefix: keys.changePrefix }],
    batchSize: 500,
    batchSeconds: 1,
    retries: 20,
    failures: deadLetters(scope, 'SealerFailures', 'Change records that were not sealed'),
  })
}
