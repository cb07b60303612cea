import * as z from 'zod'
import { AppError } from '../../errors.ts'
import type { Actor } from '../../model/change.ts'
import { systemActor } from '../../model/change.ts'
import type { Engine } from '../../model/engine.ts'
import { getStored, updateRows } from '../../model/records.ts'
import { keys } from '../../table/keys.ts'
import { credentialsFor, targetTest, type PlannedCredential, type PlannedDevice } from '../runs/plan.ts'
import { credential } from '../models/credential.ts'
import { BackupState } from '../records.ts'
import type { Rotation } from './rotation.ts'

/** Sealed, as they were in the credential. */
export const FormerSecrets = z.object({
  password: z.string().nullish(),
  private_key: z.string().nullish(),
  passphrase: z.string().nullish(),
  enable_secret: z.string().nullish(),
  /** The version of the credential's secrets that these are. */
  secretVersion: z.int(),
})

const keptDays = 30
const dayMs = 86_400_000

export type Rotated = { id: number; secret_version: number; former_until: string | null }

/**
 * Gives a credential new secrets. The former ones are kept beside it, and tried after the new ones.
 * @throws AppError `not_found`; `rotation_open` while others are kept still; `version_conflict`.
 */
export async function rotateCredential(
  engine: Engine,
  id: number,
  { until, ...secrets }: Rotation,
  actor: Actor,
): Promise<Rotated> {
  const found = await getStored(engine, credential, id)
  if (found === undefined) throw new AppError('not_found', `There is no credential ${id}.`)
  const now = engine.now()
  if (found.former_until !== null && Date.parse(found.former_until) > now.getTime())
    throw new AppError('rotation_open', `Its former secrets are kept until ${found.former_until}.`)
  const former_until = new Date(
    until === undefined ? now.getTime() + keptDays * dayMs : Date.parse(until),
  ).toISOString()
  const sealed = await engine.table.get(FormerSecrets.partial(), keys.entity(credential.name, id))
  const former = { ...sealed, secretVersion: found.secret_version, version: found.secret_version }
  const expiresAt = Math.ceil((Date.parse(former_until) + dayMs) / 1000)
  // First: were we to end here, nothing would point to them.
  await engine.table.write([
    { put: { ...keys.formerSecrets(id), ...former, expiresAt }, unconditionally: true },
  ])
  const values = { ...secrets, former_until, secret_version: found.secret_version + 1 }
  const [row] = await updateRows(engine, credential, [{ id, values, version: found.version }], {
    actor,
    bySystem: true,
    message: 'rotated',
  })
  if (row === undefined) throw new AppError('internal', 'the rotated credential was not written')
  return { id, secret_version: row.secret_version, former_until: row.former_until }
}

/** @throws AppError `not_found` */
export async function dropFormer(engine: Engine, id: number, actor: Actor, message: string): Promise<void> {
  if ((await getStored(engine, credential, id)) === undefined)
    throw new AppError('not_found', `There is no credential ${id}.`)
  await updateRows(engine, credential, [{ id, values: { former_until: null } }], {
    actor,
    bySystem: true,
    message,
  })
  await engine.table.write([{ remove: keys.formerSecrets(id), unconditionally: true }])
}

/**
 * Drops former secrets that are past their date, and those that no device needs: all that took the credential the last
 * time have taken the new secrets. Costs a read per device while a rotation is open, else nothing.
 */
export async function settleRotations(
  engine: Engine,
  inventory: { devices: readonly PlannedDevice[]; credentials: readonly PlannedCredential[] },
): Promise<void> {
  const open = inventory.credentials.filter(({ formerUntil }) => formerUntil !== undefined)
  if (open.length === 0) return
  const devices = inventory.devices.filter(targetTest({}))
  const states = await engine.table.getMany(
    BackupState,
    devices.map(({ id }) => keys.backupState(id)),
  )
  for (const { id, formerUntil = '', secretVersion = 1 } of open) {
    const isNeeded = devices.some((device, index) => {
      const { credentialId, secretVersion: taken = 1 } = states[index] ?? {}
      const isTried = credentialsFor(device, inventory.credentials, undefined).includes(id)
      return isTried && credentialId === id && taken < secretVersion
    })
    const isOver = Date.parse(formerUntil) <= engine.now().getTime()
    if (isNeeded && !isOver) continue
    const why = isOver ? 'the date for the former secrets has passed' : 'the new secrets are proven'
    await dropFormer(engine, id, systemActor('plan-backup'), why)
  }
}
