import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { compete, type Contest, type Score } from './contest.ts'
import { machine, markdownTable, writePart } from './report.ts'

const deviceCount = 1000
const responseMs = 50
const interfaces = 48

type Row = { tool: string; sessions: number; devices: number; score: Score }

export const netkeep = [process.execPath, 'tests/bench/collect-client.ts']
export const peers = [
  {
    tool: 'Netmiko (Debian)',
    installed: '/usr/lib/python3/dist-packages/netmiko',
    command: ['/usr/bin/python3', 'tests/bench/peers/netmiko_backup.py'],
  },
  {
    tool: 'RANCID (Debian)',
    installed: '/usr/lib/rancid/bin/rancid',
    command: [process.execPath, 'tests/bench/peers/rancid.ts'],
  },
] as const

/** Sessions at once, and on how many of the devices: one at a time over all of them would take many minutes. */
const rounds = [
  { sessions: 1, devices: 50 },
  { sessions: 10, devices: 500 },
  { sessions: 30, devices: 1000 },
  { sessions: 100, devices: 1000 },
] as const
const peerRounds = [
  { sessions: 1, devices: 3 },
  { sessions: 10, devices: 40 },
  { sessions: 30, devices: 120 },
] as const

/** Simulated IOS routers, 50 ms per response, the devices and the client on the same machine. */
export async function collectBench(): Promise<void> {
  const lab = await startLabProcess()
  const rows: Row[] = []
  const skipped: string[] = []
  try {
    for (const { sessions, devices } of rounds) {
      rows.push(await round({ tool: 'netkeep', command: netkeep, sessions }, lab.devices.slice(0, devices)))
    }
    for (const { tool, command, installed } of peers) {
      if (!existsSync(installed)) {
        skipped.push(`${tool} is not installed here: skipped`)
        continue
      }
      for (const { sessions, devices } of peerRounds) {
        rows.push(await round({ tool, command, sessions }, lab.devices.slice(0, devices)))
      }
    }
  } finally {
    lab.child.stdin?.end()
    await once(lab.child, 'exit')
  }
  const text = report(rows, skipped)
  console.log(text)
  writePart('collect', text)
}

async function round(
  contestant: { tool: string; command: readonly string[]; sessions: number },
  devices: Contest['devices'],
): Promise<Row> {
  const { tool, command, sessions } = contestant
  console.log(`${tool}: ${devices.length} devices, ${sessions} at once`)
  const score = await compete(command, { sessions, devices })
  console.log(`  ${perMinute({ devices: devices.length, score })} devices/min, ${score.whole} whole`)
  return { tool, sessions, devices: devices.length, score }
}

async function startLabProcess(): Promise<{ child: ChildProcess; devices: Contest['devices'] }> {
  const job = JSON.stringify({ devices: deviceCount, responseMs, interfaces })
  const child = spawn(process.execPath, ['tests/bench/lab-process.ts', job], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const ports = JSON.parse(line) as { name: string; port: number }[]
  const login = {
    host: '127.0.0.1',
    username: 'backup',
    password: 'bench-password',
    secret: 'bench-password',
  }
  return { child, devices: ports.map((device) => ({ ...device, ...login })) }
}

const perMinute = ({ devices, score }: { devices: number; score: Score }): number =>
  Math.round((devices / score.wallS) * 60)

function report(rows: readonly Row[], skipped: readonly string[]): string {
  const single = rows.find(({ tool, sessions }) => tool === 'netkeep' && sessions === 1)
  const table = markdownTable(
    ['Tool', 'Sessions at once', 'Devices', 'Whole', 'Devices/min', 'CPU ms/device', 'Peak MiB'],
    rows.map(({ tool, sessions, devices, score }) => [
      tool,
      String(sessions),
      String(devices),
      String(score.whole),
      String(perMinute({ devices, score })),
      ((score.cpuS / devices) * 1000).toFixed(1),
      score.peakKiB === 0 ? 'not measured' : (score.peakKiB / 1024).toFixed(0),
    ]),
  )
  const best = Math.max(
    0,
    // A contestant that brings nothing home is not quick.
    ...rows
      .filter(({ tool, sessions, score }) => tool !== 'netkeep' && sessions === 30 && score.whole > 0)
      .map(perMinute),
  )
  const ours = rows.find(({ tool, sessions }) => tool === 'netkeep' && sessions === 30)
  const ratio =
    ours === undefined || best === 0 ? 'no peer to compare with' : `${(perMinute(ours) / best).toFixed(1)} ×`
  const scaling = rows
    .filter(({ tool }) => tool === 'netkeep')
    .map((row) => `${row.sessions}: ${single ? (perMinute(row) / perMinute(single)).toFixed(1) : '-'} ×`)
  return [
    '## Collecting over SSH',
    '',
    `${deviceCount} simulated IOS routers (${responseMs} ms per response, ${interfaces} interfaces), on the same machine as the client: ${machine()}.`,
    'Each tool logs in, reads the running configuration and leaves; RANCID also runs its own list of some seventy commands.',
    '',
    table,
    '',
    `At 30 sessions netkeep does **${ratio}** the devices per minute of the better peer. Against one session at a time: ${scaling.join(', ')}.`,
    ...skipped.map((line) => `\n${line}.`),
  ].join('\n')
}
