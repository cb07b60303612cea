import { mapAhead } from '../../concurrency.ts'
import { unpackContent } from '../pack-parse.ts'
import { loadNames, loadPack, type PackPlace } from '../pack-store.ts'
import type { Pack } from '../repositories.ts'
import { lastStartOfCommits } from '../settled-packs.ts'

/** A commit of a branch; each has one parent, but for the first. */
export type Link = {
  commit: string
  tree: string
  /** The root tree of the parent; absent for the first commit. */
  before: string | undefined
}

type ReadCommit = { tree: string; parent: string | undefined }

const packsAhead = 8

/**
 * The commits that lead from `since` (not included; absent: from the first one) to `head`, oldest first.
 * Undefined where `since` is not a commit of this history. Packs are read the newest first, and only until it is found.
 */
export async function historySince(
  place: PackPlace,
  packs: readonly Pack[],
  head: string,
  since: string | undefined,
): Promise<Link[] | undefined> {
  const known = new Map<string, ReadCommit>()
  const line: string[] = []
  let next: string | undefined = head
  const reading = mapAhead(newestFirst(packs), packsAhead, (pack) => commitsOf(place, pack))
  for await (const commits of reading) {
    for (const [oid, commit] of commits) known.set(oid, commit)
    while (next !== undefined && next !== since) {
      const found = known.get(next)
      if (found === undefined) break
      line.push(next)
      next = found.parent
    }
    // Of the one that the remote has, the tree is needed too.
    if (next === undefined || (next === since && known.has(next))) break
  }
  if (next !== undefined && (next !== since || !known.has(next)))
    throw new Error(`the commit ${next} is in no pack that is listed`)
  // The line ended at the first commit and never met the one asked for.
  if (next !== since) return undefined
  return line.reverse().flatMap((commit): Link[] => {
    const { tree, parent } = known.get(commit) ?? {}
    if (tree === undefined) return []
    return [{ commit, tree, before: parent === undefined ? undefined : known.get(parent)?.tree }]
  })
}

/** Settled packs are in the order of what they hold, and commits in that of the history. */
function newestFirst(packs: readonly Pack[]): Pack[] {
  const settled = packs.flatMap((pack) =>
    pack.settled !== undefined && pack.settled.from <= lastStartOfCommits ? [{ pack, ...pack.settled }] : [],
  )
  settled.sort((a, b) => (a.from === b.from ? b.part - a.part : a.from < b.from ? 1 : -1))
  return [...packs.filter(({ settled }) => settled === undefined), ...settled.map(({ pack }) => pack)]
}

/** A pack that is not settled is only read where its commit is in it: large commits bring many. */
async function commitsOf(place: PackPlace, pack: Pack): Promise<[string, ReadCommit][]> {
  if (pack.settled === undefined && !(await loadNames(place, pack)).includes(pack.commit)) return []
  const commits = (await loadPack(place, pack)).filter(({ type }) => type === 'commit')
  return Promise.all(
    commits.map(async (object): Promise<[string, ReadCommit]> => {
      const text = (await unpackContent(object)).toString('latin1')
      const [, tree = '', parent] = /^tree ([0-9a-f]{40})\n(?:parent ([0-9a-f]{40})\n)?/.exec(text) ?? []
      return [object.oid, { tree, parent }]
    }),
  )
}
