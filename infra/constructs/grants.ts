import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { Key } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { acknowledgeWildcard } from './acknowledge.ts'

/**
 * Grants as exact actions on exact resources. CDK's own grant methods are wider than what the product calls
 * (`grantReadWriteData` allows Scan, UpdateItem and BatchWriteItem), and nothing here may be wider than need be.
 */
export const tableIndex = 'gsi1'

/** A role, or a function, which has one. */
export type Grantee = IRole | IFunction

export function roleOf(grantee: Grantee): IRole {
  if ('roleArn' in grantee) return grantee
  if (grantee.role === undefined) throw new Error(`${grantee.node.path} has no role`)
  return grantee.role
}

export function allow(to: Grantee, actions: readonly string[], resources: readonly string[]): void {
  roleOf(to).addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }))
}

/** Reads by key and by partition. There is no Scan: nothing in the product reads the whole table. */
export function allowTableRead(to: Grantee, table: Table): void {
  allow(to, ['dynamodb:BatchGetItem', 'dynamodb:GetItem'], [table.tableArn])
  allow(to, ['dynamodb:Query'], [table.tableArn, `${table.tableArn}/index/${tableIndex}`])
}

/** Whole items only, each under its condition: UpdateItem and BatchWriteItem are never called. */
export function allowTableWrite(to: Grantee, table: Table): void {
  allow(to, ['dynamodb:ConditionCheckItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem'], [table.tableArn])
}

export type ObjectAction =
  | 's3:GetObject'
  | 's3:PutObject'
  | 's3:DeleteObject'
  | 's3:AbortMultipartUpload'
  | 's3:ListMultipartUploadParts'

/** @param prefix `configs/`, with its slash; the grant ends there. */
export function allowObjects(
  to: Grantee,
  bucket: Bucket,
  prefix: string,
  actions: readonly ObjectAction[],
): void {
  allow(to, actions, [bucket.arnForObjects(`${prefix}*`)])
  acknowledgeWildcard(
    roleOf(to),
    { owner: bucket, attribute: bucket.bucketArn, after: `/${prefix}*` },
    'The objects below this prefix are not known beforehand; the prefix is the boundary.',
  )
}

/**
 * Lets a missing object be told from a forbidden one: without ListBucket S3 answers 403 to both.
 * A condition on the prefix would defeat it, since a GetObject carries no prefix.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function allowAbsenceCheck(to: Grantee, bucket: Bucket): void {
  allow(to, ['s3:ListBucket'], [bucket.bucketArn])
}

export function allowKey(to: Grantee, key: Key, actions: readonly ('kms:Decrypt' | 'kms:Encrypt')[]): void {
  allow(to, actions, [key.keyArn])
}
