import type { Engine, WriteOptions } from '../model/engine.ts'
import type { Written } from '../model/define.ts'
import { followPorts } from './primary-addresses.ts'
import { settle } from '../model/settle.ts'

/** The newest time that each owner's interfaces were seen becomes the owner's own: it only ever grows. */
const followLastSeen =
  (ownerModel: string, ownerField: string) =>
  async (engine: Engine, written: readonly Written[], options: WriteOptions): Promise<void> => {
    const newest = new Map<number, string>()
    for (const { before, after } of written) {
      const seen = after?.['last_seen']
      if (typeof seen !== 'string' || seen === before?.['last_seen']) continue
      const owner = Number(after?.[ownerField])
      const known = newest.get(owner)
      if (known === undefined || seen > known) newest.set(owner, seen)
    }
    const model = engine.registry.get(ownerModel)
    for (const [id, seen] of newest) {
      await settle(engine, { model, id, options }, (row) => {
        const known = row['last_seen']
        return typeof known === 'string' && known >= seen ? {} : { last_seen: seen }
      })
    }
  }

const devicesSeen = followLastSeen('dcim.device', 'device')
const machinesSeen = followLastSeen('virtualization.virtualmachine', 'virtual_machine')

/** What a change of interfaces means for their devices. */
export async function followInterfaces(
  engine: Engine,
  written: readonly Written[],
  options: WriteOptions,
): Promise<void> {
  await devicesSeen(engine, written, options)
  await followPorts(engine, { name: 'dcim.interface' }, { written, options })
}

/** The same for virtual machines. */
export async function followVmInterfaces(
  engine: Engine,
  written: readonly Written[],
  options: WriteOptions,
): Promise<void> {
  await machinesSeen(engine, written, options)
  await followPorts(engine, { name: 'virtualization.vminterface' }, { written, options })
}
