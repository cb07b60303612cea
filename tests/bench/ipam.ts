import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { mainTable } from '../../local/runtime.ts'
import type { Fault } from '../../local/service.ts'
import { createEngine } from '../../shared/model/engine.ts'
import { registry } from '../../shared/models.ts'
import { documentOptions, dynamoTable } from '../../shared/table/dynamo-table.ts'
import { raceInProcess, type Reached } from '../support/allocating.ts'
import { parentFor, raceFor, type Kind, type Outcome } from '../support/allocations.ts'
import { seal, startEngine } from '../support/engine.ts'
import { startProduct } from '../support/product.ts'
import { addCosts, countCost, sum, type Cost } from './allocation-cost.ts'
import { machine, markdownTable, writePart } from './report.ts'

type Race = { kind: Kind; callers: number; each: number }
type Ran = { outcome: Outcome; cost: Cost; seconds: number }
type Measured = Ran & { race: Race; how: string }

const sizes: readonly Race[] = [
  { kind: 'addresses', callers: 500, each: 10 },
  { kind: 'prefixes', callers: 500, each: 10 },
  { kind: 'vlans', callers: 500, each: 8 },
]

const ways: Readonly<Record<string, (race: Race) => Promise<Ran>>> = {
  'one process, two engines': inOneProcess,
  'two processes': inTwoProcesses,
  'two processes through the gateway, faults': throughGateway,
}

/** Each of all calls of DynamoDB, with the emulation of conflicts that the gateway always has. */
const faults: readonly Fault[] = (['throttle', 'applied_but_failed'] as const).map((kind) => ({
  service: 'dynamodb',
  action: '*',
  share: 0.03,
  times: Infinity,
  effect: { kind },
}))

/**
 * 500 callers, each with its request sent twice: within one process, in two processes, and where writes go wrong.
 * `npm run bench -- ipam [share of the callers] [addresses | prefixes | vlans]`: only all of it is written down.
 */
export async function ipamBench([share = '1', only]: readonly string[]): Promise<void> {
  const all: Measured[] = []
  for (const size of sizes.filter(({ kind }) => only === undefined || kind === only)) {
    const race = { ...size, callers: Math.round(size.callers * Number(share)) }
    for (const [how, run] of Object.entries(ways)) {
      const measured = { ...(await run(race)), race, how }
      console.log(rowOf(measured).join(' | '))
      all.push(measured)
    }
  }
  if (share === '1' && only === undefined) report(all)
}

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
  'Reads per caller',
  'Write units each',
  'Cancelled transactions',
]

function rowOf({ race, how, outcome, cost, seconds }: Measured): string[] {
  const { kind, callers, each } = race
  const asked = callers * each
  const failed = Object.entries(outcome.failures).map(([code, count]) => `${count} ${code}`)
  return [
    kind,
    how,
    String(asked),
    String(new Set(outcome.given).size),
    failed.join(', ') || 'none',
    String(outcome.different),
    seconds.toFixed(1),
    String(Math.round(asked / seconds)),
    String(Math.round(percentile(outcome.durations, 0.5))),
    String(Math.round(percentile(outcome.durations, 0.99))),
    (cost.reads / callers).toFixed(1),
    (cost.writeUnits / asked).toFixed(1),
    String(cost.cancelled),
  ]
}

function report(all: readonly Measured[]): void {
  const words =
    'All callers start at the same moment, each with its request sent twice under one Idempotency-Key; a call takes all of its caller at once. Addresses from one /16, prefixes /24 from one /8, VLANs from one group. ' +
    'Two processes: each sends one copy of every request. Through the gateway: the whole product runs, and both processes reach its table by its AWS endpoint, where writes of one item at the same time conflict, 3 % of all calls are throttled and 3 % are applied but reported as failed. ' +
    'Reads per caller are calls of both copies; a transaction is cancelled by a conflict or because others were faster, and tried again.'
  const rows = all.map(rowOf)
  writePart(
    'ipam',
    `## Allocation\n\n${words} ${machine()}; DynamoDB is dynoxide on the same machine.\n\n${markdownTable(head, rows)}`,
  )
}

async function inOneProcess(race: Race): Promise<Ran> {
  const { cost, onConsumed, watch } = countCost()
  const started = await startEngine({ onConsumed })
  try {
    const parent = await parentFor(started.engine, race.kind)
    watch(started.served.client)
    const startedMs = performance.now()
    const outcome = await raceFor([started.engine, started.another()], { ...race, parent })
    return { outcome, cost, seconds: (performance.now() - startedMs) / 1000 }
  } finally {
    await started.stop()
  }
}

async function inTwoProcesses(race: Race): Promise<Ran> {
  const started = await startEngine()
  try {
    const parent = await parentFor(started.engine, race.kind)
    const { name, endpoint } = started.served
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    return await twoProcesses({ ...race, parent }, { name, reached: { endpoint, region, credentials } })
  } finally {
    await started.stop()
  }
}

const region = 'eu-central-1'

async function throughGateway(race: Race): Promise<Ran> {
  const product = await startProduct()
  const { runtime } = product
  try {
    const reached = runtime.host.sdk({ kind: 'operator' })
    const name = mainTable(runtime.resources) ?? ''
    const low = new DynamoDBClient(reached)
    const table = dynamoTable({ client: DynamoDBDocumentClient.from(low, documentOptions), name })
    const engine = createEngine({ table, registry, seal, now: () => new Date() })
    const parent = await parentFor(engine, race.kind)
    low.destroy()
    for (const fault of faults) runtime.faults.add(fault)
    return await twoProcesses({ ...race, parent }, { name, reached })
  } finally {
    await product.stop()
  }
}

async function twoProcesses(
  race: Race & { parent: number },
  where: { name: string; reached: Reached },
): Promise<Ran> {
  const startedMs = performance.now()
  const reports = await Promise.all([0, 1].map(() => raceInProcess(race, where)))
  const seconds = (performance.now() - startedMs) / 1000
  const [first, second] = reports.map(({ outcome }) => outcome)
  if (first === undefined || second === undefined) throw new Error('two processes were started')
  const codes = new Set([...Object.keys(first.failures), ...Object.keys(second.failures)])
  const failures = [...codes].map((code) => [
    code,
    sum([first, second].map((one) => one.failures[code] ?? 0)),
  ])
  const outcome: Outcome = {
    // What only one copy was answered was given out all the same.
    given: [...new Set([...first.given, ...second.given])],
    failures: Object.fromEntries(failures) as Outcome['failures'],
    answers: first.answers.map((answer, index) => answer ?? second.answers[index]),
    different: first.answers.filter((answer, index) => answer !== second.answers[index]).length,
    durations: [...first.durations, ...second.durations],
  }
  return { outcome, cost: addCosts(reports.map(({ cost }) => cost)), seconds }
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
