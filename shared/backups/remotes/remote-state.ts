import type * as z from 'zod'
import { AppError } from '../../errors.ts'
import { configRepository, readBranch, repositories } from '../../git/repositories.ts'
import type { Engine } from '../../model/engine.ts'
import { getRow } from '../../model/records.ts'
import { keys } from '../../table/keys.ts'
import { gitRemote } from '../models/git-remote.ts'
import type { ShownRemoteState } from './routes.ts'
import { RemoteState, stateFor } from './records.ts'

type Shown = z.input<typeof ShownRemoteState>

/** @throws AppError `not_found` */
export async function readRemoteState(engine: Engine, id: number): Promise<Shown> {
  const { table } = engine
  const [remote, noted, branch] = await Promise.all([
    getRow(engine, gitRemote, id),
    table.get(RemoteState, keys.gitRemote(id)),
    readBranch(table, configRepository, repositories[configRepository].defaultBranch),
  ])
  if (remote === undefined) throw new AppError('not_found', `There is no git remote ${id}.`)
  const state = stateFor(remote, noted)
  return {
    status: statusOf(state, branch?.commit),
    commit: state?.commit ?? null,
    head: branch?.commit ?? null,
    pushed_at: state?.pushedAt ?? null,
    attempted_at: state?.attemptedAt ?? null,
    failures: state?.failures ?? 0,
    error: state?.error ?? null,
  }
}

function statusOf(state: RemoteState | undefined, head: string | undefined): Shown['status'] {
  if (state === undefined) return 'never'
  if (state.error !== undefined) return 'failing'
  return state.commit === head ? 'current' : 'behind'
}
