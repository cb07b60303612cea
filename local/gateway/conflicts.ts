/** Keys of writes in flight, as DynamoDB sees them: a transaction conflicts with any other write of the same item. */
export type Conflicts = {
  /**
   * Marks the items as being written until `release`. Where another request holds one, nothing is marked and the
   * positions of the conflicting items are returned.
   */
  enter(items: readonly string[], kind: WriteKind): { release(): void } | { conflicts: Set<number> }
}

/** A reading transaction conflicts with writes and holds up none. */
export type WriteKind = 'transaction' | 'plain' | 'read'

type Held = { transactions: number; plain: number }

/**
 * On AWS two transactions that touch one item at a time conflict, a ConditionCheck included, and so do a transaction
 * and a plain write; two plain writes do not (DynamoDB developer guide, transaction conflict handling).
 * dynoxide runs one request after the other and never says so: this is the difference made up.
 */
export function createConflicts(): Conflicts {
  const held = new Map<string, Held>()
  const change = (item: string, kind: WriteKind, by: 1 | -1): void => {
    const counts = held.get(item) ?? { transactions: 0, plain: 0 }
    if (kind === 'read') return
    if (kind === 'transaction') counts.transactions += by
    else counts.plain += by
    if (counts.transactions + counts.plain === 0) held.delete(item)
    else held.set(item, counts)
  }
  return {
    enter(items, kind) {
      const conflicts = new Set<number>()
      for (const [position, item] of items.entries()) {
        const counts = held.get(item)
        if (counts === undefined) continue
        if (counts.transactions > 0 || (kind !== 'plain' && counts.plain > 0)) conflicts.add(position)
      }
      if (conflicts.size > 0) return { conflicts }
      for (const item of items) change(item, kind, 1)
      return {
        release: () => {
          for (const item of items) change(item, kind, -1)
        },
      }
    },
  }
}
