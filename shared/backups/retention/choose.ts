import type { RowOf } from '../../model/define.ts'
import type { retentionPolicy } from '../models/retention-policy.ts'
import type { ConfigVersion } from '../records.ts'

export type RetentionPolicy = RowOf<typeof retentionPolicy>
type Placed = { siteId: number; platformId: number | undefined; tagIds: readonly number[] }
export type StoredHead = Pick<ConfigVersion, 'sequence' | 'collectedAt'>

const dayMs = 86_400_000
/** What was replaced since is in use still: a run that goes on may be to commit or to compare it. */
const restMs = dayMs

/** @returns undefined where nothing says that any version may go. */
export function policyFor(device: Placed, policies: readonly RetentionPolicy[]): RetentionPolicy | undefined {
  const policy = policies
    .filter((one) => one.enabled && meets(device, one))
    .sort((a, b) => a.priority - b.priority || a.id - b.id)[0]
  return policy === undefined || keepsAll(policy) ? undefined : policy
}

const keepsAll = ({ keep_versions, keep_days }: RetentionPolicy): boolean =>
  keep_versions === null && keep_days === null

function meets({ siteId, platformId, tagIds }: Placed, { sites, platforms, tags }: RetentionPolicy): boolean {
  if (sites.length > 0 && !sites.includes(siteId)) return false
  if (platforms.length > 0 && !platforms.includes(platformId ?? 0)) return false
  return tags.length === 0 || tags.some((tag) => tagIds.includes(tag))
}

/**
 * The versions that a policy lets go: never the newest, nor a pinned one, nor one that was replaced today. A version
 * counts as kept by its days until the day it was replaced, for until then it was the configuration.
 * @param versions newest first.
 */
export function versionsToGo<V extends StoredHead>(
  versions: readonly V[],
  policy: Pick<RetentionPolicy, 'keep_versions' | 'keep_days'>,
  { pinned, now }: { pinned: ReadonlySet<number>; now: Date },
): V[] {
  const { keep_versions: count, keep_days: days } = policy
  if (count === null && days === null) return []
  const since = days === null ? undefined : now.getTime() - days * dayMs
  return versions.filter(({ sequence }, index) => {
    const next = versions[index - 1]
    if (next === undefined || pinned.has(sequence)) return false
    const replacedAt = Date.parse(next.collectedAt)
    if (replacedAt > now.getTime() - restMs) return false
    const isOfNewest = count !== null && index < count
    const isOfDays = since !== undefined && replacedAt >= since
    return !isOfNewest && !isOfDays
  })
}
