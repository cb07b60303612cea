import { join } from 'node:path'
import * as z from 'zod'
import { openRecords } from '../records.ts'
import type { Host } from '../service.ts'

const Checkpoint = z.object({
  /** The running stream: a table that was made anew counts from the start again. */
  streamArn: z.string(),
  /** When this mapping was first seen: `LATEST` starts here. */
  since: z.string(),
  /** By shard, the last record that is done with. */
  done: z.record(z.string(), z.string()),
})

export type Checkpoint = {
  since: Date
  done(shardId: string): string | undefined
  /** Written at once: after a crash the records after it come again. */
  advance(shardId: string, sequence: string): void
  /** What was last done is no longer kept: on from the oldest record that is. */
  forget(shardId: string): void
}

/** Where a mapping stands in its stream, on disk. */
export function openCheckpoint(host: Host, mappingId: string, streamArn: string): Checkpoint {
  const records = openRecords(join(host.dataDir, 'sources', 'checkpoints'), Checkpoint, (file, error) =>
    host.log('error', 'a checkpoint cannot be read: its stream is read from the start', {
      file,
      error: String(error),
    }),
  )
  const found = records.get(mappingId)
  const fresh: z.infer<typeof Checkpoint> = { streamArn, since: host.now().toISOString(), done: {} }
  const kept = found?.streamArn === streamArn ? found : fresh
  records.put(mappingId, kept)
  return {
    since: new Date(kept.since),
    done: (shardId) => kept.done[shardId],
    advance(shardId, sequence) {
      kept.done[shardId] = sequence
      records.put(mappingId, kept)
    },
    forget(shardId) {
      delete kept.done[shardId]
    },
  }
}
