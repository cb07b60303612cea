/** What is asked, by name: each time a little otherwise, so that no answer is the one before. */
export type Question = {
  name: string
  method: string
  url: (n: number) => string
  body?: (n: number) => unknown
}

const get = (name: string, url: (n: number) => string): Question => ({ name, method: 'GET', url })

/** In the names of what is made: the same database can be asked again. */
const startedAt = Date.now()

export const questions: readonly Question[] = [
  get('devices, page of 50', (n) => `/api/dcim/devices/?limit=50&offset=${(n % 90) * 50}`),
  get('… of one status in one site', (n) => `/api/dcim/devices/?status=active&site=site-${n % 50}&limit=50`),
  get('… whose name contains a text', (n) => `/api/dcim/devices/?name__ic=-${100 + n}&limit=50`),
  get('… by a pattern', (n) => `/api/dcim/devices/?name__regex=^sw-ams.*${n % 10}$&limit=50`),
  get('… by free text (q)', (n) => `/api/dcim/devices/?q=ber-${n}&limit=50`),
  get(
    '… by site, then name downwards',
    (n) => `/api/dcim/devices/?ordering=site,-name&limit=50&offset=${(n % 90) * 50}`,
  ),
  get(
    '… by serial number, filtered',
    (n) => `/api/dcim/devices/?role=role-${n % 12}&ordering=serial&limit=50`,
  ),
  get(
    '… with a tag and not a status',
    (n) => `/api/dcim/devices/?tag=tag-${n % 20}&status__n=active&ordering=-id&limit=50`,
  ),
  get('… through the region of the site', (n) => `/api/dcim/devices/?region=region-${n % 20}&limit=50`),
  get('… last page', () => `/api/dcim/devices/?limit=50&offset=4950`),
  get('devices, page of 1,000', (n) => `/api/dcim/devices/?limit=1000&offset=${(n % 5) * 1000}`),
  get(
    'devices, facets of status and site',
    (n) => `/api/dcim/devices/?facets=status,site&limit=1&role=role-${n % 12}`,
  ),
  get('count of devices', (n) => `/api/dcim/devices/?limit=1&platform=platform-${n % 10}`),
  get('clusters with their VM counts', () => `/api/virtualization/clusters/?limit=200`),
  get(
    'virtual machines of a cluster',
    (n) => `/api/virtualization/virtual-machines/?cluster_id__n=1&limit=50&offset=${n}`,
  ),
  get(
    'interfaces by MAC address',
    (n) => `/api/dcim/interfaces/?mac_address=02:00:00:00:00:${(16 + (n % 200)).toString(16)}`,
  ),
  get('addresses by DNS name', (n) => `/api/ipam/ip-addresses/?dns_name=p0.sw-${n}.example.net`),
  get('prefixes of a site', (n) => `/api/ipam/prefixes/?site=site-${n % 50}&limit=50`),
  {
    name: 'create a site',
    method: 'POST',
    url: () => `/api/dcim/sites/`,
    body: (n) => ({ name: `bench ${startedAt} ${n}`, slug: `bench-${startedAt}-${n}` }),
  },
]

/** Any filter, any order, a page of 50 devices: what the bar is about. */
export function anyDevices(n: number): string {
  const filters = [
    `status=${['active', 'planned', 'staged', 'offline', 'missing'][n % 5]}`,
    `site=site-${n % 50}`,
    `role=role-${n % 12}`,
    `platform__n=platform-${n % 10}`,
    `name__ic=${n % 100}`,
    `serial__isw=SN${n % 10}`,
    `tag=tag-${n % 20}`,
    `manufacturer=maker-${n % 10}`,
    `description__empty=false`,
    `q=sw-dub`,
  ]
  const orders = ['name', '-name', 'site', '-site,name', 'status,serial', '-created', 'role,-id', 'asset_tag']
  const two = [filters[n % filters.length], filters[(n * 7 + 3) % filters.length]]
  return `/api/dcim/devices/?${[...new Set(two)].join('&')}&ordering=${orders[n % orders.length]}&limit=50`
}
