import { rmSync } from 'node:fs'
import { once } from 'node:events'
import { execFileSync } from 'node:child_process'
import { apiCaller, type Api } from '../../local/demo/api.ts'
import {
  badKinds,
  deviceFile,
  endOfJob,
  errorsOf,
  makeGround,
  onePercent,
  type ImportError,
  type JobShown,
} from '../support/imports.ts'
import { newFolder, spawnProduct, until, type ProductProcess } from '../support/product.ts'
import type { Counts } from './counted-product.ts'
import { machine, markdownTable, writePart } from './report.ts'

const rowsDefault = 50_000
/** A part of the plan has 500 rows and four are written at a time: below this there is no middle to be killed in. */
const rowsMin = 4000
const waitMs = 3 * 3_600_000
const pollMs = 500
const columns = ['Run', 'Seconds', 'Rows/s', 'Reads', 'Queries', 'Transactions', 'Writes', 'What it told']

type Step = { what: string; seconds: number; told: string; counts: Counts; rows: number }
type Bench = { served: ProductProcess; api: Api; rows: number; token: string; dataDir: string }

/** `npm run bench -- import [rows]`: a file with one bad row in a hundred, mended, killed in the middle, given again. */
export async function importBench([given]: readonly string[]): Promise<void> {
  const rows = Number(given ?? rowsDefault)
  if (!(rows >= rowsMin)) throw new Error(`at least ${rowsMin} rows`)
  const dataDir = newFolder('bench-import')
  const bench = await begin(dataDir, rows)
  try {
    await makeGround(bench.api)
    const steps = [await badRun(bench)]
    const { id, steps: halves } = await killedRun(bench)
    steps.push(...halves, await again(bench, id))
    report(rows, steps)
  } finally {
    await bench.served.kill()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const serve = (dataDir: string): Promise<ProductProcess> =>
  spawnProduct(dataDir, 'tests/bench/counted-product.ts')

async function begin(dataDir: string, rows: number): Promise<Bench> {
  const served = await serve(dataDir)
  const printed = execFileSync(process.execPath, ['local/create-admin.ts', '--data', dataDir], {
    encoding: 'utf8',
  })
  const token = printed.trim().split('\n').at(-1) as string
  return { served, api: apiCaller(served.url, token), rows, token, dataDir }
}

async function countsOf({ child }: ProductProcess): Promise<Counts> {
  child.send('counts')
  const [counts] = (await once(child, 'message')) as [Counts]
  return counts
}

const noCounts: Counts = { read: 0, queries: 0, transactions: 0, written: 0 }

/** What a run took, from its beginning to its end, and what the functions asked of the table meanwhile. */
async function measured(
  { served, rows }: Pick<Bench, 'served' | 'rows'>,
  what: string,
  { before, run }: { before?: Counts; run: () => Promise<string> },
): Promise<Step> {
  const first = before ?? (await countsOf(served))
  const begun = performance.now()
  const told = await run()
  const seconds = (performance.now() - begun) / 1000
  const last = await countsOf(served)
  const counts = {
    read: last.read - first.read,
    queries: last.queries - first.queries,
    transactions: last.transactions - first.transactions,
    written: last.written - first.written,
  }
  console.log(what, `${seconds.toFixed(1)} s`, told, JSON.stringify(counts))
  return { what, seconds, told, counts, rows }
}

async function upload(api: Api, text: string, isDryRun: boolean): Promise<number> {
  const bytes = Buffer.byteLength(text)
  const asked = { model: 'dcim.device', filename: 'devices.csv', bytes, dry_run: isDryRun }
  const { id, upload } = await api.post<JobShown>('/core/imports/', asked)
  const put = await fetch(upload?.link ?? '', { method: 'PUT', body: text })
  if (!put.ok) throw new Error(`the upload was refused: ${put.status} ${await put.text()}`)
  return id
}

const countOf = async (api: Api, path: string): Promise<number> =>
  (await api.get<{ count: number }>(path)).count
const devicesOf = (api: Api): Promise<number> => countOf(api, '/dcim/devices/?limit=1')
type Device = { name: string; _version: number; last_updated: string }

/** Every device, in pages of 1,000, and what would show that one was written twice. */
async function allDevices(api: Api): Promise<{ told: string; newest: string }> {
  const found: Device[] = []
  for (;;) {
    const path = `/dcim/devices/?limit=1000&offset=${found.length}&ordering=id&fields=name,_version,last_updated`
    const ask = () => api.get<{ results: Device[] }>(path).catch(() => undefined)
    // The first list after a start, without a snapshot, may take longer than the API waits on a busy machine.
    const { results } = await until('a page of devices', ask, waitMs, pollMs)
    found.push(...results)
    if (results.length === 0) break
  }
  const names = new Set(found.map(({ name }) => name)).size
  const rewritten = found.filter(({ _version }) => _version !== 1).length
  const newest = found.reduce((latest, { last_updated: at }) => (at > latest ? at : latest), '')
  return { told: `${found.length} devices of ${names} names, ${rewritten} changed since created`, newest }
}

/** Errors of rows that are good, or beyond the first of a bad one, are wrong as well. */
function wrongErrors(
  told: readonly ImportError[],
  bad: ReadonlyMap<number, number>,
  lines: readonly number[],
): { wrong: number; missing: number } {
  const isRight = ({ index, line, column, code }: ImportError): boolean => {
    const kind = badKinds[bad.get(index ?? -1) ?? -1]
    return line === lines[index ?? -1] && code === kind?.code && column === kind.column
  }
  const right = new Set(told.filter(isRight).map(({ index }) => index))
  return { wrong: told.length - right.size, missing: bad.size - right.size }
}

function badRun(bench: Bench): Promise<Step> {
  const { api, rows } = bench
  const bad = onePercent(rows)
  const { text, lines } = deviceFile(rows, bad)
  return measured(bench, `dry run, ${bad.size} bad rows of ten kinds`, {
    run: async () => {
      const job = await endOfJob(api, await upload(api, text, true), waitMs, pollMs)
      const { wrong, missing } = wrongErrors(await errorsOf(api, job.id), bad, lines)
      return `${job.result?.error_count} errors told: ${wrong} with a wrong line, column or code, ${missing} missing; ${await devicesOf(api)} devices written`
    },
  })
}

async function killedRun(bench: Bench): Promise<{ id: number; steps: Step[] }> {
  const { rows, dataDir, token } = bench
  const id = await upload(bench.api, deviceFile(rows).text, false)
  const half = async (): Promise<number | undefined> => {
    const { current, step, state } = await bench.api.get<JobShown>(`/core/jobs/${id}/`)
    if (state.value !== 'pending' && state.value !== 'running')
      throw new Error(`it was too fast: ${state.value}`)
    return step === 'writing' && (current ?? 0) >= rows / 2 ? (current ?? 0) : undefined
  }
  let noted = 0
  const untilKill = await measured(bench, 'the mended file, until kill -9 of the process tree', {
    run: async () => {
      noted = await until(`half of job ${id}`, half, waitMs, pollMs)
      return `${noted} rows noted as written`
    },
  })
  await bench.served.kill()
  bench.served = await serve(dataDir)
  bench.api = apiCaller(bench.served.url, token)
  const { api } = bench
  const rest = { served: bench.served, rows: rows - noted }
  const resumed = await measured(rest, 'after the restart, by itself', {
    before: noCounts,
    run: async () => {
      const job = await endOfJob(api, id, waitMs, pollMs)
      return `${job.state.value}, attempt ${job.attempts}: ${job.result?.created} created, ${job.result?.failed} failed`
    },
  })
  const { told } = await allDevices(api)
  return {
    id,
    steps: [
      { ...untilKill, rows: noted },
      { ...resumed, told: `${resumed.told}; ${told}` },
    ],
  }
}

async function again(bench: Bench, id: number): Promise<Step> {
  const { api, rows } = bench
  const before = await allDevices(api)
  const step = await measured(bench, 'the same file once more', {
    run: async () => {
      const asked = { model: 'dcim.device', from_job: id, dry_run: false }
      const { id: second } = await api.post<JobShown>('/core/imports/', asked)
      const { result } = await endOfJob(api, second, waitMs, pollMs)
      return `${result?.unchanged} of ${rows} unchanged, ${result?.created} created, ${result?.changed} changed`
    },
  })
  const after = await allDevices(api)
  const isSame = after.newest === before.newest && after.told === before.told
  return { ...step, told: `${step.told}; ${isSame ? 'no device was written' : `then ${after.told}`}` }
}

function report(rows: number, steps: readonly Step[]): void {
  const lines = steps.map(({ what, seconds, told, counts, rows: done }) => {
    const perRow = (count: number): string => (count / done).toFixed(count / done < 0.1 ? 4 : 2)
    const { read, queries, transactions, written } = counts
    const figures = [read, queries, transactions, written].map(perRow)
    return [what, seconds.toFixed(1), String(Math.round(done / seconds)), ...figures, told]
  })
  const table = markdownTable(columns, lines)
  console.log(table)
  if (rows !== rowsDefault) return
  const words =
    `A CSV file of ${rows} devices, uploaded by a presigned link to the whole product as \`npm start\` hosts it, on ${machine()}; DynamoDB is dynoxide on the same machine. ` +
    'Every row refers to a site, a role, a device type and some to tags. Times are from the upload to the end of the job, its errors read. ' +
    'Reads (items by key), queries, transactions and writes (items written or checked) are what all functions asked of the table, retries, the polling caller and the sealing of change records included, for each row of the step. After the restart: from when it answers again.'
  writePart('import', `## Import\n\n${words}\n\n${table}`)
}
