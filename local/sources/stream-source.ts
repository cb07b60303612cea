import { randomUUID } from 'node:crypto'
import { sendToQueue } from '../events/targets.ts'
import type { Host, InvokeResult } from '../service.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import type { Mapping } from './mapping.ts'
import { type GivenUp, sequenceOf, settleBatch } from './stream-batch.ts'
import { createStreamReader, type StreamReader, type StreamRecord } from './stream-reader.ts'
import type { Source, SourceOptions } from './source.ts'
import { createWake } from './wake.ts'

/** A look without a reason: for writes that did not come through the gateway. Four mappings make four a second. */
const idleMs = 1000
/** After a fault of the stream itself. */
const faultMs = 1000
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: a synchronous payload. */
const batchBytesMax = 6_000_000
const pauseSecondsMax = 60

/** Reads a table's stream and hands it to a function, shard by shard, in order. */
export function createStreamSource(host: Host, mapping: Mapping, options: SourceOptions): Source {
  const table = host.resources.tables.find(({ streamArn }) => streamArn === mapping.sourceArn)
  if (table === undefined) throw new Error(`no table of the template has the stream ${mapping.sourceArn}`)
  const reader = createStreamReader(host, table.name)
  const stopped = new AbortController()
  const wakes = new Map<string, ReturnType<typeof createWake>>()
  const forget = host.onTableWrite(table.name, () => wakes.forEach((wake) => wake.call()))
  const running = new Set<Promise<void>>()
  return {
    async start() {
      await requireGrants(host, mapping)
      const checkpoint = openCheckpoint(host, mapping.id)
      for (const shardId of await reader.shards()) {
        const wake = createWake()
        wakes.set(shardId, wake)
        const shard: Shard = {
          host,
          mapping,
          options,
          reader,
          checkpoint,
          shardId,
          wake,
          signal: stopped.signal,
        }
        running.add(pollShard(shard))
      }
    },
    async stop() {
      forget()
      stopped.abort()
      await Promise.all(running)
    },
  }
}

/** What Lambda itself asks of the function's role when a mapping is made. */
async function requireGrants(host: Host, mapping: Mapping): Promise<void> {
  const caller = {
    kind: 'role' as const,
    roleArn: mapping.function.roleArn,
    functionArn: mapping.function.arn,
  }
  for (const action of ['DescribeStream', 'GetShardIterator', 'GetRecords']) {
    await host.authorize(caller, `dynamodb:${action}`, mapping.sourceArn)
  }
}

type Shard = {
  host: Host
  mapping: Mapping
  options: SourceOptions
  reader: StreamReader
  checkpoint: Checkpoint
  shardId: string
  wake: ReturnType<typeof createWake>
  signal: AbortSignal
}

async function pollShard(shard: Shard): Promise<void> {
  const { host, reader, checkpoint, shardId, signal, wake } = shard
  let iterator: string | undefined
  while (!signal.aborted) {
    try {
      iterator ??= await reader.iterator(shardId, checkpoint.done(shardId))
      const { records, next } = await gather(shard, iterator)
      await processRecords(shard, records)
      iterator = next
      if (next === undefined) return
      if (records.length === 0) await wake.sleep(idleMs, signal)
    } catch (error) {
      if (signal.aborted) return
      host.log('error', 'a stream cannot be read', { mapping: shard.mapping.id, error: String(error) })
      // An iterator may have expired: the next one starts after what is done.
      iterator = undefined
      await createWake().sleep(faultMs, signal)
    }
  }
}

/** Reads on until the batch is full or the batching window has passed since its first record. */
async function gather(
  shard: Shard,
  from: string,
): Promise<{ records: StreamRecord[]; next: string | undefined }> {
  const { mapping, reader, options, signal, wake } = shard
  let { records, next } = await reader.read(from)
  if (records.length === 0) return { records, next }
  const deadline = Date.now() + mapping.windowSeconds * options.secondMs
  while (
    next !== undefined &&
    records.length < mapping.batchSize &&
    Date.now() < deadline &&
    !signal.aborted
  ) {
    await wake.sleep(Math.min(deadline - Date.now(), idleMs), signal)
    const more = await reader.read(next)
    records = [...records, ...more.records]
    next = more.next
  }
  return { records, next }
}

async function processRecords(shard: Shard, records: readonly StreamRecord[]): Promise<void> {
  const { mapping, checkpoint, shardId, signal } = shard
  const wanted = records.filter((record) => isWanted(record, shard))
  for (const batch of batchesOf(wanted, mapping.batchSize)) {
    if (signal.aborted) return
    await settleBatch(batch, workOf(shard))
  }
  const last = records.at(-1)
  if (last !== undefined && !signal.aborted) checkpoint.advance(shardId, sequenceOf(last))
}

function isWanted(record: StreamRecord, { mapping, checkpoint, shardId }: Shard): boolean {
  const isFirstRead = checkpoint.done(shardId) === undefined
  // LATEST: what was written before the mapping was there is not for it. Records know whole seconds.
  if (isFirstRead && mapping.startingPosition === 'LATEST') {
    if (record.dynamodb.ApproximateCreationDateTime < Math.floor(checkpoint.since.getTime() / 1000))
      return false
  }
  return mapping.accepts(record)
}

export function batchesOf(records: readonly StreamRecord[], batchSize: number): StreamRecord[][] {
  const batches: StreamRecord[][] = []
  let bytes = 0
  for (const record of records) {
    const recordBytes = Buffer.byteLength(JSON.stringify(record))
    const current = batches.at(-1)
    if (current !== undefined && current.length < batchSize && bytes + recordBytes <= batchBytesMax) {
      current.push(record)
      bytes += recordBytes
    } else {
      batches.push([record])
      bytes = recordBytes
    }
  }
  return batches
}

function workOf(shard: Shard): Parameters<typeof settleBatch>[1] {
  const { host, mapping, options, checkpoint, shardId, signal } = shard
  const invoke = async (records: readonly StreamRecord[]): Promise<InvokeResult> => {
    const payload = {
      Records: records.map((record) => ({
        ...record,
        awsRegion: host.region,
        eventSource: 'aws:dynamodb',
        eventSourceARN: mapping.sourceArn,
      })),
    }
    const call = (): Promise<InvokeResult> =>
      host.invoke(mapping.function.arn, payload, { caller: { kind: 'operator' }, signal })
    const result = await call()
    if (signal.aborted) throw new Error('the runtime stops')
    const isDoubled = host.faults.take('sources', 'deliver', JSON.stringify(payload))?.kind === 'duplicate'
    return isDoubled ? call() : result
  }
  return {
    mapping,
    invoke,
    now: host.now,
    settled: (record) => checkpoint.advance(shardId, sequenceOf(record)),
    giveUp: (records, reason) => giveUp(shard, records, reason),
    async pause(attempts) {
      const seconds = Math.min(0.2 * 2 ** Math.min(attempts, 10), pauseSecondsMax)
      await createWake().sleep(seconds * options.secondMs, signal)
      if (signal.aborted) throw new Error('the runtime stops')
    },
  }
}

/** Tells the failure destination which records were not processed: it gets their place, not their content. */
async function giveUp(shard: Shard, records: readonly StreamRecord[], reason: GivenUp): Promise<void> {
  const { host, mapping, shardId } = shard
  const [first] = records
  const last = records.at(-1)
  host.log('error', 'stream records were given up', {
    mapping: mapping.id,
    records: records.length,
    ...reason,
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
