import type { NewFailure } from '../compliance/records.ts'
import type { ComparedField, ConflictKind } from '../facts/compared.ts'
import { isSignificant, type ResultHead } from '../records.ts'

/**
 * A device that a run changed or failed at, and by what subscriptions choose it. One that was changed so that it fails
 * rules of compliance is there a second time, with these rules, and so is one that says something else than the
 * inventory, whatever the run did with it.
 */
export type Concerned = Pick<ResultHead, 'deviceId' | 'name' | 'significant'> & {
  status: ResultHead['status'] | 'noncompliant' | 'conflicting'
  rules?: readonly NewFailure[]
  conflicts?: readonly NewConflict[]
  siteId: number | undefined
  tagIds: readonly number[]
}

/** What the inventory has in a field, as it reads, and what the device says. */
type NewConflict = { field: ComparedField; kind: ConflictKind; inventory: string; observed: string }

export type Choice = {
  on_change: boolean
  significant_only: boolean
  on_failure: boolean
  on_noncompliance: boolean
  on_conflict: boolean
  sites: readonly number[]
  tags: readonly number[]
}

const events = {
  changed: 'on_change',
  failed: 'on_failure',
  noncompliant: 'on_noncompliance',
  conflicting: 'on_conflict',
  unchanged: undefined,
  skipped: undefined,
} as const satisfies Record<Concerned['status'], keyof Choice | undefined>

/** What a subscription is told of: by the event, and by site and tag where it names some. */
export function selectFor(choice: Choice, concerned: readonly Concerned[]): Concerned[] {
  return concerned.filter((one) => {
    const { status, siteId, tagIds } = one
    const event = events[status]
    const isNoise = status === 'changed' && choice.significant_only && !isSignificant(one)
    const isEvent = event !== undefined && choice[event] && !isNoise
    const isSite = choice.sites.length === 0 || (siteId !== undefined && choice.sites.includes(siteId))
    return isEvent && isSite && (choice.tags.length === 0 || choice.tags.some((tag) => tagIds.includes(tag)))
  })
}
