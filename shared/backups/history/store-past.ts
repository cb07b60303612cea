import { AppError } from '../../errors.ts'
import { keys } from '../../table/keys.ts'
import type { Write } from '../../table/table.ts'
import { rawCodeOf } from '../versions/raw-config.ts'
import type { RecordStores } from '../runs/record.ts'
import { rawKeyOf, type ConfigVersion } from '../records.ts'
import { currentTextKey, textUseWrite } from '../retention/texts.ts'
import { linesOf } from '../versions/shrink.ts'
import { readPast, type ImportedHistory, type PastReader, type PastVersion } from './device-history.ts'

type Stores = Pick<RecordStores, 'table' | 'archive' | 'keyring'>
/** @param path of the device's file in netkeep's own repository. */
export type PastOf = { deviceId: number; deviceType: string; path: string; jobId: number }

/** Two writes each, and the note of how far it came. */
const versionsPerTransaction = 20

/**
 * Stores versions of the past, the newest first: each transaction also notes how far back the device's history reaches
 * by now, so whoever begins again goes on with what is older, and nothing is stored twice.
 * @param isOver asked before each transaction. @returns how many were stored.
 * @throws AppError `version_conflict` where another import of the same device goes on.
 */
export async function storePast(
  stores: Stores,
  reader: PastReader,
  of: PastOf & { versions: readonly PastVersion[]; imported: ImportedHistory | undefined },
  isOver: () => Promise<boolean>,
): Promise<number> {
  const newestFirst = of.versions.toReversed()
  let reached = of.imported
  let stored = 0
  while (stored < newestFirst.length && !(await isOver())) {
    const part = newestFirst.slice(stored, stored + versionsPerTransaction)
    const last = part.at(-1)
    if (last === undefined) break
    const first = (reached?.sequence ?? 0) - 1
    const numbered = part.map((version, index) => ({ version, sequence: first - index }))
    const writes = await Promise.all(numbered.map((one) => writesOf(stores, reader, { ...of, ...one })))
    const next: ImportedHistory = {
      deviceId: of.deviceId,
      version: (reached?.version ?? 0) + 1,
      sequence: first - part.length + 1,
      at: last.at,
      commit: last.change.commit.oid,
    }
    await stores.table.write([...writes.flat(), noteWrite(reached, next)])
    reached = next
    stored += part.length
  }
  return stored
}

async function writesOf(
  { table, archive, keyring }: Stores,
  reader: PastReader,
  {
    deviceId,
    deviceType,
    path,
    jobId,
    version,
    sequence,
  }: PastOf & { version: PastVersion; sequence: number },
): Promise<Write[]> {
  const { change, at } = version
  const config = await readPast(reader, change)
  if (config === undefined) throw new AppError('internal', `${change.path} is not what it was a moment ago`)
  const textKey = await currentTextKey(table, config.sha256)
  // Of the commit, so that an attempt that is repeated writes the same objects.
  const rawKey = rawKeyOf(deviceId, sequence, change.commit.oid.slice(0, 12))
  const sealed = await keyring.seal('raw-config', new TextEncoder().encode(config.raw))
  await archive.put(textKey, config.text, { contentType: 'text/plain; charset=utf-8' })
  await archive.put(rawKey, sealed, { contentType: 'application/octet-stream' })
  const { author, message, oid } = change.commit
  const stored: ConfigVersion = {
    deviceId,
    sequence,
    runId: null,
    imported: { jobId, commit: oid, path: change.path, message },
    collectedAt: at,
    sha256: config.sha256,
    bytes: Buffer.byteLength(config.text),
    lines: linesOf(config),
    secrets: config.secrets,
    ...(config.volatile.length === 0 ? {} : { volatile: config.volatile }),
    ...(config.lastChange === undefined ? {} : { lastChange: config.lastChange }),
    author,
    deviceType,
    path,
    textKey,
    rawKey,
    rawCode: rawCodeOf(keyring, { deviceId, sequence }, config.raw),
  }
  return [
    { put: { ...keys.configVersion(deviceId, sequence), ...stored }, ifAbsent: 'version_conflict' },
    textUseWrite({ textKey, deviceId, sequence }),
  ]
}

function noteWrite(before: ImportedHistory | undefined, next: ImportedHistory): Write {
  const put = { ...keys.importedHistory(next.deviceId), ...next }
  return before === undefined
    ? { put, ifAbsent: 'version_conflict' }
    : { put, ifVersion: before.version, otherwise: 'version_conflict' }
}
