import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { sealChanges, type Recorded } from '../../shared/core/seal.ts'
import { Change } from '../../shared/model/change.ts'
import { keys } from '../../shared/table/keys.ts'
import { deps } from '../lib/deps.ts'
import { logger } from '../lib/log.ts'
import { readImage } from '../lib/stream-image.ts'

/**
 * The sealer. A record that cannot be read stops the batch there: what stands before it is sealed, it is delivered
 * again, and at last goes to the dead letters, seen by an alarm.
 */
export async function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const { recorded, unreadable } = readRecords(event.Records)
  try {
    const sealed = await sealChanges({ table: deps.table, now: deps.now }, recorded)
    logger.info('changes sealed', { delivered: recorded.length, sealed })
  } catch (error) {
    logger.error('sealing failed', { error: error instanceof Error ? error : String(error) })
    return failedFrom(event.Records[0])
  }
  return failedFrom(unreadable)
}

/** Everything from this record on is delivered again. */
function failedFrom(record: DynamoDBRecord | undefined): DynamoDBBatchResponse {
  const itemIdentifier = record?.dynamodb?.SequenceNumber
  return { batchItemFailures: itemIdentifier === undefined ? [] : [{ itemIdentifier }] }
}

function readRecords(records: readonly DynamoDBRecord[]): {
  recorded: Recorded[]
  unreadable: DynamoDBRecord | undefined
} {
  const recorded: Recorded[] = []
  for (const record of records) {
    const { pk, sk } = record.dynamodb?.Keys ?? {}
    const image = record.dynamodb?.NewImage
    if (record.eventName !== 'INSERT' || image === undefined || pk?.S?.startsWith(keys.changePrefix) !== true)
      continue
    try {
      recorded.push({ key: { pk: pk.S, sk: sk?.S ?? '' }, change: Change.parse(readImage(image)) })
    } catch (error) {
      logger.error('a change record cannot be read', { key: pk.S, error: String(error) })
      return { recorded, unreadable: record }
    }
  }
  return { recorded, unreadable: undefined }
}
