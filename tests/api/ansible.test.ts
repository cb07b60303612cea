import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newFolder, startProduct, type Product } from '../support/product.ts'

const plugin = 'netbox.netbox.nb_inventory'
/** Debian's `ansible` brings the collection; the plugin wants `python3-tz` as well. */
const isThere =
  spawnSync('ansible-doc', ['-t', 'inventory', plugin]).status === 0 &&
  spawnSync('/usr/bin/python3', ['-c', 'import pytz']).status === 0

type Inventory = { _meta: { hostvars: Record<string, Record<string, unknown>> } } & Record<
  string,
  { hosts?: string[]; children?: string[] }
>

describe.skipIf(!isThere)(
  `Ansible's inventory of NetBox${isThere ? '' : ` (${plugin} is not installed)`}`,
  () => {
    let product: Product
    let inventory: Inventory
    let complaints: string
    const folder = newFolder('ansible')

    beforeAll(async () => {
      product = await startProduct()
      await fill(product)
      const { printed, errors } = await readInventory(product, folder)
      inventory = JSON.parse(printed) as Inventory
      complaints = errors
    }, 180_000)

    afterAll(async () => {
      await product?.stop()
      rmSync(folder, { recursive: true, force: true })
    })

    test('is read without a complaint', () => {
      expect(complaints).toBe('')
    })

    test('has the device with its interfaces and its address', () => {
      const host = inventory._meta.hostvars['sw1']

      expect(host).toMatchObject({ sites: ['ams'], device_roles: ['access'], custom_fields: {} })
      expect(JSON.stringify(host?.['interfaces'])).toContain('192.0.2.1/24')
    })

    test('groups it by what was asked for', () => {
      expect(inventory['sites_ams']?.hosts).toEqual(['sw1'])
      expect(inventory['device_roles_access']?.hosts).toEqual(['sw1'])
    })
  },
)

async function fill({ api }: Product): Promise<void> {
  const create = async (path: string, body: object): Promise<number> =>
    (await api.post<{ id: number }>(`/${path}`, body)).id
  const site = await create('dcim/sites/', { name: 'Amsterdam', slug: 'ams' })
  const manufacturer = await create('dcim/manufacturers/', { name: 'Any', slug: 'any' })
  const device_type = await create('dcim/device-types/', { model: 'Any', slug: 'any', manufacturer })
  const role = await create('dcim/device-roles/', { name: 'Access', slug: 'access' })
  const rack = await create('dcim/racks/', { name: 'R1', site })
  const device = await create('dcim/devices/', { name: 'sw1', site, device_type, role, rack })
  const id = await create('dcim/interfaces/', { device, name: 'eth0', type: '1000base-t' })
  await create('ipam/ip-addresses/', {
    address: '192.0.2.1/24',
    assigned_object_type: 'dcim.interface',
    assigned_object_id: id,
  })
}

async function readInventory(
  { runtime, token }: Product,
  folder: string,
): Promise<{ printed: string; errors: string }> {
  const file = join(folder, 'netbox.yml')
  const options = {
    plugin,
    api_endpoint: runtime.url,
    token,
    config_context: false,
    interfaces: true,
    services: true,
    group_by: [
      'sites',
      'device_roles',
      'manufacturers',
      'platforms',
      'racks',
      'region',
      'tags',
      'tenants',
      'cluster',
    ],
  }
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(options))
  const child = spawn('ansible-inventory', ['-i', file, '--list'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      ANSIBLE_LOCAL_TEMP: join(folder, 'tmp'),
      LC_ALL: 'C.UTF-8',
    },
  })
  const [, printed, errors] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)])
  return { printed, errors }
}
