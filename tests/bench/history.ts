import { rmSync } from 'node:fs'
import { settlePacks, type Settled } from '../../shared/git/settle.ts'
import { git } from '../support/git-repository.ts'
import { newFolder } from '../support/product.ts'
import { startStoredConfigs, type StoredConfigs } from '../support/stored-configs.ts'
import { makeDevices, nameNewest, storeRun, type Stored } from './history/fill.ts'
import { listedPacks, measureQuestions, measureTransfer, type TableMeter } from './history/measure.ts'
import { authorsOfRun, historyOf, type Changed } from './history/network.ts'
import { measureLog, measurePlainGit, secondsSince } from './history/plain-git.ts'
import { reportHistory } from './history/report.ts'
import { writePart } from './report.ts'

const part = 0.1
const calls = 200
const dayMs = 24 * 3600_000
/** After the history: what a fetch brings, and what one more settling costs. */
const moreRuns = Math.ceil(9 / authorsOfRun)
const full = { devices: 1000, runs: 365 } as const

/**
 * `npm run bench -- history [devices] [runs]`: a year of runs, each with one device in ten changed, by the product's
 * own commits and by plain git beside it; how large it is, how long git takes to clone it, and what questions cost.
 */
export async function historyBench([devices = '1000', runs = '365']: readonly string[]): Promise<void> {
  const size = { devices: Number(devices), runs: Number(runs), part }
  const folder = newFolder('bench-history')
  const meter = tableMeter()
  const configs = await startStoredConfigs(undefined, { onConsumed: (consumed) => meter.note(consumed) })
  try {
    const product = await measureProduct(configs, meter, size)
    await configs.stop()
    const plain = await measurePlainGit(folder, historyOf(size), { devices: size.devices, say })
    const report = reportHistory({ ...size, ...product, plain })
    console.log(report)
    if (size.devices === full.devices && size.runs === full.runs) writePart('history', report)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Size = { devices: number; runs: number; part: number }

async function measureProduct(configs: StoredConfigs, meter: TableMeter, size: Size) {
  const { repository } = configs
  const { stores } = repository
  const { runs, devices } = size
  let at = Date.parse('2025-11-01T02:00:00Z')
  stores.now = () => new Date(at)
  say(`${devices} devices`)
  const stored = await makeDevices(configs, devices)
  const history = historyOf({ ...size, runs: runs + 2 * moreRuns })[Symbol.iterator]()
  let run = 0
  const fill = async (count: number): Promise<void> => {
    for (const until = run + count; run < until;) {
      run += 1
      at += dayMs
      const { value: changed = [] }: { value?: Changed[] } = history.next()
      await storeRun(configs, stored, { run, at: new Date(at), changed })
      if (run % 25 === 0) say(`${run} runs stored`)
    }
  }
  const storedMs = performance.now()
  await fill(runs)
  const storedSeconds = secondsSince(storedMs)
  const unsettled = { ...(await listedPacks(configs)), clone: await cloneOnce(configs) }
  const settling = await settle(configs)
  at += dayMs
  const deleted = (await settle(configs)).done.deleted
  const settled = { ...(await listedPacks(configs)), clone: await cloneOnce(configs) }
  const { path } = settled.clone.value
  const logMs = await measureLog(path, devices)
  say('fetches')
  await fill(1)
  const fetch = await measureTransfer(configs, () => git(path, 'fetch', '--quiet'))
  await fill(2 * moreRuns - 1)
  const again = await settle(configs)
  const lateFetch = await measureTransfer(configs, () => git(path, 'fetch', '--quiet'))
  const fsck = await git(path, 'fsck', '--strict', '--full')
  if (/error|missing|warning/.test(fsck)) throw new Error(`git complains: ${fsck}`)
  const questions = await measureSearched(configs, { meter, stored })
  return { storedSeconds, unsettled, settling, deleted, settled, logMs, fetch, again, lateFetch, questions }
}

async function measureSearched(
  configs: StoredConfigs,
  { meter, stored }: { meter: TableMeter; stored: Stored },
) {
  say('questions')
  configs.repository.stores.now = () => new Date()
  await nameNewest(configs, stored)
  await configs.index()
  const ids = [...stored.states.values()]
    .filter(({ sequence }) => sequence > 1)
    .map(({ deviceId }) => deviceId)
  return measureQuestions(configs, meter, { ids, calls })
}

async function cloneOnce(configs: StoredConfigs) {
  say('cloning')
  return measureTransfer(configs, () => configs.repository.clone('--quiet', '--no-checkout'))
}

async function settle({ repository }: StoredConfigs): Promise<{ done: Settled; seconds: number }> {
  say('settling')
  const startedMs = performance.now()
  const done = await settlePacks({ ...repository.stores, repository: 'configs' })
  return { done, seconds: secondsSince(startedMs) }
}

function tableMeter(): TableMeter & { note(consumed: { operation: string; units: number }): void } {
  let seen = { reads: 0, units: 0 }
  return {
    note: ({ operation, units }) => {
      if (operation === 'write') return
      seen = { reads: seen.reads + 1, units: seen.units + units }
    },
    take: () => {
      const taken = seen
      seen = { reads: 0, units: 0 }
      return taken
    },
  }
}

const say = (text: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`)
