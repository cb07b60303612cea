import { randomUUID } from 'node:crypto'
import type { Person } from '../../git/object-format.ts'
import { keys } from '../../table/keys.ts'
import type { Write } from '../../table/table.ts'
import { changeAuthor } from './change-author.ts'
import { rawCodeOf } from './raw-config.ts'
import type { DeviceRun, RecordStores, RenderedConfig } from '../runs/record.ts'
import { rawKeyOf, type BackupState, type ConfigVersion, type Uncommitted } from '../records.ts'
import { currentTextKey, textUseWrite } from '../retention/texts.ts'
import { unindexedWrite } from '../search/shards.ts'
import { linesOf } from './shrink.ts'

/**
 * Puts the texts of a new version into the archive.
 * @returns what names them in the table: not yet written, so that nothing half stored is ever visible.
 */
export async function storeVersion(
  stores: RecordStores,
  found: {
    run: DeviceRun
    config: RenderedConfig
    state: BackupState | undefined
    sequence: number
    finishedAt: string
    isSignificant: boolean
  },
): Promise<Write[]> {
  const { run, config, sequence } = found
  const { deviceId, path } = run.item
  const deviceType = run.outcome.detected?.deviceType ?? run.item.deviceType
  const textKey = await currentTextKey(stores.table, config.sha256)
  const rawKey = rawKeyOf(deviceId, sequence, randomUUID().slice(0, 8))
  const sealed = await stores.keyring.seal('raw-config', new TextEncoder().encode(config.raw))
  await Promise.all([
    stores.archive.put(textKey, config.text, { contentType: 'text/plain; charset=utf-8' }),
    stores.archive.put(rawKey, sealed, { contentType: 'application/octet-stream' }),
  ])
  const author = changeAuthor(run.item.name, config.lastChange, found.state?.lastChange)
  const version: ConfigVersion = {
    deviceId,
    sequence,
    runId: run.runId,
    collectedAt: found.finishedAt,
    sha256: config.sha256,
    bytes: Buffer.byteLength(config.text),
    lines: linesOf(config),
    secrets: config.secrets,
    ...(found.isSignificant ? {} : { significant: false }),
    ...(config.volatile.length === 0 ? {} : { volatile: config.volatile }),
    ...(config.lastChange === undefined ? {} : { lastChange: config.lastChange }),
    ...(author === undefined ? {} : { author }),
    deviceType,
    path,
    textKey,
    rawKey,
    rawCode: rawCodeOf(stores.keyring, { deviceId, sequence }, config.raw),
  }
  return [
    { put: { ...keys.configVersion(deviceId, sequence), ...version }, ifAbsent: 'version_conflict' },
    textUseWrite({ textKey, deviceId, sequence }),
    unindexedWrite(deviceId, sequence),
    pendingCommit(run, sequence, textKey, author),
  ]
}

/** Notes that a version is to be committed by its run. */
export function pendingCommit(run: DeviceRun, sequence: number, textKey: string, author?: Person): Write {
  const { deviceId, path } = run.item
  const by = author === undefined ? {} : { author }
  const pending: Uncommitted = { runId: run.runId, deviceId, sequence, path, textKey, ...by }
  return { put: { ...keys.uncommitted(run.runId, deviceId), ...pending }, unconditionally: true }
}
