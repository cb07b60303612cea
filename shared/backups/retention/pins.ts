import type { Actor } from '../../model/change.ts'
import type { RowOf } from '../../model/define.ts'
import { deleteRows } from '../../model/deletion.ts'
import type { Engine } from '../../model/engine.ts'
import { rowsOf } from '../../model/rows-of.ts'
import { createRows } from '../../model/records.ts'
import { AppError } from '../../errors.ts'
import { keys } from '../../table/keys.ts'
import { readVersion } from '../device-records.ts'
import { versionPin } from '../models/version-pin.ts'
import type { ConfigVersion } from '../records.ts'

export type Pin = RowOf<typeof versionPin>
type Pinned = { stored: ConfigVersion; pin: Pin | undefined }

/** Every pinned version, as of now: devices with their pins by the version's number. */
export async function readPins(engine: Engine): Promise<ReadonlyMap<number, ReadonlyMap<number, Pin>>> {
  const pins = new Map<number, Map<number, Pin>>()
  for (const pin of (await rowsOf(engine, versionPin)).values()) {
    const ofDevice = pins.get(pin.device) ?? new Map<number, Pin>()
    pins.set(pin.device, ofDevice.set(pin.config_version, pin))
  }
  return pins
}

/**
 * Keeps a version whatever the policies say. Whoever is letting it go at this moment comes first or not at all.
 * @throws AppError `not_found`; `version_gone`; `duplicate` where it is pinned.
 */
export async function pinVersion(
  engine: Engine,
  { deviceId, version, reason }: { deviceId: number; version: number | 'latest'; reason: string },
  actor: Actor,
): Promise<Pinned> {
  const stored = await readVersion(engine.table, deviceId, version)
  const values = {
    device: deviceId,
    config_version: stored.sequence,
    reason,
    pinned_by: actor.username,
  }
  const [pin] = await createRows(engine, versionPin, [values], {
    actor,
    bySystem: true,
    message: reason,
    together: () => [{ check: keys.configVersion(deviceId, stored.sequence), isPresent: 'version_gone' }],
  })
  return { stored, pin }
}

/** @throws AppError `not_found` for a version that is not pinned; `version_gone`. */
export async function unpinVersion(
  engine: Engine,
  { deviceId, version, reason }: { deviceId: number; version: number | 'latest'; reason: string },
  actor: Actor,
): Promise<Pinned> {
  const stored = await readVersion(engine.table, deviceId, version)
  const pin = (await readPins(engine)).get(deviceId)?.get(stored.sequence)
  if (pin === undefined) throw new AppError('not_found', `Version ${stored.sequence} is not pinned.`)
  await deleteRows(engine, versionPin, [{ id: pin.id }], { actor, bySystem: true, message: reason })
  return { stored, pin: undefined }
}
