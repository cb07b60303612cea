import { randomUUID } from 'node:crypto'
import { sendToQueue } from '../events/targets.ts'
import type { Host } from '../service.ts'
import type { Mapping } from './mapping.ts'
import { type GivenUp, sequenceOf } from './stream-batch.ts'
import type { StreamRecord } from './stream-reader.ts'

type FailedPlace = { host: Host; mapping: Mapping; shardId: string }

/** Tells the failure destination which records were not processed: it gets their place, not their content. */
export async function tellFailure(
  place: FailedPlace,
  records: readonly StreamRecord[],
  reason: GivenUp,
): Promise<void> {
  const { host, mapping, shardId } = place
  const [first] = records
  const last = records.at(-1)
  host.log('error', 'stream records were given up', {
    mapping: mapping.id,
    records: records.length,
    condition: reason.condition,
    invokeCount: reason.invokeCount,
  })
  if (mapping.onFailureArn === undefined || first === undefined || last === undefined) return
  const at = (record: StreamRecord): string =>
    new Date(record.dynamodb.ApproximateCreationDateTime * 1000).toISOString()
  const body = {
    requestContext: {
      requestId: reason.result.requestId || randomUUID(),
      functionArn: mapping.function.arn,
      condition: reason.condition,
      approximateInvokeCount: reason.invokeCount,
    },
    responseContext: {
      statusCode: reason.result.statusCode,
      executedVersion: '$LATEST',
      functionError: reason.result.functionError ?? null,
    },
    version: '1.0',
    timestamp: host.now().toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: sequenceOf(first),
      endSequenceNumber: sequenceOf(last),
      approximateArrivalOfFirstRecord: at(first),
      approximateArrivalOfLastRecord: at(last),
      batchSize: records.length,
      streamArn: mapping.sourceArn,
    },
  }
  const caller = {
    kind: 'role' as const,
    roleArn: mapping.function.roleArn,
    functionArn: mapping.function.arn,
  }
  await sendToQueue(host, caller, mapping.onFailureArn, { body: JSON.stringify(body) }).catch(
    (error: unknown) =>
      host.log('error', 'the failure destination refused', { mapping: mapping.id, error: String(error) }),
  )
}
