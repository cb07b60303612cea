import { AppError } from '../../errors.ts'
import type { Engine } from '../../model/engine.ts'
import type { ObjectStore } from '../../objects.ts'
import { findPlatform } from '../../platforms/platforms.ts'
import type { Opener } from '../keyring.ts'
import { configPaths, type PlannedDevice } from '../runs/plan.ts'
import type { DeviceFiles } from './device-files.ts'
import { olderThanKnown, pastVersions } from './device-history.ts'
import type { Repository } from './repository.ts'
import { storePast } from './store-past.ts'

export type DeviceReport = {
  deviceId: number
  name: string
  paths: string[]
  /** Versions in the files. */
  found: number
  /** Of them, those that are stored, or in a dry run would be. */
  versions: number
  secrets: number
  /** When the first and the last one found were made. */
  first?: string
  last?: string
  /** Why nothing of it is imported. */
  problem?: 'several_files' | 'no_platform' | 'not_readable'
  /** Time was up, and there is more to store. */
  isCutShort?: boolean
}

type Importer = {
  engine: Engine
  archive: ObjectStore
  keyring: Opener
  repository: Pick<Repository, 'readFile'>
  inventory: { devices: readonly PlannedDevice[] }
  jobId: number
  isDry: boolean
}

/** Another import of the same device may go on: so often it is looked at again. */
const racesMax = 5

export async function importDevice(
  importer: Importer,
  files: DeviceFiles,
  isOver: () => Promise<boolean>,
): Promise<DeviceReport> {
  const device = importer.inventory.devices.find(({ id }) => id === files.deviceId)
  const { deviceId, paths } = files
  const report = { deviceId, name: device?.name ?? '', paths, found: 0, versions: 0, secrets: 0 }
  if (files.isAmbiguous) return { ...report, problem: 'several_files' }
  // Without one nobody knows what is secret in it.
  const platform = findPlatform(device?.deviceType ?? '')
  if (device === undefined || platform === undefined) return { ...report, problem: 'no_platform' }
  const { engine, keyring, repository } = importer
  const reader = { repository, platform, redactionKey: keyring.redactionKey }
  const all = await pastVersions(reader, files)
  const first = all[0]?.at
  const last = all.at(-1)?.at
  if (first === undefined || last === undefined) return { ...report, problem: 'not_readable' }
  const secrets = all.reduce((sum, version) => sum + version.secrets, 0)
  const told = { ...report, found: all.length, secrets, first, last }
  const path = configPaths(importer.inventory.devices).get(deviceId) ?? ''
  const of = { deviceId, deviceType: device.deviceType, path, jobId: importer.jobId }
  for (let race = 1; ; race += 1) {
    const older = await olderThanKnown(engine.table, files, all, engine.now())
    if (importer.isDry) return { ...told, versions: older.versions.length }
    try {
      const stores = { table: engine.table, archive: importer.archive, keyring }
      const stored = await storePast(stores, reader, { ...of, ...older }, isOver)
      return { ...told, versions: stored, isCutShort: stored < older.versions.length }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'version_conflict' || race === racesMax) throw error
    }
  }
}
