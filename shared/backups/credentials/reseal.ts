import * as z from 'zod'
import {
  advanceJob,
  claimJob,
  finishJob,
  noteProgress,
  readJob,
  rejectEnded,
  writeOptionsOf,
} from '../../core/jobs.ts'
import type { Job } from '../../core/jobs.ts'
import { AppError } from '../../errors.ts'
import type { Model } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import { updateRows } from '../../model/records.ts'
import { keys } from '../../table/keys.ts'
import { openKeyring, openText, renewKeyring, sealText, versionOfText } from '../keyring.ts'
import type { KeyService, Opener } from '../keyring.ts'
import { FormerSecrets } from './rotate-credential.ts'

type ResealStores = { engine: Engine; keyService: KeyService }

const Journal = z.object({ keyringVersion: z.int().optional() })
const StoredRow = z.looseObject({ version: z.int() })
/** Others may change a row at the same time: so often it is read again. */
const racesMax = 10
const progressMs = 1000

/**
 * Seals every secret anew under a new version of the keyring. What is under it already is left alone, so it may be
 * begun again at any place. @throws AppError `job_taken`, `job_finished`
 */
export async function runReseal(
  { engine, keyService }: ResealStores,
  jobId: number,
  execution: string,
): Promise<void> {
  const claimed = await claimJob(engine, jobId, execution)
  const version =
    Journal.parse(claimed.journal).keyringVersion ?? (await newVersion({ engine, keyService }, jobId))
  const keyring = await openKeyring(engine.table, keyService)
  const rows = await rowsWithSecrets(engine)
  let resealed = 0
  let notedAt = 0
  for (const [current, { model, id, names }] of rows.entries()) {
    if (Date.now() - notedAt >= progressMs) {
      rejectEnded(await readJob(engine, jobId))
      await noteProgress(engine, jobId, { current, total: rows.length, step: 'sealing' })
      notedAt = Date.now()
    }
    if (await resealRow(engine, keyring, { job: claimed, model, id, names })) resealed += 1
    if (model.name === 'backups.credential') await resealFormer(engine, keyring, id)
  }
  await noteProgress(engine, jobId, { current: rows.length, total: rows.length, step: 'done' })
  const result = { keyring_version: version, rows: rows.length, resealed }
  await finishJob(engine, jobId, { state: 'completed', result })
}

/** Noted at once: a job that is begun again makes no other. */
async function newVersion({ engine, keyService }: ResealStores, jobId: number): Promise<number> {
  const version = await renewKeyring(engine.table, keyService)
  await advanceJob(engine, jobId, ({ journal }) => ({ journal: { ...journal, keyringVersion: version } }))
  return version
}

type SecretRow = { model: Model; id: number; names: string[] }

async function rowsWithSecrets({ registry, catalogs }: Engine): Promise<SecretRow[]> {
  const rows: SecretRow[] = []
  for (const model of registry.all) {
    // What is hashed cannot be opened, nor needs it.
    const names = Object.entries(model.fields).flatMap(([name, field]) =>
      field.kind === 'secret' && field.hash === undefined ? [name] : [],
    )
    if (names.length === 0) continue
    const catalog = catalogs.of(model)
    await catalog.refresh()
    for (const id of catalog.rows.keys()) rows.push({ model, id, names })
  }
  return rows
}

async function resealRow(
  engine: Engine,
  keyring: Opener,
  { job, model, id, names }: SecretRow & { job: Job },
): Promise<boolean> {
  for (let race = 1; ; race += 1) {
    const stored = await engine.table.get(StoredRow, keys.entity(model.name, id))
    const values = stored && (await sealedAnew(keyring, stored, names))
    if (stored === undefined || values === undefined) return false
    try {
      await updateRows(engine, model, [{ id, values, version: stored.version }], {
        ...writeOptionsOf(job),
        bySystem: true,
        prepared: true,
        message: `sealed anew under version ${keyring.version} of the keyring`,
      })
      return true
    } catch (error) {
      const code = error instanceof AppError ? error.code : undefined
      if (code === 'not_found') return false
      if (code !== 'version_conflict' || race === racesMax) throw error
    }
  }
}

async function resealFormer({ table }: Engine, keyring: Opener, id: number): Promise<void> {
  const key = keys.formerSecrets(id)
  const stored = await table.get(StoredRow, key)
  const values =
    stored && (await sealedAnew(keyring, stored, ['password', 'private_key', 'passphrase', 'enable_secret']))
  if (stored === undefined || values === undefined) return
  FormerSecrets.parse(stored)
  try {
    const put = { ...stored, ...key, ...values }
    await table.write([{ put, ifVersion: stored.version, otherwise: 'version_conflict' }])
  } catch (error) {
    // Dropped or rotated meanwhile: what is there now opens as well.
    if (!(error instanceof AppError) || error.code !== 'version_conflict') throw error
  }
}

/** @returns undefined where nothing is sealed under another version. */
async function sealedAnew(
  keyring: Opener,
  stored: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Promise<Record<string, string> | undefined> {
  const values: Record<string, string> = {}
  for (const name of names) {
    const sealed = stored[name]
    if (typeof sealed !== 'string' || versionOfText(sealed) === keyring.version) continue
    values[name] = await sealText(keyring, await openText(keyring, sealed))
  }
  return Object.keys(values).length === 0 ? undefined : values
}
