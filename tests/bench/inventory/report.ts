import { machine, markdownTable } from '../report.ts'
import type { Filled } from './fill.ts'
import type { Seen } from './handler.ts'
import type { Served } from './http.ts'
import type { Latency } from './latency.ts'
import type { Races } from './races.ts'
import { rowsOf, type Size } from './sizes.ts'

export type Measured = {
  size: Size
  filled: Filled
  built: { rows: number; bytes: number; seconds: number }
  handler: Seen
  served: Served
}

const ms = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(1))
const count = (value: number): string => value.toLocaleString('en')

export function reportInventory(measured: readonly Measured[], races: Races): string {
  const last = measured.at(-1)
  return [
    '## Inventory',
    '',
    `On one machine with the client and the database: ${machine()}. DynamoDB is dynoxide, over HTTP; each question is asked a little otherwise every time, one after the other.`,
    ...measured.map(sizeText),
    '',
    '### At the handler',
    '',
    'From the request to the text of the answer, authentication included. Units are those DynamoDB counts for one call.',
    '',
    latencyTable(measured, ({ handler }) => [handler.any, ...handler.warm], true),
    '',
    '### Through HTTP',
    '',
    'Through `npm start`: the HTTP door, a worker thread per function, and the gateway that authorises each SDK call.',
    '',
    latencyTable(measured, ({ served }) => [served.any, ...served.warm], false),
    '',
    '### A full read by pynetbox 7.0.0',
    '',
    readTable(measured),
    '',
    `NetBox's published figures for such a read are 415 to 1,965 rows a second.${last?.served.skipped === undefined ? '' : ` ${last.served.skipped}: not measured.`}`,
    '',
    '### Start and memory',
    '',
    startTable(measured),
    '',
    '### Races',
    '',
    racesText(races),
  ].join('\n')
}

const sizeText = ({ size, filled }: Measured): string =>
  `\n- ${count(size.devices)} devices, ${count(size.machines)} virtual machines, ${count(size.interfaces)} interfaces, ${count(size.addresses)} addresses, ${count(size.prefixes)} prefixes: ${count(rowsOf(size))} rows, ${count(filled.items)} items with guards, references and change records, filled in ${filled.seconds.toFixed(0)} s.`

const headOf = ({ size }: Measured, what: string): string => `${count(size.devices)}: ${what}`

function latencyTable(
  measured: readonly Measured[],
  latenciesOf: (one: Measured) => readonly Latency[],
  hasUnits: boolean,
): string {
  const [first] = measured
  const names = first === undefined ? [] : latenciesOf(first).map(({ name }) => name)
  const columns = measured.flatMap((one) => [
    headOf(one, 'p50 ms'),
    headOf(one, 'p99 ms'),
    ...(hasUnits ? [headOf(one, 'units')] : []),
  ])
  const rows = names.map((name) => [
    name,
    ...measured.flatMap((one) => {
      const found = latenciesOf(one).find((latency) => latency.name === name)
      return [ms(found?.p50), ms(found?.p99), ...(hasUnits ? [ms(found?.units)] : [])]
    }),
  ])
  return markdownTable(['Question', ...columns], rows)
}

const readTable = (measured: readonly Measured[]): string =>
  markdownTable(
    ['Devices', 'Mode', 'Seconds', 'Rows/s'],
    measured.flatMap(({ served }) =>
      served.reads.map(({ mode, rows, seconds }) => [
        count(rows),
        mode,
        seconds.toFixed(1),
        count(Math.round(rows / seconds)),
      ]),
    ),
  )

const startTable = (measured: readonly Measured[]): string =>
  markdownTable(
    [
      'Devices',
      'Modules loaded, ms',
      'First list with snapshots, ms',
      'its read units',
      'First list without, ms',
      'First list through HTTP, ms',
      'Snapshots, MB',
      'Built in, s',
      'Heap with all catalogs, MiB',
      'Process, MiB',
    ],
    measured.map(({ size, handler, built, served }) => [
      count(size.devices),
      ms(handler.loadMs),
      ms(handler.cold.first),
      ms(handler.cold.units),
      ms(handler.coldWithout),
      ms(served.first),
      (built.bytes / 1e6).toFixed(1),
      built.seconds.toFixed(1),
      handler.heapMiB.toFixed(0),
      handler.rssMiB.toFixed(0),
    ]),
  )

const racesText = ({ devices, deletions }: Races): string =>
  [
    `- ${count(devices.count)} devices made by ${devices.callers} callers at once in one site, transactions in conflict as DynamoDB has them: ${count(devices.failed)} failed, ${count(devices.conflicts)} conflicts (${((100 * devices.conflicts) / devices.count).toFixed(1)} for each hundred devices), all of them retried; ${devices.seconds.toFixed(0)} s.`,
    `- A site deleted while devices are being added to it, ${count(deletions.runs)} times: ${count(deletions.orphans)} orphans; ${count(deletions.deleted)} sites went, ${count(deletions.kept)} were kept by a device.`,
  ].join('\n')
