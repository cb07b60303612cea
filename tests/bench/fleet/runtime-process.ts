import { createInterface } from 'node:readline'
import { adminToken } from '../../../local/admin-token.ts'
import { startRuntime } from '../../../local/runtime.ts'
import { createMeter, type Metered } from './meter.ts'

/**
 * The product on the local runtime, in a process of its own. Takes the data folder as its argument, prints where it
 * is; at every line of its standard input prints what was used since the last one. Ends with its standard input.
 */
export type RuntimePlace = { url: string; token: string }
export type Mark = Metered & {
  peakRssBytes: number
  peakHeapBytes: Record<string, number>
  /** What each function's Lambda would have. */
  megabytes: Record<string, number>
  cpuS: number
}

const sampleMs = 500

const meter = createMeter()
const dataDir = process.argv[2] ?? ''
const runtime = await startRuntime({ dataDir, port: 0, isThrottled: false, onUse: meter.used })
const names = new Map(runtime.resources.functions.map(({ arn, entry }) => [arn, entryName(entry)]))
const heapNames = new Map(runtime.resources.functions.map(({ name, entry }) => [name, entryName(entry)]))
const megabytes = Object.fromEntries(
  runtime.resources.functions.map(({ entry, memoryMegabytes }) => [entryName(entry), memoryMegabytes]),
)
say({ url: runtime.url, token: await adminToken(runtime) } satisfies RuntimePlace)

let peaks = { rss: 0, heaps: {} as Record<string, number> }
let cpu = process.cpuUsage()
let isSampling = false
const sampler = setInterval(() => void sample(), sampleMs)

for await (const _line of createInterface(process.stdin)) {
  await sample()
  say(mark())
}
clearInterval(sampler)
await runtime.stop()
process.exit(0)

function mark(): Mark {
  const { user, system } = process.cpuUsage(cpu)
  const seen: Mark = {
    ...meter.take((arn) => names.get(arn) ?? 'the runtime'),
    peakRssBytes: peaks.rss,
    peakHeapBytes: peaks.heaps,
    megabytes,
    cpuS: (user + system) / 1e6,
  }
  cpu = process.cpuUsage()
  peaks = { rss: 0, heaps: {} }
  return seen
}

/** Of a function with two workers, the fuller one counts: on AWS each would be a container of its own. */
async function sample(): Promise<void> {
  if (isSampling) return
  isSampling = true
  peaks.rss = Math.max(peaks.rss, process.memoryUsage.rss())
  for (const [name, workers] of await runtime.functions.heaps()) {
    const entry = heapNames.get(name) ?? name
    peaks.heaps[entry] = Math.max(peaks.heaps[entry] ?? 0, ...workers)
  }
  isSampling = false
}

/** `functions/tasks/collect-devices.ts` is `collect-devices`. */
function entryName(entry: string): string {
  return entry.replace(/^.*\//, '').replace(/\.ts$/, '')
}

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
