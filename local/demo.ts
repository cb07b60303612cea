import { readCommandLine } from './command-line.ts'
import { apiCaller } from './demo/api.ts'
import { loadInventory, type Placed } from './demo/load-inventory.ts'
import { demoDevices } from './demo/network.ts'
import { printResults, printWayOn } from './demo/print.ts'
import { showCommit } from './demo/show-commit.ts'
import { readResults, watchRun } from './demo/watch-run.ts'
import { adminToken } from './admin-token.ts'
import { frrMissing, startFrrRouter, type FrrRouter } from './lab/frr-router.ts'
import { startLab, type Lab } from './lab/lab.ts'
import { startRuntime } from './runtime.ts'

/**
 * The product on a fresh data folder, with a network to keep: inventory and credentials by the API, two backups with
 * something changed in between, then it goes on serving.
 */
const { dataDir, port, context } = readCommandLine({ dataDir: '.data/demo', port: 8080 })
const startedMs = performance.now()

console.log('Starting netkeep …')
const runtime = await startRuntime({ dataDir, port, context, reset: true })
console.log(`  ${runtime.url} after ${seconds()} s`)

console.log('Starting the demo network …')
const lab = await startLab({ devices: demoDevices.map((device) => device.lab) })
const router = await startRouter()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(lab, router))

const token = await adminToken(runtime)
const cloneUrl = `${runtime.url.replace('://', `://netkeep:${token}@`)}/git/configs.git`
const api = apiCaller(runtime.url, token)
const placed: Placed[] = router === undefined ? [] : [routerPlace(router)]
const count = await loadInventory(api, lab.devices, placed)
console.log(
  `  ${count} devices of ${new Set(demoDevices.map(({ family }) => family)).size} simulated platforms`,
)

console.log('\nFirst backup: everything is new')
const first = await watchRun(api)
printResults(await readResults(api, first.id))

await workOnTheNetwork(lab, router)
console.log('\nSecond backup: somebody has been at work meanwhile')
const second = await watchRun(api)
await showCommit(cloneUrl, second.commit)
printWayOn({ url: runtime.url, token, dataDir, cloneUrl })

async function startRouter(): Promise<FrrRouter | undefined> {
  const missing = frrMissing()
  if (missing === undefined) return startFrrRouter({ name: 'den-frr-01' })
  console.log(`  no real router here (${missing})`)
  return undefined
}

function routerPlace({ host, port: sshPort, username, password }: FrrRouter): Placed {
  const login = { username, password }
  return { name: 'den-frr-01', site: 'den-lab', family: 'frr', host, port: sshPort, login }
}

async function workOnTheNetwork({ devices }: Lab, frr: FrrRouter | undefined): Promise<void> {
  for (const name of ['ams-nxos-01', 'ber-eos-02', 'chi-junos-01', 'chi-routeros-02']) {
    devices.find((device) => device.name === name)?.change()
  }
  await frr?.addNeighbor('192.0.2.77', 64_577, 'Secret-Peer-Word')
}

async function stop(simulated: Lab, frr: FrrRouter | undefined): Promise<void> {
  console.log('\nStopping …')
  await Promise.all([simulated.stop(), frr?.stop()])
  await runtime.stop()
  process.exit(0)
}

function seconds(): string {
  return ((performance.now() - startedMs) / 1000).toFixed(1)
}
