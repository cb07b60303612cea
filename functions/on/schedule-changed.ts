import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda'
import * as z from 'zod'
import { schedule } from '../../shared/backups/models/schedule.ts'
import { getRow } from '../../shared/model/records.ts'
import { deps } from '../lib/deps.ts'
import { logger } from '../lib/log.ts'
import { mirrorSchedule, removeMirror } from '../lib/schedule-mirror.ts'

/** A change record of a schedule, as the table's stream shows it. */
const ChangeImage = z.object({ objectId: z.object({ N: z.coerce.number().int() }) })

/**
 * Keeps EventBridge Scheduler equal to the schedules that users keep. It reads the schedule as it is now, so records
 * delivered twice or out of order end in the same state.
 */
export async function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  for (const record of event.Records) {
    const { NewImage, SequenceNumber } = record.dynamodb ?? {}
    const image = ChangeImage.safeParse(NewImage)
    // Change records are never altered; their removal by age is no change of a schedule.
    if (!image.success) continue
    const id = image.data.objectId.N
    try {
      const found = await getRow(deps.engine, schedule, id)
      if (found === undefined) await removeMirror(id)
      else await mirrorSchedule(found)
    } catch (error) {
      logger.error('schedule not mirrored', { scheduleId: id, cause: String(error) })
      // Everything from here on is delivered again, in order.
      return { batchItemFailures: [{ itemIdentifier: SequenceNumber ?? '' }] }
    }
  }
  return { batchItemFailures: [] }
}
