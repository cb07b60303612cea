import * as z from 'zod'
import type { Host } from '../service.ts'

/** A stream record as DynamoDB gives it; what is not named here is passed on. */
const StreamRecord = z.looseObject({
  dynamodb: z.looseObject({ SequenceNumber: z.string(), ApproximateCreationDateTime: z.number() }),
})
export type StreamRecord = z.infer<typeof StreamRecord>

const Streams = z.object({ Streams: z.array(z.object({ StreamArn: z.string() })) })
const Shards = z.object({
  StreamDescription: z.object({
    Shards: z.array(z.object({ ShardId: z.string(), ParentShardId: z.string().optional() })),
    LastEvaluatedShardId: z.string().optional(),
  }),
})
const Iterator = z.object({ ShardIterator: z.string() })
const Records = z.object({ Records: z.array(StreamRecord), NextShardIterator: z.string().optional() })

type Shard = { id: string; parentId: string | undefined }

/** AWS gives at most 1,000 records at a time. */
const recordsMax = 1000

/** A table's stream. The poller itself is the operator: the function's role was checked before. */
export type StreamReader = {
  /** The running stream's own ARN. */
  streamArn(): Promise<string>
  /** The shards as they are now. A parent holds the records before its children's. */
  shards(): Promise<Shard[]>
  /** From after the record, or from the oldest that is kept. */
  iterator(shardId: string, after: string | undefined): Promise<string>
  read(iterator: string): Promise<{ records: StreamRecord[]; next: string | undefined }>
}

export function createStreamReader(host: Host, tableName: string): StreamReader {
  const call = (action: string, input: Record<string, unknown>): Promise<Record<string, unknown>> =>
    host.request({ caller: { kind: 'operator' }, service: 'dynamodbstreams', action, input })
  // The running stream has a label of its own, which the template cannot know.
  let streamArn: Promise<string> | undefined
  const findStream = async (): Promise<string> => {
    const { Streams: streams } = Streams.parse(await call('ListStreams', { TableName: tableName }))
    const latest = streams.at(-1)
    if (latest === undefined) throw new Error(`the table ${tableName} has no stream`)
    return latest.StreamArn
  }
  const arn = (): Promise<string> =>
    (streamArn ??= findStream().catch((error: unknown) => {
      streamArn = undefined
      throw error
    }))
  return {
    streamArn: arn,
    async shards() {
      const shards: Shard[] = []
      let from: string | undefined
      do {
        const page = Shards.parse(
          await call('DescribeStream', {
            StreamArn: await arn(),
            ...(from !== undefined && { ExclusiveStartShardId: from }),
          }),
        )
        for (const { ShardId, ParentShardId } of page.StreamDescription.Shards)
          shards.push({ id: ShardId, parentId: ParentShardId })
        from = page.StreamDescription.LastEvaluatedShardId
      } while (from !== undefined)
      return shards
    },
    async iterator(ShardId, after) {
      const place = { StreamArn: await arn(), ShardId }
      const from =
        after === undefined
          ? { ShardIteratorType: 'TRIM_HORIZON' }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }
      return Iterator.parse(await call('GetShardIterator', { ...place, ...from })).ShardIterator
    },
    async read(iterator) {
      const answer = Records.parse(await call('GetRecords', { ShardIterator: iterator, Limit: recordsMax }))
      return { records: answer.Records, next: answer.NextShardIterator }
    },
  }
}
