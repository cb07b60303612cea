import { rmSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { apiCaller, type Api } from '../../local/demo/api.ts'
import {
  badKinds,
  deviceFile,
  endOfJob,
  errorsOf,
  makeGround,
  onePercent,
  type JobShown,
} from '../support/imports.ts'
import { newFolder, spawnProduct, until } from '../support/product.ts'
import { machine, markdownTable, writePart } from './report.ts'

const rowsDefault = 50_000
const waitMs = 3 * 3_600_000

type Step = { what: string; seconds: number; told: string }

/** `npm run bench -- import [rows]`: a file with one bad row in a hundred, mended, killed in the middle, given again. */
export async function importBench([given]: readonly string[]): Promise<void> {
  const rows = Number(given ?? rowsDefault)
  const dataDir = newFolder('bench-import')
  let served = await spawnProduct(dataDir)
  try {
    const token = execFileSync(process.execPath, ['local/create-admin.ts', '--data', dataDir], {
      encoding: 'utf8',
    })
      .trim()
      .split('\n')
      .at(-1) as string
    let api = apiCaller(served.url, token)
    await makeGround(api)
    const steps: Step[] = []
    steps.push(await badRun(api, rows))
    const begun = performance.now()
    const id = await upload(api, deviceFile(rows).text)
    const half = await until(
      `half of job ${id}`,
      async () => {
        const { current, step } = await api.get<JobShown>(`/core/jobs/${id}/`)
        return step === 'writing' && (current ?? 0) >= rows / 2 ? (current ?? 0) : undefined
      },
      waitMs,
    )
    const untilKill = performance.now() - begun
    await served.kill()
    served = await spawnProduct(dataDir)
    api = apiCaller(served.url, token)
    const resumedAt = performance.now()
    const mended = await endOfJob(api, id, waitMs)
    const { count } = await api.get<{ count: number }>('/dcim/devices/?limit=1')
    steps.push({
      what: 'the mended file, until kill -9 of the process tree',
      seconds: untilKill / 1000,
      told: `${half} rows noted as written`,
    })
    steps.push({
      what: 'after the restart, by itself',
      seconds: (performance.now() - resumedAt) / 1000,
      told: `${mended.state.value}, attempt ${mended.attempts}: ${mended.result?.created} created, ${mended.result?.failed} failed; ${count} devices there`,
    })
    steps.push(await again(api, id, rows))
    report(rows, steps)
  } finally {
    await served.kill()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function upload(api: Api, text: string): Promise<number> {
  const asked = {
    model: 'dcim.device',
    filename: 'devices.csv',
    bytes: Buffer.byteLength(text),
    dry_run: false,
  }
  const { id, upload } = await api.post<JobShown>('/core/imports/', asked)
  const put = await fetch(upload?.link ?? '', { method: 'PUT', body: text })
  if (!put.ok) throw new Error(`the upload was refused: ${put.status} ${await put.text()}`)
  return id
}

async function badRun(api: Api, rows: number): Promise<Step> {
  const bad = onePercent(rows)
  const { text, lines } = deviceFile(rows, bad)
  const begun = performance.now()
  const job = await endOfJob(api, await upload(api, text), waitMs)
  const seconds = (performance.now() - begun) / 1000
  const told = new Map((await errorsOf(api, job.id)).map((error) => [error.index, error]))
  const right = [...bad].filter(([index, kind]) => {
    const error = told.get(index)
    const expected = badKinds[kind]
    return (
      error?.line === lines[index] && error?.code === expected?.code && error?.column === expected?.column
    )
  })
  const { count } = await api.get<{ count: number }>('/dcim/devices/?limit=1')
  return {
    what: `${bad.size} bad rows of ten kinds, atomic`,
    seconds,
    told: `${job.result?.error_count} errors told, ${right.length} of ${bad.size} with the right line, column and code; ${count} devices written`,
  }
}

async function again(api: Api, id: number, rows: number): Promise<Step> {
  const begun = performance.now()
  const { id: second } = await api.post<JobShown>('/core/imports/', {
    model: 'dcim.device',
    from_job: id,
    dry_run: false,
  })
  const job = await endOfJob(api, second, waitMs)
  const changes = await api.get<{ count: number }>(
    `/core/object-changes/?changed_object_type=dcim.device&action=update&limit=1`,
  )
  return {
    what: 'the same file once more',
    seconds: (performance.now() - begun) / 1000,
    told: `${job.result?.unchanged} of ${rows} unchanged, ${job.result?.created} created, ${job.result?.changed} changed; ${changes.count} change records of an update`,
  }
}

function report(rows: number, steps: readonly Step[]): void {
  const table = markdownTable(
    ['Run', 'Seconds', 'What it told'],
    steps.map(({ what, seconds, told }) => [what, seconds.toFixed(1), told]),
  )
  console.log(table)
  writePart(
    'import',
    `## Import\n\nA CSV file of ${rows} devices, uploaded by a presigned link to the whole product of \`npm start\`, on ${machine()}.\nEvery row refers to a site, a role, a device type and some to tags; times are from the upload to the end of the job.\n\n${table}`,
  )
}
