import type { PackPlace } from '../pack-store.ts'
import type { Table } from '../../table/table.ts'
import { listPacks, readBranch, repositories, type Pack, type RepositoryName } from '../repositories.ts'
import { historySince, type Link } from './history.ts'
import { stepsOf } from './new-objects.ts'
import { outgoingPack } from './outgoing-pack.ts'
import { PushError } from './push-error.ts'
import { listRefs, sendPack } from './receive-pack.ts'
import type { Remote } from './remote-call.ts'

export type PushRequest = {
  repository: RepositoryName
  remote: Remote
  /** Of the remote. Ours is the repository's own. */
  branch: string
  /** Called with each commit that the remote now stands at. */
  onMoved?: (commit: string) => Promise<void>
  /** Asked between two steps: whether there is time for another one. */
  hasTime: () => boolean
  signal: AbortSignal
  stepMax?: { commits: number; objects: number }
}

type PushPlace = Omit<PackPlace, 'repository'> & { table: Table }

export type Pushed = {
  /** Where the remote's branch stands; absent where there is nothing to push. */
  commit?: string
  /** How many commits it was moved by. */
  commits: number
  /** False where there was no time for the rest. */
  isDone: boolean
}

/**
 * A long history goes in steps of so much, so that what was sent stays sent. A single commit is never divided: its pack
 * is sent as it is read, whatever its size.
 */
const usualStepMax = { commits: 2000, objects: 100_000 }
/** Another copy pushes to the same remote: each time somebody else was first, what the remote has is asked anew. */
const attemptsMax = 5

/**
 * Brings a branch of a remote up to ours. It is only ever moved forward: a branch that has other commits is left alone.
 * May be called by many at once, and again at any time.
 * @throws PushError
 */
export async function pushBranch(stores: PushPlace, request: PushRequest): Promise<Pushed> {
  let moved = 0
  const onMoved = async (commit: string, commits: number): Promise<void> => {
    moved += commits
    await request.onMoved?.(commit)
  }
  for (let attempt = 1; ; attempt += 1) {
    const begun: { at?: string | undefined } = {}
    try {
      const pushed = await pushOnce(stores, { ...request, onMoved }, begun)
      return { ...pushed, commits: moved }
    } catch (cause) {
      const isRefused = cause instanceof PushError && cause.reason === 'refused'
      if (!isRefused || attempt === attemptsMax || !('at' in begun)) throw cause
      const { refs } = await listRefs(request.remote, request.signal)
      if (refs.get(refOf(request.branch)) === begun.at) throw cause
    }
  }
}

const refOf = (branch: string): string => `refs/heads/${branch}`

type Step = Omit<PushRequest, 'onMoved'> & { onMoved: (commit: string, commits: number) => Promise<void> }

/** @param begun receives where the remote stood before the step under way. */
async function pushOnce(
  stores: PushPlace,
  { repository, remote, branch, signal, hasTime, onMoved, stepMax = usualStepMax }: Step,
  begun: { at?: string | undefined },
): Promise<Omit<Pushed, 'commits'>> {
  const { table } = stores
  const place = { ...stores, repository }
  const ref = refOf(branch)
  const { refs, capabilities } = await listRefs(remote, signal)
  const head = await readBranch(table, repository, repositories[repository].defaultBranch)
  const there = refs.get(ref)
  if (head?.commit === there) return { ...(there === undefined ? {} : { commit: there }), isDone: true }
  const packs = await listPacks(table, repository)
  const links = head && (await historySince(place, packs, head.commit, there))
  if (links === undefined) throw diverged(branch, there)
  let from = there
  for await (const { links: step, objects } of stepsOf(place, links, stepMax)) {
    if (from !== there && !hasTime())
      return { ...(from === undefined ? {} : { commit: from }), isDone: false }
    const to = step.at(-1)?.commit ?? ''
    const pack = await outgoingPack(place, likeliestFirst(packs, step), objects)
    begun.at = from
    await sendPack(remote, { ref, from, to }, { pack, capabilities, signal })
    await onMoved(to, step.length)
    from = to
  }
  return { ...(from === undefined ? {} : { commit: from }), isDone: true }
}

const diverged = (branch: string, there = ''): PushError =>
  new PushError(
    'diverged',
    `the branch ${branch} of the remote stands at ${there}, a commit that is not of this history: it is left as it is. Push to another branch, or to an empty repository.`,
  )

/** A commit's objects are in its own packs, but for those that an earlier or a later one has brought in an equal pack. */
function likeliestFirst(packs: readonly Pack[], step: readonly Link[]): Pack[] {
  const own = new Set(step.map(({ commit }) => commit))
  return [...packs.filter(({ commit }) => own.has(commit)), ...packs.filter(({ commit }) => !own.has(commit))]
}
