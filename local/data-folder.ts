import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'

/** Kept when everything else is deleted: a lock must stay the same file. */
export const lockFile = 'lock.sqlite'

/** Where a running runtime can be reached, for its own tools. It holds the operator's keys: only its owner may read it. */
const RunFile = z.object({
  pid: z.int(),
  url: z.string(),
  endpoint: z.string(),
  region: z.string(),
  tableName: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
})
export type RunFile = z.infer<typeof RunFile>

export class DataFolderInUse extends Error {
  constructor(dataDir: string, pid: number | undefined) {
    const who = pid === undefined ? 'another process' : `process ${pid}`
    super(
      `The data folder ${dataDir} is in use by ${who}. Stop it first, or give another folder with --data.`,
    )
    this.name = 'DataFolderInUse'
  }
}

/**
 * Takes the data folder for this process. The lock is a file lock that SQLite holds: the system frees it when the
 * process ends, however it ends, so there is no stale one.
 * @throws DataFolderInUse
 */
export function lockDataFolder(dataDir: string): { release(): void } {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(join(dataDir, lockFile))
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    database.close()
    throw Object.assign(new DataFolderInUse(dataDir, readRunFile(dataDir)?.pid), { cause })
  }
  // What a killed runtime left says nothing any more.
  forgetRun(dataDir)
  return { release: () => database.close() }
}

export function writeRunFile(dataDir: string, run: RunFile): void {
  writeFileSync(join(dataDir, 'runtime.json'), JSON.stringify(run, undefined, 2), { mode: 0o600 })
}

export function forgetRun(dataDir: string): void {
  rmSync(join(dataDir, 'runtime.json'), { force: true })
}

export function readRunFile(dataDir: string): RunFile | undefined {
  try {
    return RunFile.parse(JSON.parse(readFileSync(join(dataDir, 'runtime.json'), 'utf8')))
  } catch {
    return undefined
  }
}
