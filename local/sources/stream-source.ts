import { type Host, type InvokeResult, ServiceError } from '../service.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { tellFailure } from './failure-record.ts'
import type { Mapping } from './mapping.ts'
import { sequenceOf, settleBatch } from './stream-batch.ts'
import { createStreamReader, type StreamReader, type StreamRecord } from './stream-reader.ts'
import type { Source, SourceOptions } from './source.ts'
import { createWake, type Wake } from './wake.ts'

/** A look without a reason: for writes that did not come through the gateway. Four mappings make four a second. */
const idleMs = 1000
/** Between two looks under load: a bulk import wakes us at every transaction. */
const gapMs = 50
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
  const wakes = new Map<string, Wake>()
  const forget = host.onTableWrite(table.name, () => wakes.forEach((wake) => wake.call()))
  const running = new Set<Promise<void>>()
  const closed = new Set<string>()

  /** Starts what is not read yet; a child waits until its parent is read to its end. */
  const follow = async (checkpoint: Checkpoint): Promise<void> => {
    const shards = await reader.shards()
    const isOpen = (id: string | undefined): boolean =>
      shards.some((shard) => shard.id === id) && !closed.has(id ?? '')
    for (const { id: shardId, parentId } of shards) {
      if (wakes.has(shardId) || isOpen(parentId)) continue
      const wake = createWake()
      wakes.set(shardId, wake)
      const poller = { host, mapping, options, reader, checkpoint, shardId, wake, signal: stopped.signal }
      const read = pollShard(poller).then(() => {
        closed.add(shardId)
        running.delete(read)
        return followOn(checkpoint)
      })
      running.add(read)
    }
  }
  const followOn = async (checkpoint: Checkpoint): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        return await follow(checkpoint)
      } catch (error) {
        host.log('error', 'the shards of a stream cannot be read', {
          mapping: mapping.id,
          error: String(error),
        })
        await createWake().sleep(faultMs, stopped.signal)
      }
    }
  }
  return {
    async start() {
      await requireGrants(host, mapping)
      await follow(openCheckpoint(host, mapping.id, await reader.streamArn()))
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

type ShardPoller = {
  host: Host
  mapping: Mapping
  options: SourceOptions
  reader: StreamReader
  checkpoint: Checkpoint
  shardId: string
  wake: Wake
  signal: AbortSignal
}

async function pollShard(shard: ShardPoller): Promise<void> {
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
      else await createWake().sleep(gapMs, signal)
    } catch (error) {
      if (signal.aborted) return
      host.log('error', 'a stream cannot be read', { mapping: shard.mapping.id, error: String(error) })
      // An iterator may have expired: the next one starts after what is done, or where the stream now begins.
      iterator = undefined
      if (error instanceof ServiceError && error.code.includes('TrimmedDataAccess'))
        checkpoint.forget(shardId)
      await createWake().sleep(faultMs, signal)
    }
  }
}

/** Reads on until the batch is full or the batching window has passed since its first record. */
async function gather(
  shard: ShardPoller,
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
    await createWake().sleep(Math.min(deadline - Date.now(), gapMs), signal)
    const more = await reader.read(next)
    records = [...records, ...more.records]
    next = more.next
  }
  return { records, next }
}

async function processRecords(shard: ShardPoller, records: readonly StreamRecord[]): Promise<void> {
  const { mapping, checkpoint, shardId, signal } = shard
  const wanted = records.filter((record) => isWanted(record, shard))
  for (const batch of batchesOf(wanted, mapping.batchSize)) {
    if (signal.aborted) return
    await settleBatch(batch, workOf(shard))
  }
  const last = records.at(-1)
  if (last !== undefined && !signal.aborted) checkpoint.advance(shardId, sequenceOf(last))
}

function isWanted(record: StreamRecord, { mapping, checkpoint, shardId }: ShardPoller): boolean {
  const isFirstRead = checkpoint.done(shardId) === undefined
  // LATEST: what was written before the mapping was there is not for it. Records know whole seconds.
  if (isFirstRead && mapping.startingPosition === 'LATEST') {
    if (record.dynamodb.ApproximateCreationDateTime < Math.floor(checkpoint.since.getTime() / 1000))
      return false
  }
  return mapping.accepts(record)
}

function batchesOf(records: readonly StreamRecord[], batchSize: number): StreamRecord[][] {
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

function workOf(shard: ShardPoller): Parameters<typeof settleBatch>[1] {
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
    giveUp: (records, reason) => tellFailure(shard, records, reason),
    async pause(attempts) {
      const seconds = Math.min(0.2 * 2 ** Math.min(attempts, 10), pauseSecondsMax)
      await createWake().sleep(seconds * options.secondMs, signal)
      if (signal.aborted) throw new Error('the runtime stops')
    },
  }
}
