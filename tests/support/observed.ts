import type { Facts } from '../../shared/collect/facts.ts'
import { startApi, type Json, type TestApi } from './api.ts'
import { recordReading } from './readings.ts'

type Made = { id: number; name: string }

/** An inventory whose devices say something of themselves. */
export type Observed = {
  api: TestApi
  ids: Readonly<Record<string, number>>
  create(path: string, body: Json): Promise<number>
  /** A device under a name of its own, at the site `a` and of the type WS-C3850-24T where nothing else is said. */
  deviceOf(values?: Json): Promise<Made>
  /** Each a minute after the last, in a run of its own. */
  says(deviceId: number, facts: Facts, more?: { deviceType?: string }): Promise<{ run: number; at: string }>
  stop(): Promise<void>
}

export async function startObserved(): Promise<Observed> {
  const api = await startApi()
  const create = async (path: string, body: Json): Promise<number> => {
    const answer = await api.call('POST', `/api/${path}/`, { body })
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
    return answer.body.id
  }
  const ids = await makeInventory(create)
  const given = { site: ids['a'], role: ids['role'], device_type: ids['t24'], platform: ids['ios'] }
  let count = 0
  let minute = 0
  return {
    api,
    ids,
    create,
    deviceOf: async (values = {}) => {
      const name = `sw${++count}`
      return { id: await create('dcim/devices', { name, ...given, ...values }), name }
    },
    says: async (deviceId, facts, more) => {
      const run = ++minute
      const at = new Date(Date.UTC(2026, 10, 20, 12, run)).toISOString()
      await recordReading(api.served.table, { deviceId, facts, at, runId: run, ...more })
      return { run, at }
    },
    stop: () => api.stop(),
  }
}

async function makeInventory(create: Observed['create']): Promise<Record<string, number>> {
  const ids: Record<string, number> = {}
  for (const slug of ['a', 'b', 'c', 'd']) ids[slug] = await create('dcim/sites', { name: slug, slug })
  ids['role'] = await create('dcim/device-roles', { name: 'r', slug: 'r' })
  const manufacturer = await create('dcim/manufacturers', { name: 'Cisco', slug: 'cisco' })
  const type = (slug: string, model: string, part_number: string) =>
    create('dcim/device-types', { manufacturer, model, slug, part_number })
  ids['t24'] = await type('t24', 'Catalyst 3850-24T', 'WS-C3850-24T')
  ids['t48'] = await type('t48', 'Catalyst 3850-48T', 'WS-C3850-48T')
  ids['ios'] = await create('dcim/platforms', { name: 'IOS', slug: 'ios', driver: 'cisco_ios' })
  ids['nxos'] = await create('dcim/platforms', { name: 'NX-OS', slug: 'nxos', driver: 'cisco_nxos' })
  ids['tag'] = await create('extras/tags', { name: 'core', slug: 'core' })
  return ids
}
