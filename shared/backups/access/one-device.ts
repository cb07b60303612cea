import { defaultLimits, type CollectRequest } from '../../collect/request.ts'
import type { ConnectorDeps } from '../../collect/connector.ts'
import type { Failed } from '../../collect/outcome.ts'
import type { Engine } from '../../model/engine.ts'
import { isUndetected } from '../../platforms/platforms.ts'
import { keys } from '../../table/keys.ts'
import type { AskedDevice } from './asked-device.ts'
import { openAccess, requestOf } from './batch-access.ts'
import { batchGates } from '../credentials/batch-gates.ts'
import { batchPlaces } from './batch-places.ts'
import { openKeyring, type KeyService } from '../keyring.ts'
import { openCredentials, type OpenedCredential } from '../credentials/open-credentials.ts'
import { BackupState } from '../records.ts'

export type DeviceStores = {
  engine: Engine
  keyService: KeyService
  now: () => Date
  limits?: CollectRequest['limits']
}

type Opened = ReadonlyMap<number, OpenedCredential>

export type OneDevice = {
  /** What it is asked with, but for the credentials. */
  request: Omit<CollectRequest, 'credentials'>
  deps: ConnectorDeps
  credentials: Opened
  /** A place for one session with it; why there is none. To be called once, before the session. */
  take: () => Promise<Failed | undefined>
}

/** One device outside of any run, with the budgets, places, jump hosts and pinned keys of a backup. */
export async function withDevice<T>(
  stores: DeviceStores,
  asked: AskedDevice,
  credentialIds: readonly number[],
  use: (device: OneDevice) => Promise<T>,
): Promise<T> {
  const { engine, keyService, now } = stores
  const { table } = engine
  const { access } = asked
  const keyring = await openKeyring(table, keyService)
  const credentials = await openCredentials(table, keyring, credentialIds, now())
  const places = batchPlaces({ table, now })
  const gates = batchGates({ table, now })
  const ways = await openAccess(table, keyring, [asked], gates)
  const state = await table.get(BackupState, keys.backupState(asked.device))
  const reach = ways.reachOf(asked)
  const limits = { ...stores.limits, ...access?.limits }
  const own = places.ofDevice(limits.deviceMs ?? defaultLimits.deviceMs)
  const holder = { name: `device-${asked.device}`, realm: access?.realm, places: own }
  const gate = gates.gateFor(holder, (id) => credentials.get(id)?.realm)
  const { deviceType, ...where } = requestOf(asked)
  try {
    return await use({
      request: {
        ...where,
        deviceType: isUndetected(deviceType) ? 'autodetect' : deviceType,
        pinnedHostKeys: state?.hostKeys ?? [],
        limits,
      },
      deps: { now, gate, ...(reach === undefined ? {} : { reach }) },
      credentials,
      take: () => own.take(ways.capsOf(asked)),
    })
  } finally {
    await ways.close()
    await own.release()
    await places.close()
  }
}
