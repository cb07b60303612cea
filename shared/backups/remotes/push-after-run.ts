import { atMost } from '../../concurrency.ts'
import { pushFailures } from '../../git/push/push-error.ts'
import { rowsOf } from '../../model/rows-of.ts'
import { gitRemote } from '../models/git-remote.ts'
import { logRun } from '../runs/run-log.ts'
import { pushRemote, type PushStores, type PushTime, type Remote, type RemoteOutcome } from './push-remote.ts'

/** One round of pushing after a run; `remotes` are those that the rounds before have left. */
export type PushRound = { runId: number; round: number; remotes?: readonly number[] | undefined }

export type PushReport = {
  runId: number
  round: number
  /** `again`: there was no time for all of it; `wait`: another attempt may succeed later; `done`. */
  next: 'again' | 'wait' | 'done'
  waitSeconds: number
  remotes: number[]
}

/** A remote that is down for a moment or restarts is met again; one that is down longer gets all of it after the next run. */
const pausesSeconds = [60, 240, 960]
/** Each holds a few packs in memory. */
const remotesAtOnce = 2

/**
 * Pushes the history to the remotes. What goes wrong is noted with the remote and in the run's log, and changes nothing
 * of the run. May be repeated: what a remote has is asked first.
 */
export async function pushAfterRun(
  stores: PushStores,
  { runId, round, remotes }: PushRound,
  time: PushTime,
): Promise<PushReport> {
  const due = (await enabledRemotes(stores)).filter(({ id }) => remotes?.includes(id) ?? true)
  const inTurn = atMost(remotesAtOnce)
  const outcomes = await Promise.all(
    due.map(async (remote) => ({
      id: remote.id,
      outcome: await inTurn(async (): Promise<RemoteOutcome> =>
        time.hasTime() ? pushRemote(stores, remote, time) : { name: remote.name, isDone: false },
      ),
    })),
  )
  await logOutcomes(
    stores,
    runId,
    outcomes.map(({ outcome }) => outcome),
  )
  const idsWhere = (isMeant: (outcome: RemoteOutcome) => boolean): number[] =>
    outcomes.filter(({ outcome }) => isMeant(outcome)).map(({ id }) => id)
  const unfinished = idsWhere(({ isDone }) => isDone === false)
  const failing = idsWhere(({ error }) => error !== undefined && pushFailures[error.reason].isPassing)
  const left = [...unfinished, ...failing]
  const waitSeconds = pausesSeconds[round]
  if (unfinished.length > 0) return { runId, round, next: 'again', waitSeconds: 0, remotes: left }
  if (failing.length === 0 || waitSeconds === undefined)
    return { runId, round, next: 'done', waitSeconds: 0, remotes: left }
  return { runId, round: round + 1, next: 'wait', waitSeconds, remotes: left }
}

const enabledRemotes = async ({ engine }: PushStores): Promise<Remote[]> =>
  [...(await rowsOf(engine, gitRemote)).values()].filter(({ enabled }) => enabled)

async function logOutcomes(
  { engine: { table, now } }: PushStores,
  runId: number,
  outcomes: readonly RemoteOutcome[],
): Promise<void> {
  const moved = outcomes.filter(({ commits = 0 }) => commits > 0)
  const failed = outcomes.flatMap(({ name, error }) =>
    error === undefined ? [] : [`${name}: ${error.reason}: ${error.message}`],
  )
  if (moved.length + failed.length === 0) return
  const pushed = moved.map(({ name, commits }) => `${commits} to ${name}`).join(', ')
  const message = [
    ...(moved.length === 0 ? [] : [`commits pushed: ${pushed}`]),
    ...(failed.length === 0 ? [] : [`not pushed: ${failed.join('; ')}`]),
  ].join('; ')
  const level = failed.length === 0 ? 'info' : 'warn'
  await logRun(table, runId, { at: now().toISOString(), level, message: message.slice(0, 2000) })
}
