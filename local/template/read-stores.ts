import * as z from 'zod'
import type {
  BucketResource,
  KeyResource,
  PolicyDocument,
  QueueResource,
  TableResource,
} from './resources.ts'
import { type Reading, withoutEffect } from './reading.ts'

const KeySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
const AttributeDefinitions = z.array(
  z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
)

const Index = z.strictObject({
  IndexName: z.string(),
  KeySchema,
  Projection: z.record(z.string(), z.unknown()),
  ...withoutEffect('ProvisionedThroughput', 'OnDemandThroughput', 'ContributorInsightsSpecification'),
})

const Table = z.strictObject({
  KeySchema,
  AttributeDefinitions,
  GlobalSecondaryIndexes: z.array(Index).default([]),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
  TimeToLiveSpecification: z
    .object({ AttributeName: z.string().optional(), Enabled: z.boolean() })
    .optional(),
  ...withoutEffect(
    'TableName',
    'BillingMode',
    'PointInTimeRecoverySpecification',
    'DeletionProtectionEnabled',
    'SSESpecification',
    'ContributorInsightsSpecification',
    'OnDemandThroughput',
    'WriteOnDemandThroughputSettings',
    'WarmThroughput',
    'TableClass',
    'Tags',
    'Replicas',
    'ResourcePolicy',
  ),
})

const Encryption = z.object({
  ServerSideEncryptionConfiguration: z.array(
    z.object({
      ServerSideEncryptionByDefault: z
        .object({ SSEAlgorithm: z.string(), KMSMasterKeyID: z.string().optional() })
        .optional(),
    }),
  ),
})

const Bucket = z.strictObject({
  BucketEncryption: Encryption.optional(),
  VersioningConfiguration: z.object({ Status: z.string() }).optional(),
  NotificationConfiguration: z
    .strictObject({
      EventBridgeConfiguration: z.object({ EventBridgeEnabled: z.boolean().default(true) }).optional(),
    })
    .optional(),
  ...withoutEffect(
    'BucketName',
    'AccessControl',
    'PublicAccessBlockConfiguration',
    'OwnershipControls',
    'LifecycleConfiguration',
    'LoggingConfiguration',
    'ObjectLockEnabled',
    'ObjectLockConfiguration',
    'Tags',
  ),
})

const Policy = z.object({
  Version: z.string().optional(),
  Statement: z.array(z.record(z.string(), z.unknown())),
})

const Queue = z.strictObject({
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() }).optional(),
  VisibilityTimeout: z.number().optional(),
  MessageRetentionPeriod: z.number().optional(),
  DelaySeconds: z.number().optional(),
  MaximumMessageSize: z.number().optional(),
  ReceiveMessageWaitTimeSeconds: z.number().optional(),
  FifoQueue: z.boolean().optional(),
  ContentBasedDeduplication: z.boolean().optional(),
  ...withoutEffect(
    'QueueName',
    'KmsMasterKeyId',
    'KmsDataKeyReusePeriodSeconds',
    'SqsManagedSseEnabled',
    'RedriveAllowPolicy',
    'Tags',
  ),
})

const Key = z.strictObject({
  KeyPolicy: Policy,
  ...withoutEffect(
    'Description',
    'EnableKeyRotation',
    'RotationPeriodInDays',
    'Enabled',
    'KeySpec',
    'KeyUsage',
    'PendingWindowInDays',
    'MultiRegion',
    'Tags',
  ),
})

type Stores = {
  tables: TableResource[]
  buckets: BucketResource[]
  queues: QueueResource[]
  keys: KeyResource[]
}

export function readStores(reading: Reading): Stores {
  return {
    tables: readTables(reading),
    buckets: readBuckets(reading),
    queues: readQueues(reading),
    keys: readKeys(reading),
  }
}

