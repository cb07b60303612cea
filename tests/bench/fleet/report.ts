import { machine, markdownTable } from '../report.ts'
import { extrapolate } from './extrapolate.ts'
import { isOfRun, putsOf, sumOf, type FleetFigures, type FleetRun, type PeerRow } from './figures.ts'
import type { Used } from './meter.ts'

export function reportFleet(figures: FleetFigures): string {
  const { devices, responseMs, runs, peers } = figures
  return [
    '## A whole network in one run',
    '',
    `${devices} simulated IOS routers, ${responseMs} ms per response, configurations of 60 KB: of a thousand, 50 never answer (packets to them are lost), 20 refuse the password, 30 break their first connection of each run in the middle, and 100 are changed between the first and the second run. The product, its local runtime, DynamoDB (dynoxide) and the devices share one machine: ${machine()}.`,
    '',
    'A run goes the whole way: the API, Step Functions, 25 devices a batch and 60 batches at once, SSH, S3, the table, the second pass, one git commit.',
    '',
    runsTable(runs),
    '',
    ...runs.map(({ what, categories }) => `- ${what}: failed were ${listed(categories)}.`),
    '',
    '### What a device costs',
    '',
    'Counted where the calls of all functions pass. Units are those DynamoDB says it took; a transition is a state entered, a further try, or the start of an execution, those of the Map’s children included. The stream’s consumers are in it, requests to the API are not.',
    '',
    usedTable(runs),
    '',
    `By function, in all, in the run “${runs[1]?.what ?? ''}”:`,
    '',
    functionsTable(runs[1]),
    '',
    '### Memory and CPU',
    '',
    'Heaps with the buffers outside of them, the largest seen of one worker. Here a worker has ten batches at a time, on Lambda one.',
    '',
    memoryTable([figures.alone, ...runs]),
    '',
    ...extrapolate(figures),
    '',
    '### Other tools on the same devices',
    '',
    'Devices of the network above that answer, in the same run, one tool after the other: login, the running configuration, logout. RANCID also runs its own list of some seventy commands.',
    '',
    peersTable(peers),
  ].join('\n')
}

function runsTable(runs: readonly FleetRun[]): string {
  return markdownTable(
    [
      'Run',
      'Devices',
      'Changed',
      'Unchanged',
      'Failed',
      'Seconds',
      'Devices/min',
      'Good only in the second pass',
    ],
    runs.map(({ what, run, seconds, gained, tripped }) => [
      what,
      ...[run.total, run.changed, run.unchanged, run.failed].map(String),
      seconds.toFixed(0),
      String(Math.round((run.total / seconds) * 60)),
      `${gained}, of ${tripped} that broke off`,
    ]),
  )
}

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'none'

function usedTable(runs: readonly FleetRun[]): string {
  const each = (run: FleetRun, count: (used: Used) => number): string =>
    (sumOf(run, count) / run.run.total).toFixed(2)
  return markdownTable(
    [
      'Run',
      'S3 PUTs',
      'S3 GETs',
      'Items written',
      'Write units',
      'Read units',
      'KMS calls',
      'Transitions',
      'Invocations',
    ],
    runs.map((run) => [
      run.what,
      each(run, putsOf),
      each(run, ({ gets }) => gets),
      each(run, ({ itemsWritten }) => itemsWritten),
      each(run, ({ writeUnits }) => writeUnits),
      each(run, ({ readUnits }) => readUnits),
      each(run, ({ kms }) => kms),
      each(run, ({ transitions }) => transitions),
      each(run, ({ invocations }) => invocations),
    ]),
  )
}

function functionsTable(run: FleetRun | undefined): string {
  return markdownTable(
    [
      'Function',
      'Invocations',
      'Seconds in all',
      'S3 PUTs',
      'S3 GETs',
      'Write units',
      'Read units',
      'KMS calls',
      'Transitions',
    ],
    Object.entries(run?.mark.used ?? {})
      .filter(isOfRun)
      .map(([name, used]) => [
        name,
        String(used.invocations),
        (used.invokedMs / 1000).toFixed(1),
        listed(used.puts),
        ...[used.gets, used.writeUnits, used.readUnits, used.kms, used.transitions].map(String),
      ]),
  )
}

function memoryTable(runs: readonly FleetRun[]): string {
  const mib = (bytes = 0): string => (bytes / 2 ** 20).toFixed(0)
  return markdownTable(
    [
      'Run',
      'Devices',
      'Collector MiB',
      'Plan MiB',
      'Commit MiB',
      'Whole runtime, RSS MiB',
      'Its CPU, ms/device',
      'Devices’ CPU, ms/device',
    ],
    runs.map(({ what, run, mark, labCpuS }) => [
      what,
      String(run.total),
      mib(mark.peakHeapBytes['collect-devices']),
      mib(mark.peakHeapBytes['plan-backup']),
      mib(mark.peakHeapBytes['commit-backup']),
      mib(mark.peakRssBytes),
      ((mark.cpuS / run.total) * 1000).toFixed(1),
      ((labCpuS / run.total) * 1000).toFixed(1),
    ]),
  )
}

function peersTable(peers: readonly PeerRow[]): string {
  return markdownTable(
    ['Tool', 'Sessions at once', 'Devices', 'Whole', 'Devices/min', 'CPU ms/device', 'Peak MiB'],
    peers.map(({ tool, sessions, devices, score }) => [
      tool,
      String(sessions),
      String(devices),
      ...(score === undefined
        ? ['not installed here', '-', '-', '-']
        : [
            String(score.whole),
            String(Math.round((devices / score.wallS) * 60)),
            ((score.cpuS / devices) * 1000).toFixed(1),
            score.peakKiB === 0 ? 'not measured' : (score.peakKiB / 1024).toFixed(0),
          ]),
    ]),
  )
}
