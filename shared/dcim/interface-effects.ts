import type { Engine, WriteOptions } from '../model/engine.ts'
import type { Written } from '../model/define.ts'
import { settle } from '../model/settle.ts'

/** The newest time that each owner's interfaces were seen becomes the owner's own: it only ever grows. */
export const followLastSeen =
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

export const followInterfaces = followLastSeen('dcim.device', 'device')