function readTables(reading: Reading): TableResource[] {
  return reading.each(['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'], Table).map((table) => {
    const { stack, logicalId, is, identity } = table
    const typeOf = new Map(
      is.AttributeDefinitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
    )
    const keys = (schema: z.infer<typeof KeySchema>): Pick<TableResource, 'partition' | 'sort'> => {
      const part = (kind: string): TableResource['partition'] | undefined => {
        const name = schema.find(({ KeyType }) => KeyType === kind)?.AttributeName
        return name === undefined ? undefined : { name, type: typeOf.get(name) ?? 'S' }
      }
      const partition = part('HASH')
      const sort = part('RANGE')
      if (partition === undefined) reading.problem(table, 'a key schema has no HASH attribute')
      return { partition: partition ?? { name: '', type: 'S' }, ...(sort === undefined ? {} : { sort }) }
    }
    const { StreamSpecification: stream, TimeToLiveSpecification: expiry } = is
    return {
      stack,
      logicalId,
      name: identity.ref,
      arn: identity.attributes['Arn'] ?? '',
      ...(stream === undefined
        ? {}
        : { streamArn: identity.attributes['StreamArn'] ?? '', streamView: stream.StreamViewType }),
      ...(expiry?.Enabled === true && expiry.AttributeName !== undefined
        ? { expiryAttribute: expiry.AttributeName }
        : {}),
      ...keys(is.KeySchema),
      indexes: is.GlobalSecondaryIndexes.map((index) => ({
        name: index.IndexName,
        ...keys(index.KeySchema),
        projection: index.Projection,
      })),
    }
  })
}

function readBuckets(reading: Reading): BucketResource[] {
  const policies = reading.each(
    'AWS::S3::BucketPolicy',
    z.strictObject({ Bucket: z.string(), PolicyDocument: Policy }),
  )
  return reading.each('AWS::S3::Bucket', Bucket).map(({ stack, logicalId, is, identity }) => {
    const policy = policies.find(({ is: { Bucket: bucket } }) => bucket === identity.ref)?.is.PolicyDocument
    const [rule] = is.BucketEncryption?.ServerSideEncryptionConfiguration ?? []
    const key = rule?.ServerSideEncryptionByDefault?.KMSMasterKeyID
    return {
      stack,
      logicalId,
      name: identity.ref,
      arn: identity.attributes['Arn'] ?? '',
      ...(key === undefined ? {} : { encryptionKeyArn: key }),
      versioned: is.VersioningConfiguration?.Status === 'Enabled',
      publishesEvents: is.NotificationConfiguration?.EventBridgeConfiguration?.EventBridgeEnabled ?? false,
      ...(policy === undefined ? {} : { policy: policy as PolicyDocument }),
    }
  })
}

const queueAttributeNames = [
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'DelaySeconds',
  'MaximumMessageSize',
  'ReceiveMessageWaitTimeSeconds',
  'FifoQueue',
  'ContentBasedDeduplication',
] as const

function readQueues(reading: Reading): QueueResource[] {
  const policies = reading.each(
    'AWS::SQS::QueuePolicy',
    z.strictObject({ Queues: z.array(z.string()), PolicyDocument: Policy }),
  )
  return reading.each('AWS::SQS::Queue', Queue).map(({ stack, logicalId, is, identity }) => {
    const policy = policies.find(({ is: { Queues } }) => Queues.includes(identity.ref))?.is.PolicyDocument
    const attributes: Record<string, string> = {}
    for (const name of queueAttributeNames) if (is[name] !== undefined) attributes[name] = String(is[name])
    if (is.RedrivePolicy !== undefined) attributes['RedrivePolicy'] = JSON.stringify(is.RedrivePolicy)
    return {
      stack,
      logicalId,
      name: identity.attributes['QueueName'] ?? '',
      arn: identity.attributes['Arn'] ?? '',
      url: identity.ref,
      attributes,
      ...(policy === undefined ? {} : { policy: policy as PolicyDocument }),
    }
  })
}

function readKeys(reading: Reading): KeyResource[] {
  const aliases = reading.each(
    'AWS::KMS::Alias',
    z.strictObject({ AliasName: z.string(), TargetKeyId: z.string() }),
  )
  return reading.each('AWS::KMS::Key', Key).map(({ stack, logicalId, is, identity }) => {
    const arn = identity.attributes['Arn'] ?? ''
    const own = aliases.filter(
      ({ is: { TargetKeyId } }) => TargetKeyId === arn || TargetKeyId === identity.ref,
    )
    return {
      stack,
      logicalId,
      id: identity.ref,
      arn,
      aliases: own.map(({ is: { AliasName } }) => AliasName),
      policy: is.KeyPolicy as PolicyDocument,
    }
  })
}
