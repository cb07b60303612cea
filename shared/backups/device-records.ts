import type { HostKey } from '../collect/outcome.ts'
import { device } from '../dcim/models/device.ts'
import { AppError } from '../errors.ts'
import type { StoredOf } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { getRow } from '../model/records.ts'
import { storedSchema } from '../model/rows.ts'
import type { ObjectStore } from '../objects.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import { observation } from './models/observation.ts'
import type { TargetedDevice } from './runs/plan.ts'
import { BackupState, ConfigVersion, GoneVersion } from './records.ts'

/** @throws AppError `not_found` */
export async function readDevice(engine: Engine, id: number): Promise<{ id: number; name: string }> {
  const found = await readTargeted(engine, id)
  return { id: found.id, name: found.name }
}

/** With what schedules and maintenance windows choose it by. @throws AppError `not_found` */
export async function readTargeted(engine: Engine, id: number): Promise<TargetedDevice & { name: string }> {
  const found = await getRow(engine, device, id)
  if (found === undefined) throw new AppError('not_found', `There is no device ${id}.`)
  const { name, status, site, platform, tags } = found
  return { id, name, status, site: { id: site }, platformId: platform ?? undefined, tagIds: tags }
}

export const readState = (table: Table, deviceId: number): Promise<BackupState | undefined> =>
  table.get(BackupState, keys.backupState(deviceId))

export const readObservation = (
  table: Table,
  deviceId: number,
): Promise<StoredOf<typeof observation> | undefined> =>
  table.get(storedSchema(observation), keys.entity(observation.name, deviceId))

/** Newest first. */
export async function readVersions(table: Table, deviceId: number): Promise<ConfigVersion[]> {
  const range = { partition: keys.configVersions(deviceId), newestFirst: true }
  return Array.fromAsync(table.query(ConfigVersion, range))
}

/**
 * One stored configuration.
 * @throws AppError `not_found`; `version_gone` for one that retention has let go.
 */
export async function readVersion(
  table: Table,
  deviceId: number,
  version: number | 'latest',
): Promise<ConfigVersion> {
  const sequence = version === 'latest' ? await latestOf(table, deviceId) : version
  const found = await table.get(ConfigVersion, keys.configVersion(deviceId, sequence))
  if (found !== undefined) return found
  const gone = await table.get(GoneVersion, keys.goneVersion(deviceId, sequence))
  if (gone === undefined)
    throw new AppError('not_found', `Device ${deviceId} has no configuration ${version}.`)
  const { goneAt, policy, policyId, jobId, collectedAt, sha256 } = gone
  throw new AppError(
    'version_gone',
    `Version ${sequence} was let go on ${goneAt} by the policy "${policy}".`,
    {
      extra: {
        gone: {
          at: goneAt,
          policy: { id: policyId, name: policy },
          job: jobId,
          collected: collectedAt,
          sha256,
        },
      },
    },
  )
}

/** Of a device that was never backed up, the newest one of its imported history; else 0, which none has. */
async function latestOf(table: Table, deviceId: number): Promise<number> {
  const sequence = (await readState(table, deviceId))?.sequence ?? 0
  if (sequence > 0) return sequence
  const range = { partition: keys.configVersions(deviceId), newestFirst: true, limit: 1 }
  const [newest] = await Array.fromAsync(table.query(ConfigVersion, range))
  return newest?.sequence ?? 0
}

/** A Lambda answers 6 MB, and bytes travel as base64. */
const textBytesMax = 4 * 1024 * 1024

/**
 * The shown text of one stored configuration.
 * @throws AppError as `readVersion`; `too_large` for a text that no answer holds: git has it.
 */
export async function readText(
  stores: { table: Table; archive: ObjectStore },
  deviceId: number,
  version: number | 'latest',
): Promise<{ text: Uint8Array; sha256: string; stored: ConfigVersion }> {
  const found = await readVersion(stores.table, deviceId, version)
  if (found.bytes > textBytesMax)
    throw new AppError('too_large', `The text has ${found.bytes} bytes: clone the repository to read it.`)
  const text = await stores.archive.get(found.textKey)
  if (text === undefined) throw new AppError('internal', `the archive lacks ${found.textKey}`)
  return { text, sha256: found.sha256, stored: found }
}

/**
 * Pins another host key. The device is refused until somebody does this: that is what pinning is for.
 * @throws AppError `not_found` for a device that was never reached; `write_conflict`.
 */
export async function acceptHostKey(table: Table, deviceId: number, hostKey: HostKey): Promise<HostKey[]> {
  const state = await readState(table, deviceId)
  if (state === undefined) throw new AppError('not_found', `Device ${deviceId} was never backed up.`)
  const next: BackupState = { ...state, version: state.version + 1, hostKeys: [hostKey] }
  await table.write([
    {
      put: { ...keys.backupState(deviceId), ...next },
      ifVersion: state.version,
      otherwise: 'write_conflict',
    },
  ])
  return next.hostKeys
}
