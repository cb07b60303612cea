import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { LabJob, LabPlace } from './lab-process.ts'
import type { Mark, RuntimePlace } from './runtime-process.ts'

/** A process that answers each line with one of JSON. */
type Talker = {
  /** What it says by itself. */
  hear: <T>() => Promise<T>
  ask: <T>(line: string) => Promise<T>
  end(): Promise<void>
}

/** @throws Error when it ends before it speaks. */
function startTalker(file: string, argument: string): Talker {
  const child = spawn(process.execPath, [file, argument], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const hear = async <A>(): Promise<A> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`${file} ended without a word`)
    return JSON.parse(value) as A
  }
  return {
    hear,
    ask: async <A>(line: string) => {
      child.stdin.write(`${line}\n`)
      return hear<A>()
    },
    async end() {
      if (child.exitCode !== null) return
      child.stdin.end()
      await once(child, 'exit')
    },
  }
}

export type FleetLab = {
  places: readonly LabPlace[]
  /** The next session of the transient ones breaks. @returns how many they are. */
  trip(): Promise<number>
  /** Somebody works on the devices whose share it is. @returns how many they are. */
  change(): Promise<number>
  cpuS(): Promise<number>
  stop(): Promise<void>
}

/** Simulated devices in several processes, each with its part. */
export async function startFleetLab(
  count: number,
  parts: number,
  job: Omit<LabJob, 'from' | 'count'>,
): Promise<FleetLab> {
  const each = Math.ceil(count / parts)
  const talkers = Array.from({ length: parts }, (_, part) => {
    const from = part * each
    const own: LabJob = { ...job, from, count: Math.min(each, count - from) }
    return startTalker('tests/bench/fleet/lab-process.ts', JSON.stringify(own))
  })
  const places = await Promise.all(talkers.map((talker) => talker.hear<LabPlace[]>()))
  const sumOf = async (ask: (talker: Talker) => Promise<number>): Promise<number> => {
    const answers = await Promise.all(talkers.map(ask))
    return answers.reduce((sum, one) => sum + one, 0)
  }
  return {
    places: places.flat(),
    trip: () => sumOf((talker) => talker.ask<number>('trip')),
    change: () => sumOf((talker) => talker.ask<number>('change')),
    cpuS: () => sumOf(async (talker) => (await talker.ask<{ cpuS: number }>('cpu')).cpuS),
    stop: async () => void (await Promise.all(talkers.map((talker) => talker.end()))),
  }
}

export type FleetRuntime = RuntimePlace & {
  /** What was used since the last mark. */
  mark(): Promise<Mark>
  stop(): Promise<void>
}

export async function startFleetRuntime(dataDir: string): Promise<FleetRuntime> {
  const talker = startTalker('tests/bench/fleet/runtime-process.ts', dataDir)
  return {
    ...(await talker.hear<RuntimePlace>()),
    mark: () => talker.ask<Mark>('mark'),
    stop: () => talker.end(),
  }
}
