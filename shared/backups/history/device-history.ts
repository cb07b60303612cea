import * as z from 'zod'
import { renderConfig } from '../../collect/render-config.ts'
import type { Platform } from '../../platforms/definition.ts'
import { keys } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'
import type { RenderedConfig } from '../runs/record.ts'
import { ConfigVersion, GoneVersion } from '../records.ts'
import type { DeviceFiles } from './device-files.ts'
import { ownLines } from './own-lines.ts'
import type { FileChange, Repository } from './repository.ts'

/**
 * How far back the versions of a device reach that were imported: the next import takes only what is older. It outlives
 * the versions, which retention may let go.
 */
export const ImportedHistory = z.object({
  deviceId: z.int(),
  version: z.int(),
  /** Lowest number that was given: -1, -2, … backwards from the first version of netkeep's own. */
  sequence: z.int(),
  /** Of the oldest version. */
  at: z.string(),
  commit: z.string(),
})
export type ImportedHistory = z.infer<typeof ImportedHistory>

/** A version of the past that differs from the one before it. */
export type PastVersion = { change: FileChange; at: string; order: number } & Pick<
  RenderedConfig,
  'sha256' | 'secrets'
>

/** Beyond this it is no configuration. */
const fileBytesMax = 16_000_000

/** @returns undefined for what is no text, is empty once it is cleaned, or is too long. */
export async function readPast(
  { repository, platform, redactionKey }: PastReader,
  { blob = '' }: FileChange,
): Promise<RenderedConfig | undefined> {
  const bytes = await repository.readFile(blob)
  if (bytes.length > fileBytesMax || bytes.includes(0)) return undefined
  const raw = ownLines(platform, new TextDecoder().decode(bytes))
  const rendered = renderConfig(platform, raw, redactionKey)
  return rendered.text === '' ? undefined : { ...rendered, raw }
}

export type PastReader = {
  repository: Pick<Repository, 'readFile'>
  platform: Platform
  redactionKey: Uint8Array
}

/**
 * The versions in a device's files, oldest first, each as it would have been collected; one that is shown like the one
 * before it is none. Times never go back, though clocks of committers did.
 */
export async function pastVersions(reader: PastReader, { changes }: DeviceFiles): Promise<PastVersion[]> {
  const versions: PastVersion[] = []
  let latest = ''
  for (const [order, change] of changes.entries()) {
    const config = await readPast(reader, change)
    if (change.commit.at > latest) latest = change.commit.at
    if (config === undefined || config.sha256 === versions.at(-1)?.sha256) continue
    const { sha256, secrets } = config
    versions.push({ change, at: latest, order, sha256, secrets })
  }
  return versions
}

const Head = ConfigVersion.pick({ sequence: true, collectedAt: true })

/** Of what is older than all that is known of the device. @param now what is later cannot be the past. */
export async function olderThanKnown(
  table: Table,
  { deviceId, changes }: DeviceFiles,
  versions: readonly PastVersion[],
  now: Date,
): Promise<{ versions: PastVersion[]; imported: ImportedHistory | undefined }> {
  const imported = await table.get(ImportedHistory, keys.importedHistory(deviceId))
  if (imported === undefined) {
    const before = (await firstKnown(table, deviceId)) ?? now.toISOString()
    return { versions: versions.filter(({ at }) => at < before && at < now.toISOString()), imported }
  }
  // The same history: what stands before the commit. Another one: what is older.
  const reached = changes.findIndex(({ commit }) => commit.oid === imported.commit)
  const isOlder = ({ at, order }: PastVersion): boolean =>
    reached === -1 ? at < imported.at : order < reached
  return { versions: versions.filter(isOlder), imported }
}

/** When the oldest version was collected, those included that were let go. */
async function firstKnown(table: Table, deviceId: number): Promise<string | undefined> {
  const oldest = async (schema: typeof Head, partition: string): Promise<string[]> =>
    (await Array.fromAsync(table.query(schema, { partition, limit: 1 }))).map(
      ({ collectedAt }) => collectedAt,
    )
  const found = [
    ...(await oldest(Head, keys.configVersions(deviceId))),
    ...(await oldest(GoneVersion.pick({ sequence: true, collectedAt: true }), keys.goneVersions(deviceId))),
  ]
  return found.sort()[0]
}
