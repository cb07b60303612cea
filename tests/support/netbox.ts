import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const brief = (kind: string, id: number, name: string, more: object = {}) => ({
  id,
  url: `https://netbox.example.net/api/dcim/${kind}/${id}/`,
  display: name,
  name,
  slug: name.toLowerCase().replaceAll(' ', '-'),
  description: '',
  ...more,
})

/** A device as NetBox 4.2 answers it: nested objects in brief, choices with their labels. */
export function netboxDevice(id: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    url: `https://netbox.example.net/api/dcim/devices/${id}/`,
    display_url: `https://netbox.example.net/dcim/devices/${id}/`,
    display: `sw${id}`,
    name: `sw${id}`,
    device_type: {
      id: 3,
      url: 'https://netbox.example.net/api/dcim/device-types/3/',
      display: 'Catalyst 9300',
      manufacturer: brief('manufacturers', 2, 'Cisco'),
      model: 'Catalyst 9300',
      slug: 'catalyst-9300',
      description: '',
    },
    role: brief('device-roles', 4, 'Access', { _depth: 0 }),
    tenant: null,
    platform: brief('platforms', 5, 'Cisco IOS-XE'),
    serial: `FOC${id}`,
    asset_tag: null,
    site: brief('sites', 6, 'Amsterdam 1'),
    location: null,
    status: { value: 'active', label: 'Active' },
    primary_ip4: {
      id: 100 + id,
      url: `https://netbox.example.net/api/ipam/ip-addresses/${100 + id}/`,
      display: `10.0.0.${id}/24`,
      family: { value: 4, label: 'IPv4' },
      address: `10.0.0.${id}/24`,
      description: '',
    },
    primary_ip6: null,
    tags: [brief('tags', 7, 'Managed', { color: '9e9e9e' })],
    custom_fields: {},
    ...changes,
  }
}

export type SmallNetbox = {
  url: string
  devices: Record<string, unknown>[]
  /** Answers that come before the next one, one by one. */
  before: ((response: ServerResponse) => void)[]
  asked: { url: URL; authorization: string | undefined }[]
  stop(): Promise<void>
}

/** Answers `/api/dcim/devices/` as NetBox 4.2 does, with pages of two whatever is asked for (as `MAX_PAGE_SIZE` may be). */
export async function startNetbox(token = '0123456789abcdef0123456789abcdef01234567'): Promise<SmallNetbox> {
  const netbox: Omit<SmallNetbox, 'url' | 'stop'> = { devices: [], before: [], asked: [] }
  const server = createServer((request, response) => {
    const { authorization, host } = request.headers
    const url = new URL(request.url ?? '/', `http://${host}`)
    netbox.asked.push({ url, authorization })
    const first = netbox.before.shift()
    if (first !== undefined) return first(response)
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const kind = token.startsWith('nbt_') ? 'Bearer' : 'Token'
    if (authorization !== `${kind} ${token}`) return answer(403, { detail: 'Invalid v1 token' })
    if (url.pathname !== '/api/dcim/devices/') return answer(404, { detail: 'Not found.' })
    const offset = Number(url.searchParams.get('offset') ?? 0)
    const next = new URL(url)
    next.searchParams.set('limit', '2')
    next.searchParams.set('offset', String(offset + 2))
    return answer(200, {
      count: netbox.devices.length,
      next: offset + 2 < netbox.devices.length ? next.href : null,
      previous: null,
      results: netbox.devices.slice(offset, offset + 2),
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return Object.assign(netbox, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop })
}
