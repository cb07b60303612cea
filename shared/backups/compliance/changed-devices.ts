import type { Engine } from '../../model/engine.ts'
import { readHeads } from '../runs/progress.ts'
import { readRun } from '../runs/runs.ts'

/** Devices of which a run has stored a new version. @throws AppError `not_found` */
export async function changedDevices(engine: Engine, runId: number): Promise<number[]> {
  const heads = await readHeads(engine.table, await readRun(engine, runId))
  return heads.filter(({ status }) => status === 'changed').map(({ deviceId }) => deviceId)
}
