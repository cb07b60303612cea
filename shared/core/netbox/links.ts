import * as z from 'zod'
import type { Engine } from '../../model/engine.ts'
import { keys } from '../../table/keys.ts'
import type { Write } from '../../table/table.ts'
import { baseOf } from './address.ts'

/**
 * Which device of ours a device of a NetBox is, so that it is found again under another name or in another site. Kept
 * as long as the device, also while NetBox does not list it.
 */
const Link = z.object({
  upstreamId: z.int(),
  deviceId: z.int(),
  /** What the id counts in: a source that is given another NetBox begins anew. */
  base: z.string(),
})
type Link = z.infer<typeof Link>
type Source = { id: number; remote_url: string }

/** Device ids by the ids of NetBox. */
export async function readLinks(
  { table }: Pick<Engine, 'table'>,
  source: Source,
): Promise<Map<number, number>> {
  const base = baseOf(source.remote_url)
  const links = new Map<number, number>()
  for await (const link of table.query(Link, { partition: keys.netboxDevices(source.id) }))
    if (link.base === base) links.set(link.upstreamId, link.deviceId)
  return links
}

const writesMax = 100

export async function writeLinks(
  { table }: Pick<Engine, 'table'>,
  source: Source,
  links: readonly (readonly [upstreamId: number, deviceId: number])[],
): Promise<void> {
  const base = baseOf(source.remote_url)
  const writes = links.map(([upstreamId, deviceId]): Write => {
    const link: Link = { upstreamId, deviceId, base }
    return { put: { ...keys.netboxDevice(source.id, upstreamId), ...link }, unconditionally: true }
  })
  for (let from = 0; from < writes.length; from += writesMax)
    await table.write(writes.slice(from, from + writesMax))
}
