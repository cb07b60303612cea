import type * as z from 'zod'
import { pageOf } from '../../http/paging.ts'
import type { HttpRequest } from '../../http/request.ts'
import { AppError } from '../../errors.ts'
import type { Engine } from '../../model/engine.ts'
import { keys } from '../../table/keys.ts'
import type { UsedBy } from './routes.ts'
import { readRates } from './credential-uses.ts'
import { readInventory } from '../runs/inventory.ts'
import { credentialsFor, targetTest } from '../runs/plan.ts'
import { BackupState } from '../records.ts'

/**
 * Devices that are backed up and tried with a credential, by name. Costs one read per device.
 * @throws AppError `not_found`
 */
export async function usedBy(
  engine: Engine,
  id: number,
  asked: { accepted_last?: boolean | undefined },
  request: HttpRequest,
) {
  const { devices, credentials } = await readInventory(engine)
  if (!credentials.some((one) => one.id === id))
    throw new AppError('not_found', `There is no credential ${id}.`)
  const rates = await readRates(
    engine.table,
    credentials.map((one) => one.id),
  )
  const rated = credentials.map((one) => ({ ...one, ...rates.get(one.id) }))
  const active = devices.filter(targetTest({}))
  const states = await engine.table.getMany(
    BackupState,
    active.map((device) => keys.backupState(device.id)),
  )
  const found = active.flatMap((device, index): z.input<typeof UsedBy>[] => {
    const state = states[index]
    const place = credentialsFor(device, rated, state?.credentialId).indexOf(id) + 1
    if (place === 0) return []
    const isLast = state?.credentialId === id
    if (asked.accepted_last !== undefined && asked.accepted_last !== isLast) return []
    const { name } = device
    return [
      {
        device: { id: device.id, name },
        place,
        accepted_last: isLast,
        last_success: state?.lastSuccessAt ?? null,
      },
    ]
  })
  const sorted = found.toSorted(
    (a, b) => a.device.name.localeCompare(b.device.name) || a.device.id - b.device.id,
  )
  return pageOf(request, sorted, (one) => one)
}
