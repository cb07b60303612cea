import { existsSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { apiCaller, type Api } from '../../local/demo/api.ts'
import { loadDevices, startRun, type Placed, type Result, type Run } from '../support/backups.ts'
import { newFolder } from '../support/product.ts'
import { netkeep, peers } from './collect.ts'
import { compete, type Score } from './contest.ts'
import { startFleetLab, startFleetRuntime, type FleetLab, type FleetRuntime } from './fleet/processes.ts'
import type { FleetRun, PeerRow } from './fleet/figures.ts'
import { reportFleet } from './fleet/report.ts'
import { shareOf } from './fleet/shares.ts'
import { writePart } from './report.ts'

const fleet = { devices: 10_000, responseMs: 50, interfaces: 440, sites: 40 } as const

const password = 'bench-password'
const labProcesses = 2
/** What one request of the API may create. */
const devicesAtOnce = 250
const runMsMax = 30 * 60_000
const pollMs = 1000
const peerDevices = 120
const peerSessions = 30
const oneBatch = 25

/**
 * `npm run bench -- fleet [part of the size]`: three runs over a whole network through the product on the local runtime
 * (everything is new; one in ten has changed; nothing has), what each used, and other tools on some of the devices.
 */
export async function fleetBench([size = '1']: readonly string[]): Promise<void> {
  const devices = Math.round(fleet.devices * Number(size))
  const dataDir = newFolder('bench-fleet')
  const [lab, runtime] = await Promise.all([
    startFleetLab(devices, labProcesses, { ...fleet, password }),
    startFleetRuntime(dataDir),
  ])
  try {
    const api = apiCaller(runtime.url, runtime.token)
    say(`${devices} devices stand; making the inventory`)
    const ids = await loadInventory(api, lab)
    const alone = await measureOneBatch({ api, runtime, lab }, ids)
    const ground = { api, runtime, lab }
    const runs = [await measureRun(ground, 'everything is new', {})]
    say(`${await lab.change()} devices changed`)
    runs.push(await measureRun(ground, 'one in ten changed', {}))
    runs.push(await measureRun(ground, 'nothing changed', {}))
    const rows = await measurePeers(lab)
    const report = reportFleet({ devices, responseMs: fleet.responseMs, runs, alone, peers: rows })
    console.log(report)
    if (Number(size) === 1) writePart('fleet', report)
  } finally {
    await Promise.all([lab.stop(), runtime.stop()])
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const say = (text: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`)

/** @returns the devices' ids by name. */
async function loadInventory(api: Api, { places }: FleetLab): Promise<Map<string, number>> {
  const placed = places.map(({ name, host, port, index }): Placed => ({
    name,
    driver: 'cisco_ios',
    host,
    port,
    site: `site-${String(index % fleet.sites).padStart(2, '0')}`,
  }))
  const startedMs = performance.now()
  // Who refuses the password has one of its own: failed logins are counted by device, and none waits for another.
  await api.post('/backups/aaa-realms/', [{ name: 'devices', local_accounts: true }])
  const login = { name: 'bench', username: 'backup', password, aaa_realm: { name: 'devices' } }
  const ids = await loadDevices(api, placed.slice(0, devicesAtOnce), [login])
  for (let from = devicesAtOnce; from < placed.length; from += devicesAtOnce) {
    const created = await api.post<{ id: number; name: string }[]>(
      '/dcim/devices/',
      placed.slice(from, from + devicesAtOnce).map(({ name, host, port, site }) => ({
        name,
        site: { slug: site },
        device_type: { slug: 'any' },
        role: { slug: 'any' },
        platform: { slug: 'cisco_ios' },
        management_address: host,
        management_port: port,
      })),
    )
    for (const { id, name } of created) ids.set(name, id)
  }
  say(`inventory made in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`)
  return ids
}

type Ground = { api: Api; runtime: FleetRuntime; lab: FleetLab }

/** A batch with nobody beside it, one dead device in it: what its Lambda would last. */
async function measureOneBatch(ground: Ground, ids: ReadonlyMap<string, number>): Promise<FleetRun> {
  const { places } = ground.lab
  const dead = places.filter(({ index }) => shareOf(index) === 'dead').slice(0, 1)
  const steady = places.filter(({ index }) => shareOf(index) === 'steady').slice(0, oneBatch - dead.length)
  const chosen = [...steady, ...dead].flatMap(({ name }) => ids.get(name) ?? [])
  return measureRun(ground, 'one batch alone', { devices: chosen })
}

async function measureRun(
  { api, runtime, lab }: Ground,
  what: string,
  target: Record<string, unknown>,
): Promise<FleetRun> {
  const tripped = target['devices'] === undefined ? await lab.trip() : 0
  await runtime.mark()
  const labCpuBefore = await lab.cpuS()
  const startedMs = performance.now()
  const run = await ended(api, await startRun(api, target))
  const seconds = (performance.now() - startedMs) / 1000
  const mark = await runtime.mark()
  const labCpuS = (await lab.cpuS()) - labCpuBefore
  say(`${what}: ${run.total} devices in ${seconds.toFixed(0)} s, ${run.status.value}`)
  return { what, run, seconds, mark, labCpuS, tripped, ...(await readOutcome(api, run)) }
}

/** Asked seldom: what asks is a part of the product that is being measured. */
async function ended(api: Api, id: number): Promise<Run> {
  const deadline = performance.now() + runMsMax
  while (performance.now() < deadline) {
    await sleep(pollMs)
    const run = await api.get<Run & { finished: string | null }>(`/backups/runs/${id}/`)
    if (run.finished !== null) return run
  }
  throw new Error(`run ${id} did not end`)
}

/** How the devices ended, from the pages of the results. */
async function readOutcome(api: Api, run: Run): Promise<Pick<FleetRun, 'categories' | 'gained'>> {
  const categories: Record<string, number> = {}
  let gained = 0
  for (let offset = 0; offset < run.total; offset += 1000) {
    const page = await api.get<{ results: Result[] }>(
      `/backups/runs/${run.id}/results/?limit=1000&offset=${offset}`,
    )
    for (const { device, status, category, detail, pass } of page.results) {
      if (category === 'internal' && categories[category] === undefined) say(`  ${device.name}: ${detail}`)
      if (category !== null) categories[category] = (categories[category] ?? 0) + 1
      if (pass === 2 && status !== 'failed') gained += 1
    }
  }
  return { categories, gained }
}

/** The same healthy devices for each tool, one tool after the other; our collector without the workflow among them. */
async function measurePeers({ places }: FleetLab): Promise<PeerRow[]> {
  const devices = places
    .filter(({ index }) => shareOf(index) === 'steady')
    .slice(0, peerDevices)
    .map(({ name, host, port }) => ({ name, host, port, username: 'backup', password, secret: password }))
  const tools = [{ tool: 'netkeep, the collector alone', installed: '', command: netkeep }, ...peers]
  const rows: PeerRow[] = []
  for (const { tool, command, installed } of tools) {
    if (installed !== '' && !existsSync(installed)) {
      rows.push({ tool, sessions: peerSessions, devices: devices.length, score: undefined })
      continue
    }
    say(`${tool}: ${devices.length} devices, ${peerSessions} at once`)
    const score: Score = await compete(command, { sessions: peerSessions, devices })
    rows.push({ tool, sessions: peerSessions, devices: devices.length, score })
  }
  return rows
}
