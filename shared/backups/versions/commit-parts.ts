import type { Person } from '../../git/object-format.ts'
import type { GitEntry, Uncommitted } from '../records.ts'

/** A version that is to be committed, and where it stands in the branch. */
export type Claim = { item: Uncommitted; entry: GitEntry }

/** What goes into one commit; without an author it is netkeep's own. */
export type CommitPart = { author?: Person; claims: Claim[] }

/** Each commit writes the folders that it touches again: beyond so many authors, the rest goes to netkeep's own. */
const authorsMax = 50

/**
 * One part per author, netkeep's own first. What moves goes there whoever changed it, together with what takes the
 * place of something that moves: in two commits, the device that left would take away the file of the one that came.
 */
export function partsOf(claims: readonly Claim[]): CommitPart[] {
  const left = new Set(claims.flatMap(({ entry }) => entry.formerPath ?? []))
  const own: CommitPart = { claims: [] }
  const byAuthor = new Map<string, CommitPart>()
  for (const claim of claims) {
    const { author } = claim.item
    const isMoved = claim.entry.formerPath !== undefined || left.has(claim.entry.path)
    if (author === undefined || isMoved) own.claims.push(claim)
    else partOf(author, byAuthor, own).claims.push(claim)
  }
  return [own, ...byAuthor.values()].filter((part) => part.claims.length > 0)
}

function partOf(author: Person, byAuthor: Map<string, CommitPart>, own: CommitPart): CommitPart {
  const key = `${author.name} <${author.email}>`
  const known = byAuthor.get(key)
  if (known !== undefined) return known
  if (byAuthor.size >= authorsMax) return own
  const part = { author, claims: [] }
  byAuthor.set(key, part)
  return part
}
