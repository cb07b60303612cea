import type * as z from 'zod'
import { readVersions } from '../backups/device-records.ts'
import { ConfigVersion } from '../backups/records.ts'
import { AppError } from '../errors.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import { wordsOf } from './nodes.ts'
import type { OxidizedVersion } from './routes.ts'

const netkeep = { name: 'netkeep', email: 'netkeep@localhost' }

/** Newest first. */
export async function listVersions(
  table: Table,
  deviceId: number,
): Promise<z.input<typeof OxidizedVersion>[]> {
  const versions = await readVersions(table, deviceId)
  return versions.map((version) => ({
    oid: oidOf(version),
    date: wordsOf(version.collectedAt),
    time: wordsOf(version.collectedAt),
    epoch: Math.floor(Date.parse(version.collectedAt) / 1000),
    num: version.sequence,
    author: { ...(version.author ?? netkeep), time: wordsOf(version.collectedAt) },
    message: version.imported?.message ?? `Backup run ${version.runId}`,
  }))
}

const hashDigits = 32
const sequenceDigits = 8

/**
 * Forty digits, as clients expect of an object of git: of the text's hash, and of the version's number, by which it is
 * found. The hash shows an `oid` of another device or of nothing for what it is.
 */
const oidOf = ({ sha256, sequence }: ConfigVersion): string =>
  sha256.slice(0, hashDigits) + (sequence >>> 0).toString(16).padStart(sequenceDigits, '0')

/** The number of the version. @throws AppError `not_found` */
export async function findVersion(table: Table, deviceId: number, oid: string): Promise<number> {
  const sequence = /^[0-9a-f]{40}$/.test(oid) ? Number.parseInt(oid.slice(hashDigits), 16) | 0 : 0
  const found = await table.get(ConfigVersion, keys.configVersion(deviceId, sequence))
  if (found === undefined || oidOf(found) !== oid)
    throw new AppError('not_found', `The node has no configuration with the oid ${oid.slice(0, 80)}.`)
  return sequence
}
