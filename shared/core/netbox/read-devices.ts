import * as z from 'zod'
import { devicesUrl } from './address.ts'
import { getJson, type CallTime, type Netbox } from './call.ts'
import { NetboxError } from './netbox-error.ts'
import { readDevice, type Upstream } from './upstream.ts'

export type Place = Netbox & { remote_url: string; device_filter: string }

const pageDevices = 250
/** NetBox and netkeep leave out the rest, config contexts above all, which NetBox works out for each device. */
const fields =
  'id,name,device_type,role,platform,serial,asset_tag,site,status,primary_ip4,primary_ip6,management_address,tags'
/** Of 250,000 devices, as many as an import takes. */
const pagesMax = 1000
const readingsMax = 3

const Page = z.object({
  count: z.int(),
  next: z.string().nullable(),
  results: z.array(z.looseObject({ id: z.int().positive() })),
})

/**
 * All devices of a NetBox that match the filter. Pages are cut by places, so a device that is deleted meanwhile shifts
 * the others: where the number read is not the number told, all is read again.
 * @throws NetboxError
 */
export async function readDevices(place: Place, time: CallTime): Promise<Upstream[]> {
  for (let reading = 1; ; reading++) {
    const { devices, isSteady } = await readPages(place, time)
    if (isSteady) return devices.map(readDevice)
    if (reading === readingsMax)
      throw new NetboxError(
        'unsteady',
        'the devices of NetBox change faster than they can be read: try later',
      )
  }
}

type Raw = z.infer<typeof Page>['results'][number]

async function readPages(place: Place, time: CallTime): Promise<{ devices: Raw[]; isSteady: boolean }> {
  const first = devicesUrl(place, { limit: String(pageDevices), ordering: 'id', fields })
  const devices = new Map<number, Raw>()
  const counts = new Set<number>()
  let url: URL | undefined = first
  for (let page = 1; url !== undefined; page++) {
    if (page > pagesMax) throw new NetboxError('not_netbox', `NetBox has more than ${pagesMax} pages`)
    if (time.now().getTime() >= time.until)
      throw new NetboxError('unavailable', 'reading NetBox takes too long: narrow the filter')
    const answer = Page.safeParse(await getJson(place, url, time))
    if (!answer.success)
      throw new NetboxError('not_netbox', 'what answers there is no NetBox: its JSON is no list of devices')
    const { count, next, results } = answer.data
    counts.add(count)
    for (const device of results) devices.set(device.id, device)
    url = next === null ? undefined : nextUrl(first, next)
  }
  return { devices: [...devices.values()], isSteady: counts.size === 1 && counts.has(devices.size) }
}

/** The token goes nowhere but to where the source is. @throws NetboxError */
function nextUrl(first: URL, text: string): URL {
  const url = URL.parse(text, first.href)
  if (url !== null && url.origin === first.origin) return url
  throw new NetboxError(
    'refused',
    `NetBox gives its next page at ${url?.origin ?? 'no address'} instead of ${first.origin}: a proxy before it must pass on the host and X-Forwarded-Proto, or the source needs the other URL`,
  )
}
