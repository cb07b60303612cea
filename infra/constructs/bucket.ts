import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { objectDays } from '../retention.ts'

export type BucketSettings = {
  versioned: boolean
  accessLogs: { bucket: Bucket; prefix: string } | 'is the access log' | 'takes logs of CloudFront'
  /** Objects go after these days; undefined: never. */
  keepDays?: number
}

/**
 * A private bucket: no public access, TLS only, no ACLs (but for CloudFront's), kept when the stack goes.
 * SSE-S3 and not a KMS key: device secrets in the archive's raw texts are already sealed by the product under the
 * keyring, so a second key would cost a call per object and protect from nobody new.
 */
export function privateBucket(scope: Construct, id: string, settings: BucketSettings): Bucket {
  const { accessLogs, keepDays } = settings
  return new Bucket(scope, id, {
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
    ],
  })
}

/** CDK's classes are not written for exactOptionalPropertyTypes: a Bucket is an IBucket all the same. */
export const asInterface = (bucket: Bucket): IBucket => bucket as IBucket
