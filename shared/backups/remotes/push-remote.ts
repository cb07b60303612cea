import * as z from 'zod'
import { PushError } from '../../git/push/push-error.ts'
import { pushBranch, type Pushed } from '../../git/push/push-branch.ts'
import { configRepository } from '../../git/repositories.ts'
import type { RowOf } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import type { ObjectStore } from '../../objects.ts'
import { keys } from '../../table/keys.ts'
import { openKeyring, openText, type KeyService } from '../keyring.ts'
import { gitRemote } from '../models/git-remote.ts'
import { expiryOf } from '../records.ts'
import { RemoteState, stateFor } from './records.ts'

export type PushStores = {
  engine: Engine
  archive: ObjectStore
  keyService: KeyService
  /** Told of faults of ours. */
  warn: (message: string, details: Record<string, unknown>) => void
}

export type PushTime = { hasTime: () => boolean; signal: AbortSignal }
export type Remote = RowOf<typeof gitRemote>
export type RemoteOutcome = Partial<Pushed> & { name: string; error?: RemoteState['error'] }

const messageMax = 1000

/**
 * Pushes to one remote and notes how far it is. What goes wrong is part of the outcome: nothing is thrown but by the
 * table.
 */
export async function pushRemote(stores: PushStores, remote: Remote, time: PushTime): Promise<RemoteOutcome> {
  const { engine, archive, warn } = stores
  const { table, now } = engine
  const { id, name, remote_url: remoteUrl, branch } = remote
  const key = keys.gitRemote(id)
  const former = stateFor(remote, await table.get(RemoteState, key))
  let state: RemoteState = {
    remoteId: id,
    failures: 0,
    ...former,
    remoteUrl,
    branch,
    attemptedAt: now().toISOString(),
  }
  const note = (changes: Partial<RemoteState>): Promise<void> => {
    state = { ...state, ...changes }
    const put = { ...key, ...withoutAbsent(state), expiresAt: expiryOf(now()) }
    return table.write([{ put, unconditionally: true }])
  }
  try {
    const pushed = await pushBranch(
      { table, objects: archive, now },
      {
        ...time,
        repository: configRepository,
        branch,
        remote: { ...remote, url: remoteUrl, token: await tokenOf(stores, remote) },
        onMoved: (commit) => note({ commit }),
      },
    )
    const { commit, isDone } = pushed
    const pushedAt = isDone ? { pushedAt: now().toISOString() } : {}
    await note({ ...(commit === undefined ? {} : { commit }), ...pushedAt, failures: 0, error: undefined })
    return { name, ...pushed }
  } catch (cause) {
    const isTold = cause instanceof PushError
    if (!isTold) warn('a push to a git remote failed', { remoteId: id, cause: String(cause) })
    const reason = isTold ? cause.reason : 'internal'
    const message = isTold
      ? cause.message.slice(0, messageMax)
      : 'a fault of ours: the log of the function says more'
    await note({ failures: state.failures + 1, error: { reason, message } })
    return { name, error: { reason, message } }
  }
}

const withoutAbsent = (state: RemoteState): Record<string, unknown> =>
  Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined))

async function tokenOf({ engine, keyService }: PushStores, { id }: Remote): Promise<string | undefined> {
  const Sealed = z.object({ token: z.string().nullish() })
  const sealed = await engine.table.get(Sealed, keys.entity(gitRemote.name, id))
  if (sealed?.token == null) return undefined
  return openText(await openKeyring(engine.table, keyService), sealed.token)
}
