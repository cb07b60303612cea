import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { objectDays } from '../retention.ts'

type DeletedSettings = { prefix: string; days: number }

export type BucketSettings = {
  versioned: boolean
  accessLogs: { bucket: Bucket; prefix: string } | 'is the access log' | 'takes logs of CloudFront'
  /** Objects go after these days; undefined: never. */
  keepDays?: number
  /** What was deleted below a prefix can be had back for these days. */
  deletedGoAfter?: readonly DeletedSettings[]
  /** Tells the event bus of every new object. */
  publishesEvents?: boolean
}

/**
 * A private bucket: no public access, TLS only, no ACLs (but for CloudFront's), kept when the stack goes.
 * SSE-S3 and not a KMS key: device secrets in the archive's raw texts are already sealed by the product under the
 * keyring, so a second key would cost a call per object and protect from nobody new.
 */
export function privateBucket(scope: Construct, id: string, settings: BucketSettings): Bucket {
  const { accessLogs, keepDays, deletedGoAfter } = settings
  const bucket = new Bucket(scope, id, {
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    // CloudFront delivers its logs by ACL, and refuses a bucket that has none.
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
    objectOwnership:
      accessLogs === 'takes logs of CloudFront'
        ? ObjectOwnership.BUCKET_OWNER_PREFERRED
        : ObjectOwnership.BUCKET_OWNER_ENFORCED,
    versioned: settings.versioned,
    removalPolicy: RemovalPolicy.RETAIN,
    ...(typeof accessLogs === 'string'
      ? {}
      : {
          serverAccessLogsBucket: asInterface(accessLogs.bucket),
          serverAccessLogsPrefix: accessLogs.prefix,
        }),
    lifecycleRules: [
      {
        id: 'housekeeping',
        abortIncompleteMultipartUploadAfter: Duration.days(objectDays.unfinishedUploads),
        ...(keepDays === undefined ? {} : { expiration: Duration.days(keepDays) }),
      },
      ...(deletedGoAfter ?? []).map(deletedRule),
    ],
  })
  if (settings.publishesEvents === true) publishEvents(bucket)
  return bucket
}

function deletedRule({ prefix, days }: DeletedSettings): LifecycleRule {
  return {
    id: `deleted from ${prefix}`,
    prefix,
    noncurrentVersionExpiration: Duration.days(days),
    expiredObjectDeleteMarker: true,
  }
}

/** Not the property of CDK's Bucket: that one deploys a function with rights on every bucket of the account. */
function publishEvents(bucket: Bucket): void {
  const resource = bucket.node.defaultChild
  if (!(resource instanceof CfnBucket)) throw new Error(`${bucket.node.path} is not a plain bucket`)
  resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } }
}

/** CDK's classes are not written for exactOptionalPropertyTypes: a Bucket is an IBucket all the same. */
export const asInterface = (bucket: Bucket): IBucket => bucket as IBucket
