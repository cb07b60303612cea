import { join } from 'node:path'
import * as z from 'zod'
import type { Host } from '../service.ts'
import { openRecords } from '../records.ts'

const ChildStatus = z.enum(['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'ABORTED'])

/** A child execution. Its input and output are kept while the map runs; afterwards the result files hold them. */
export type Child = {
  name: string
  arn: string
  items: number
  status: z.infer<typeof ChildStatus>
  input: unknown
  output?: unknown
  error?: string
  cause?: string
  startedAt?: string
  stoppedAt?: string
}

const MapRun = z.object({
  arn: z.string(),
  executionArn: z.string(),
  stateMachineArn: z.string(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'ABORTED']),
  startedAt: z.string(),
  stoppedAt: z.string().optional(),
  maxConcurrency: z.number(),
  toleratedPercentage: z.number(),
  toleratedCount: z.number().optional(),
  resultsWritten: z.number(),
  children: z.array(
    z.object({
      name: z.string(),
      arn: z.string(),
      items: z.number(),
      status: ChildStatus,
      startedAt: z.string().optional(),
      stoppedAt: z.string().optional(),
    }),
  ),
})
export type MapRun = z.infer<typeof MapRun>

/** As many map runs are kept as are worth looking at on a laptop. */
const mapRunsMax = 500

export type MapRuns = {
  /** While it runs, `children` may go on changing: readers see what they are. */
  save(mapRun: MapRun): void
  get(arn: string): MapRun | undefined
  of(executionArn: string): MapRun[]
  /** Those that ran when the runtime ended did not end by themselves. */
  abortRunning(): void
}

export function openMapRuns(host: Host): MapRuns {
  const records = openRecords(join(host.dataDir, 'states', 'map-runs'), MapRun, (file, error) =>
    host.log('error', 'a map run cannot be read', { file, error: String(error) }),
  )
  const running = new Map<string, MapRun>()
  const current = (mapRun: MapRun): MapRun => running.get(mapRun.arn) ?? mapRun
  const oldestFirst = (): MapRun[] => records.all().sort((a, b) => a.startedAt.localeCompare(b.startedAt))
  return {
    save(mapRun) {
      if (mapRun.status === 'RUNNING') running.set(mapRun.arn, mapRun)
      else running.delete(mapRun.arn)
      // Parsing leaves out what the children got and gave.
      records.put(mapRun.arn, MapRun.parse(mapRun))
      for (const old of oldestFirst().slice(0, -mapRunsMax)) records.remove(old.arn)
    },
    get(arn) {
      const kept = records.get(arn)
      return kept && current(kept)
    },
    of: (executionArn) =>
      oldestFirst()
        .filter((mapRun) => mapRun.executionArn === executionArn)
        .map(current),
    abortRunning() {
      for (const mapRun of records.all()) {
        if (mapRun.status !== 'RUNNING') continue
        records.put(mapRun.arn, { ...mapRun, status: 'ABORTED', stoppedAt: host.now().toISOString() })
      }
    },
  }
}

/** Counts as DescribeMapRun gives them, of executions or of the items in them. */
export function countsOf(mapRun: MapRun, weight: 'executions' | 'items'): Record<string, number> {
  const counts: Record<string, number> = {
    pending: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    timedOut: 0,
    aborted: 0,
  }
  let total = 0
  for (const child of mapRun.children) {
    const each = weight === 'items' ? child.items : 1
    const status = child.status.toLowerCase()
    counts[status] = (counts[status] ?? 0) + each
    total += each
  }
  return {
    ...counts,
    total,
    resultsWritten: mapRun.resultsWritten,
    failuresNotRedrivable: 0,
    pendingRedrive: 0,
  }
}
