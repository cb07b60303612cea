import type { LabRouter } from '../lab/lab.ts'
import type { Api } from './api.ts'
import {
  demoDevices,
  enableSecret,
  families,
  logins,
  manufacturers,
  roles,
  sites,
  type FamilyName,
} from './network.ts'

type Named = { id: number; slug: string }

/** A device that is really there, and what it is. */
export type Placed = {
  name: string
  site: string
  family: FamilyName
  host: string
  port: number
  login?: Login
}
type Login = { username: string; password: string }

/** Fills the inventory through the API: in bulk, and with references by slug, as an import would. */
export async function loadInventory(
  api: Api,
  routers: readonly LabRouter[],
  more: readonly Placed[],
): Promise<number> {
  await api.post('/dcim/sites/', sites)
  await api.post<Named[]>(
    '/dcim/manufacturers/',
    manufacturers.map((name) => ({ name, slug: slugOf(name) })),
  )
  await api.post(
    '/dcim/device-roles/',
    roles.map((name) => ({ name, slug: slugOf(name) })),
  )
  const kinds = Object.values(families)
  await api.post(
    '/dcim/platforms/',
    kinds.map(({ platform, driver, manufacturer }) => ({
      name: platform,
      slug: slugOf(platform),
      driver,
      manufacturer: { slug: slugOf(manufacturer) },
    })),
  )
  await api.post(
    '/dcim/device-types/',
    kinds.map(({ model, manufacturer }) => ({
      model,
      slug: slugOf(model),
      manufacturer: { slug: slugOf(manufacturer) },
    })),
  )
  const placed = [...demoDevices.map((device, index) => placedOf(device, routers[index])), ...more]
  await api.post('/dcim/devices/', placed.map(deviceOf))
  await loadCredentials(api, more)
  return placed.length
}

function placedOf(device: (typeof demoDevices)[number], router: LabRouter | undefined): Placed {
  if (router === undefined) throw new Error(`${device.lab.name} was not started`)
  const { name, host, port } = router
  return { name, site: device.site, family: device.family, host, port }
}

function deviceOf({ name, site, family, host, port }: Placed): Record<string, unknown> {
  const { platform, model, role } = families[family]
  return {
    name,
    site: { slug: site },
    device_type: { slug: slugOf(model) },
    role: { slug: slugOf(role) },
    platform: { slug: slugOf(platform) },
    management_address: host,
    management_port: port,
  }
}

async function loadCredentials(api: Api, more: readonly Placed[]): Promise<void> {
  // Simulated devices ask nobody: what one refuses says nothing about the others.
  const realm = { name: 'Accounts of the devices', local_accounts: true }
  const { id: aaa_realm } = await api.post<{ id: number }>('/backups/aaa-realms/', realm)
  const credentials = [
    { name: 'tacacs', priority: 10, ...logins.tacacs, enable_secret: enableSecret },
    { name: 'local', priority: 20, ...logins.local, enable_secret: enableSecret },
    ...more.flatMap(({ name, login }) => (login === undefined ? [] : [{ name, priority: 30, ...login }])),
  ]
  await api.post(
    '/backups/credentials/',
    credentials.map((one) => ({ ...one, aaa_realm })),
  )
}

const slugOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
