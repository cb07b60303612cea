import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { git } from '../../support/git-repository.ts'
import { quantile } from '../inventory/latency.ts'
import { pathOf, type Changed } from './network.ts'

export type PlainGit = {
  commitSeconds: number
  loose: { bytes: number; files: number; logMs: number }
  gcSeconds: number
  packed: { bytes: number; files: number; logMs: number }
}

const askedDevices = 10

/**
 * The same history in a repository on disk, one commit a run, each object a file of its own: what a tool that commits
 * by libgit2 and never packs has after it.
 */
export async function measurePlainGit(
  folder: string,
  history: Iterable<Changed[]>,
  { devices, say }: { devices: number; say: (text: string) => void },
): Promise<PlainGit> {
  await git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', '.')
  const startedMs = performance.now()
  let run = 0
  for (const changed of history) {
    run += 1
    await importCommit(folder, run, changed)
    if (run % 50 === 0) say(`plain git: ${run} runs committed`)
  }
  const commitSeconds = secondsSince(startedMs)
  const loose = { ...sizeOf(folder), logMs: await measureLog(folder, devices) }
  say('plain git: gc')
  const gcMs = performance.now()
  await git(folder, 'gc', '--quiet', '--prune=now')
  const gcSeconds = secondsSince(gcMs)
  return {
    commitSeconds,
    loose,
    gcSeconds,
    packed: { ...sizeOf(folder), logMs: await measureLog(folder, devices) },
  }
}

export const secondsSince = (startedMs: number): number => (performance.now() - startedMs) / 1000

/** Median over some devices: the versions of one file, newest first. */
export async function measureLog(folder: string, devices: number): Promise<number> {
  const taken: number[] = []
  for (let n = 0; n < askedDevices; n += 1) {
    const startedMs = performance.now()
    await git(folder, 'log', '--format=%H %at %s', '--', pathOf(Math.floor((n * devices) / askedDevices)))
    taken.push(performance.now() - startedMs)
  }
  return quantile(taken, 0.5)
}

async function importCommit(folder: string, run: number, changed: readonly Changed[]): Promise<void> {
  const child = spawn('git', ['-c', 'fastimport.unpackLimit=10000000', 'fast-import', '--quiet'], {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const message = `Run ${run}\n`
  const parts = [
    `commit refs/heads/main\ncommitter netkeep <netkeep@localhost> ${1_700_000_000 + run * 86_400} +0000\n`,
    `data ${message.length}\n${message}\n${run === 1 ? '' : 'from refs/heads/main^0\n'}`,
    ...changed.map(
      ({ device, text }) => `M 100644 inline ${pathOf(device)}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
    ),
  ]
  const ended = once(child, 'exit')
  for (const part of parts) if (!child.stdin.write(part)) await once(child.stdin, 'drain')
  child.stdin.end()
  const [code] = await ended
  if (code !== 0) throw new Error(`git fast-import ended with ${String(code)}`)
}

function sizeOf(folder: string): { bytes: number; files: number } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const bytes = files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
  return { bytes, files: files.length }
}
