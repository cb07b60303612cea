import { markdownTable } from '../report.ts'
import { putsOf, sumOf, type FleetFigures, type FleetRun } from './figures.ts'
import type { Used } from './meter.ts'

/** Dollars for one, on demand, us-east-1: AWS's price list of 2026-08-09. */
const prices = {
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  put: 0.005 / 1e3,
  get: 0.0004 / 1e3,
  kmsCall: 0.03 / 1e4,
  transition: 25 / 1e6,
  invocation: 0.2 / 1e6,
  gigabyteSecond: 0.000_013_333_4,
} as const

const fleetSize = 50_000
const nights = 30
const batchSize = 25
const concurrencies = [40, 60, 100, 400] as const

type Line = { what: string; each: number; price: number }

/** What 50,000 devices would cost and last on AWS, from what the run used for each. */
export function extrapolate({ runs, alone }: FleetFigures): string[] {
  const batchS = (alone.mark.used['collect-devices']?.longestMs ?? 0) / 1000
  const tables = [runs[1], runs[2]].flatMap((run) => (run === undefined ? [] : [costOf(run, alone, batchS)]))
  return [
    `### ${fleetSize} devices on AWS, extrapolated`,
    '',
    `The units counted above for each device, times ${fleetSize}, at list prices (us-east-1, AWS’s price list of 2026-08-09, nothing free), ${nights} nights a month. Seconds of the collector are those of a batch of 25 that has the machine for itself, one of its devices dead: ${batchS.toFixed(1)} s. Storage, network and what is fixed by the month are not in it.`,
    '',
    ...tables.flatMap((table) => [table, '']),
    `A run lasts, without its plan, rest, second pass and commit, ${fleetSize / batchSize} batches of ${batchS.toFixed(1)} s:`,
    '',
    markdownTable(
      ['Batches at once', ...concurrencies.map(String)],
      [['Minutes', ...concurrencies.map((atOnce) => minutesAt(atOnce, batchS).toFixed(1))]],
    ),
  ]
}

const minutesAt = (atOnce: number, batchS: number): number =>
  (Math.ceil(fleetSize / batchSize / atOnce) * batchS) / 60

function costOf(run: FleetRun, alone: FleetRun, batchS: number): string {
  const each = (count: (used: Used) => number): number => sumOf(run, count) / run.run.total
  const lines: Line[] = [
    { what: 'DynamoDB write units', each: each(({ writeUnits }) => writeUnits), price: prices.writeUnit },
    { what: 'DynamoDB read units', each: each(({ readUnits }) => readUnits), price: prices.readUnit },
    { what: 'S3 PUTs', each: each(putsOf), price: prices.put },
    { what: 'S3 GETs', each: each(({ gets }) => gets), price: prices.get },
    { what: 'KMS calls', each: each(({ kms }) => kms), price: prices.kmsCall },
    { what: 'State transitions', each: each(({ transitions }) => transitions), price: prices.transition },
    { what: 'Invocations', each: each(({ invocations }) => invocations), price: prices.invocation },
    { what: 'Lambda GB-seconds', each: gigabyteSeconds(run, alone, batchS), price: prices.gigabyteSecond },
  ]
  const cost = ({ each, price }: Line): number => each * price * fleetSize
  const total = lines.reduce((sum, line) => sum + cost(line), 0)
  const dollars = (value: number): string => `$${value.toFixed(2)}`
  return markdownTable(
    [`Run “${run.what}”`, 'For a device', 'A night', '$ a night', '$ a month'],
    [
      ...lines.map((line) => [
        line.what,
        line.each.toFixed(2),
        Math.round(line.each * fleetSize).toLocaleString('en'),
        dollars(cost(line)),
        dollars(cost(line) * nights),
      ]),
      ['all', '', '', dollars(total), dollars(total * nights)],
    ],
  )
}

/** For a device: the collector as it would be alone, the others as they were. */
function gigabyteSeconds({ run, mark }: FleetRun, { mark: aloneMark }: FleetRun, batchS: number): number {
  const gigabytes = (name: string): number => (aloneMark.megabytes[name] ?? 0) / 1024
  const others = Object.entries(mark.used)
    .filter(([name]) => name !== 'collect-devices' && name !== 'backups')
    .reduce((sum, [name, { invokedMs }]) => sum + (invokedMs / 1000) * gigabytes(name), 0)
  const batches = mark.used['collect-devices']?.invocations ?? 0
  return (batches * batchS * gigabytes('collect-devices') + others) / run.total
}
