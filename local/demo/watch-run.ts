import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from './api.ts'

type Progress = {
  status: string
  total: number
  changed: number
  unchanged: number
  failed: number
  skipped: number
}
export type Result = {
  device: { id: number; name: string }
  status: string
  category: string | null
  detail: string | null
  elapsed_ms: number
  pass: number
}
export type FinishedRun = Progress & { id: number; commit: string | null }

const pollMs = 250
const runMsMax = 10 * 60_000
const barCharacters = 30
const openStatuses = new Set(['queued', 'planning', 'collecting', 'second_pass', 'committing', 'paused'])

/** Starts a run and shows it until it has ended. */
export async function watchRun(api: Api): Promise<FinishedRun> {
  const { id } = await api.post<{ id: number }>('/backups/runs/', {})
  const deadline = Date.now() + runMsMax
  while (Date.now() < deadline) {
    const progress = await api.get<Progress>(`/backups/runs/${id}/progress/`)
    draw(progress)
    if (!openStatuses.has(progress.status)) {
      process.stdout.write('\n')
      const { commit } = await api.get<{ commit: string | null }>(`/backups/runs/${id}/`)
      return { ...progress, id, commit }
    }
    await sleep(pollMs)
  }
  throw new Error(`run ${id} did not end within ${runMsMax / 60_000} minutes`)
}

/** On a terminal one line that moves; elsewhere one line per change of status. */
let lastStatus = ''
function draw({ status, total, changed, unchanged, failed, skipped }: Progress): void {
  const done = changed + unchanged + failed + skipped
  const filled = total === 0 ? 0 : Math.round((done / total) * barCharacters)
  const bar = '█'.repeat(filled).padEnd(barCharacters, '░')
  const text = `  ${bar} ${done}/${total}  ${changed} changed, ${unchanged} unchanged, ${failed} failed  ${status}`
  if (process.stdout.isTTY) process.stdout.write(`\r${text.padEnd(process.stdout.columns - 1)}`)
  else if (status !== lastStatus) console.log(text)
  lastStatus = status
}

/** Every result of a run, page by page. */
export async function readResults(api: Api, runId: number): Promise<Result[]> {
  const results: Result[] = []
  for (let offset = 0; ; offset += pageSize) {
    const page = await api.get<{ count: number; results: Result[] }>(
      `/backups/runs/${runId}/results/?limit=${pageSize}&offset=${offset}`,
    )
    results.push(...page.results)
    if (results.length >= page.count || page.results.length === 0) return results
  }
}
const pageSize = 200
