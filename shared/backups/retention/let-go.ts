import type * as z from 'zod'
import { AppError } from '../../errors.ts'
import { keys, type Key } from '../../table/keys.ts'
import type { Table, Write } from '../../table/table.ts'
import { versionPin } from '../models/version-pin.ts'
import { ConfigVersion, GitEntry, type GoneVersion } from '../records.ts'
import { searchShardOf, Unindexed } from '../search/shards.ts'
import { versionsToGo, type RetentionPolicy } from './choose.ts'
import { looseWrite } from './texts.ts'

export const StoredHead = ConfigVersion.pick({
  sequence: true,
  collectedAt: true,
  sha256: true,
  bytes: true,
  textKey: true,
  rawKey: true,
})
type StoredHead = z.infer<typeof StoredHead>

/** What a policy comes to for one device. */
export type DeviceRetention = {
  deviceId: number
  policy: Pick<RetentionPolicy, 'id' | 'name'>
  stored: number
  going: StoredHead[]
  oldestKept: StoredHead
}

type Wanted = { deviceId: number; policy: RetentionPolicy; pinned: ReadonlySet<number> }

/** Five writes each, and a transaction holds 100. */
const versionsPerTransaction = 16

/**
 * Which versions of a device a policy lets go. Besides what it says, those stay that no commit has passed by yet, and
 * all of a device whose newest one is not in the search's index yet: that index still names an older one.
 * @returns undefined where none goes. Costs one query, and two reads where there is something to let go.
 */
export async function planDevice(
  table: Table,
  { deviceId, policy, pinned }: Wanted,
  now: Date,
): Promise<DeviceRetention | undefined> {
  const partition = keys.configVersions(deviceId)
  const range = { partition, newestFirst: true, attributes: Object.keys(StoredHead.shape) }
  const stored = await Array.fromAsync(table.query(StoredHead, range))
  const wanted = versionsToGo(stored, policy, { pinned, now })
  if (wanted.length === 0) return undefined
  const [entry, mark] = await Promise.all([
    table.get(GitEntry, keys.gitEntry(deviceId)),
    table.get(Unindexed, keys.unindexed(searchShardOf(deviceId), deviceId)),
  ])
  if (mark !== undefined) return undefined
  const going = wanted.filter(({ sequence }) => sequence < (entry?.sequence ?? 0))
  const gone = new Set(going)
  const oldestKept = stored.findLast((one) => !gone.has(one))
  if (going.length === 0 || oldestKept === undefined) return undefined
  return { deviceId, policy, stored: stored.length, going, oldestKept }
}

/**
 * Removes versions from the table, each in one transaction with what is left of it and with marks of the objects that
 * it named. A version that somebody pins at this moment, or that another job has let go, is passed by.
 * @returns those that went.
 */
export async function letGo(
  table: Table,
  { deviceId, policy, going }: Pick<DeviceRetention, 'deviceId' | 'policy' | 'going'>,
  by: { jobId: number; now: Date },
): Promise<StoredHead[]> {
  const writesOf = (versions: readonly StoredHead[]): Write[] => [
    ...versions.flatMap((version) => removal(deviceId, version, goneOf({ deviceId, policy }, version, by))),
    // Two versions of one transaction may have the same text.
    ...new Map(
      versions.map(({ textKey, sha256 }) => [textKey, looseWrite('text', textKey, sha256)]),
    ).values(),
  ]
  const gone: StoredHead[] = []
  for (let start = 0; start < going.length; start += versionsPerTransaction) {
    const part = going.slice(start, start + versionsPerTransaction)
    if (await isWritten(table, writesOf(part))) gone.push(...part)
    else for (const one of part) if (await isWritten(table, writesOf([one]))) gone.push(one)
  }
  return gone
}

const goneOf = (
  { deviceId, policy }: Pick<DeviceRetention, 'deviceId' | 'policy'>,
  { sequence, sha256, collectedAt }: StoredHead,
  { jobId, now }: { jobId: number; now: Date },
): GoneVersion => ({
  deviceId,
  sequence,
  sha256,
  collectedAt,
  goneAt: now.toISOString(),
  policy: policy.name,
  policyId: policy.id,
  jobId,
})

const removal = (deviceId: number, { sequence, textKey, rawKey }: StoredHead, gone: GoneVersion): Write[] => [
  { remove: keys.configVersion(deviceId, sequence), ifPresent: 'version_gone' },
  { check: pinGuard(deviceId, sequence), isAbsent: 'in_use' },
  { put: { ...keys.goneVersion(deviceId, sequence), ...gone }, unconditionally: true },
  { remove: keys.textUse(textKey, deviceId, sequence), unconditionally: true },
  looseWrite('raw', rawKey),
]

/** The item that a pin of this version has for itself: see `unique` of the model. */
const pinGuard = (deviceId: number, sequence: number): Key =>
  keys.unique(versionPin.name, ['device', 'config_version'], [String(deviceId), String(sequence)])

async function isWritten(table: Table, writes: readonly Write[]): Promise<boolean> {
  try {
    await table.write(writes)
    return true
  } catch (error) {
    if (error instanceof AppError && (error.code === 'version_gone' || error.code === 'in_use')) return false
    throw error
  }
}
