import { device } from '../../dcim/models/device.ts'
import { AppError } from '../../errors.ts'
import type { Engine } from '../../model/engine.ts'
import { createRows, getRow } from '../../model/records.ts'
import type { ObjectStore } from '../../objects.ts'
import type { Caller } from '../../users/caller.ts'
import { partOf } from '../answer-part.ts'
import { readDevice, readVersion } from '../device-records.ts'
import { openKeyring, type KeyService } from '../keyring.ts'
import { reveal } from '../models/reveal.ts'
import { openRaw } from './raw-config.ts'
import type { ConfigVersion } from '../records.ts'
import { revealRoutes } from './reveal-routes.ts'

type Stores = { engine: Engine; archive: ObjectStore; keyService: KeyService }

export type RevealAsked = {
  deviceId: number
  version: number | 'latest'
  reason: string
  /** Of the raw text. */
  offset: number
  bytes: number | undefined
}

export type Revealed = {
  stored: ConfigVersion
  part: Uint8Array
  total: number
  checkedBy: 'code' | 'text'
}

const { permission } = revealRoutes.revealConfig

/**
 * The text of a stored version as it came from the device, with its secrets. Who asked for it, why, and whether it was
 * given is written first; where that cannot be written, nothing is given.
 * @throws AppError `forbidden`, noted too; `not_found`; `version_gone`; `too_large` where more is asked for than an
 * answer holds; `raw_mismatch`.
 */
export async function revealConfig(
  { engine, archive, keyService }: Stores,
  asked: RevealAsked,
  caller: Caller,
): Promise<Revealed> {
  if (!caller.writeEnabled || !caller.can(permission)) {
    const found = await getRow(engine, device, asked.deviceId)
    await note(engine, { asked, caller, outcome: 'refused', device: found ?? undefined })
    const what = caller.writeEnabled
      ? `This needs the permission ${permission}.`
      : 'This token may only read.'
    throw new AppError('forbidden', what)
  }
  const found = await readDevice(engine, asked.deviceId)
  const stored = await readVersion(engine.table, asked.deviceId, asked.version)
  await note(engine, { asked, caller, outcome: 'granted', device: found, sequence: stored.sequence })
  const sealed = await archive.get(stored.rawKey)
  if (sealed === undefined) throw new AppError('internal', `the archive lacks ${stored.rawKey}`)
  const { raw, checkedBy } = await openRaw(await openKeyring(engine.table, keyService), stored, sealed)
  return { stored, part: partOf(raw, asked), total: raw.length, checkedBy }
}

type Noted = {
  asked: RevealAsked
  caller: Caller
  outcome: 'granted' | 'refused'
  device: { id: number; name: string } | undefined
  sequence?: number
}

async function note(
  engine: Engine,
  { asked, caller, outcome, device: found, sequence }: Noted,
): Promise<void> {
  const wanted = asked.version === 'latest' ? null : asked.version
  const values = {
    device: found?.id ?? null,
    device_name: found?.name ?? `device ${asked.deviceId}`,
    config_version: sequence ?? wanted,
    outcome,
    reason: asked.reason,
    requested_by: caller.username,
  }
  const { userId, username, tokenId, requestId } = caller
  const actor = { userId, username, tokenId, requestId }
  await createRows(engine, reveal, [values], {
    actor,
    bySystem: true,
    message: `${outcome}: ${asked.reason}`,
  })
}
