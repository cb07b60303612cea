import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { makeHostile, parentFor, raceFor, type Kind, type Outcome } from '../support/allocations.ts'
import { emulateConflicts } from '../support/conflicts.ts'
import { startEngine } from '../support/engine.ts'
import { machine, markdownTable, writePart } from './report.ts'

type Measured = { kind: Kind; how: string; asked: number; outcome: Outcome; seconds: number; units: number }

const sizes: [Kind, number, number][] = [
  ['addresses', 500, 10],
  ['prefixes', 500, 10],
  ['vlans', 500, 8],
]

/** 500 callers, each with its request sent twice: within one process, in two processes, and where writes go wrong. */
export async function ipamBench(args: readonly string[]): Promise<void> {
  const share = Number(args[0] ?? 1)
  const all: Measured[] = []
  for (const [kind, callers, each] of sizes) {
    const race = { kind, callers: Math.round(callers * share), each }
    for (const measure of [
      () => inOneProcess(race, false),
      () => inTwoProcesses(race),
      () => inOneProcess(race, true),
    ]) {
      const measured = await measure()
      const { how, outcome, seconds, asked } = measured
      console.log(
        kind,
        how,
        `${new Set(outcome.given).size} of ${asked} in ${seconds.toFixed(1)} s`,
        outcome.failures,
      )
      all.push(measured)
    }
  }
  const rows = all.map(({ kind, how, asked, outcome, seconds, units }) => [
    kind,
    how,
    String(asked),
    String(new Set(outcome.given).size),
    Object.entries(outcome.failures)
      .map(([code, count]) => `${count} ${code}`)
      .join(', ') || 'none',
    String(outcome.different),
    seconds.toFixed(1),
    String(Math.round(asked / seconds)),
    String(Math.round(percentile(outcome.durations, 0.5))),
    String(Math.round(percentile(outcome.durations, 0.99))),
    units === 0 ? '' : (units / asked).toFixed(1),
  ])
  const head = [
    'What',
    'How',
    'Asked',
    'Distinct',
    'Failed calls',
    'Copies that differ',
    's',
    'per s',
    'p50 ms',
    'p99 ms',
    'Write units each',
  ]
  const words =
    'All callers start at the same moment, each with its request sent twice under one Idempotency-Key; a call takes all of its caller at once. Addresses from one /16, prefixes /24 from one /8, VLANs from one group. ' +
    'Two processes: each sends one copy of every request. Faults: writes of one item at the same time conflict, 3 % of all calls are throttled, 3 % are applied but reported as failed.'
  writePart(
    'ipam',
    `## Allocation\n\n${words} ${machine()}; DynamoDB is dynoxide on the same machine.\n\n${markdownTable(head, rows)}`,
  )
}

type Race = { kind: Kind; callers: number; each: number }

async function inOneProcess(race: Race, hasFaults: boolean): Promise<Measured> {
  let units = 0
  const onConsumed = ({ operation, units: used }: { operation: string; units: number }): void => {
    if (operation === 'write' || operation === 'put') units += used
  }
  const started = await startEngine({ onConsumed })
  try {
    const parent = await parentFor(started.engine, race.kind)
    if (hasFaults) {
      emulateConflicts(started.served.client)
      makeHostile(started.served.client, 0.06, Math.random)
    }
    const startedMs = performance.now()
    const outcome = await raceFor([started.engine, started.another()], { ...race, parent })
    const seconds = (performance.now() - startedMs) / 1000
    const how = hasFaults ? 'one process, two engines, faults' : 'one process, two engines'
    return { kind: race.kind, how, asked: race.callers * race.each, outcome, seconds, units }
  } finally {
    await started.stop()
  }
}

async function inTwoProcesses(race: Race): Promise<Measured> {
  const started = await startEngine()
  try {
    const parent = await parentFor(started.engine, race.kind)
    const { name, endpoint } = started.served
    const startedMs = performance.now()
    const outcomes = await Promise.all(
      [0, 1].map(() => allocatingProcess({ ...race, parent, name, endpoint })),
    )
    const seconds = (performance.now() - startedMs) / 1000
    const [first, second] = outcomes
    if (first === undefined || second === undefined) throw new Error('two processes were started')
    const differ = first.given.filter((one, index) => one !== second.given[index]).length
    const outcome: Outcome = {
      given: first.given,
      failures: { ...first.failures, ...second.failures },
      different: differ,
      durations: [...first.durations, ...second.durations],
    }
    return {
      kind: race.kind,
      how: 'two processes',
      asked: race.callers * race.each,
      outcome,
      seconds,
      units: 0,
    }
  } finally {
    await started.stop()
  }
}

async function allocatingProcess(work: Record<string, unknown>): Promise<Outcome> {
  const script = new URL('allocating-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, JSON.stringify(work)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')])
  return JSON.parse(output) as Outcome
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
