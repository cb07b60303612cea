import { expect, test } from 'vitest'
import { reachWithin } from '../../../shared/collect/allowed-networks.ts'
import { collectDevice } from '../../../shared/collect/collect-device.ts'
import { reach } from '../../../shared/collect/reach.ts'
import { credential, startDevice } from '../../support/ssh-lab.ts'

const cases = [
  { what: 'an address in a network', networks: ['127.0.0.0/8'], host: '127.0.0.1' },
  { what: 'an IPv4 address written as IPv6', networks: ['127.0.0.0/8'], host: '::ffff:127.0.0.1' },
  { what: 'a name of an address in a network', networks: ['127.0.0.0/8', '::1/128'], host: 'localhost' },
  { what: 'an address outside', networks: ['10.0.0.0/8'], host: '127.0.0.1', ends: 'address_forbidden' },
  {
    what: 'a name of an address outside',
    networks: ['10.0.0.0/8'],
    host: 'localhost',
    ends: 'address_forbidden',
  },
  {
    what: 'a name that a jump host would look up',
    networks: ['127.0.0.0/8'],
    host: 'localhost',
    names: 'refused',
    ends: 'address_forbidden',
  },
  { what: 'a name of nothing', networks: ['127.0.0.0/8'], host: 'no-such-name.invalid', ends: 'unreachable' },
] as const

test.each(cases)('$what', async (one) => {
  const { networks, host } = one
  const names = 'names' in one ? one.names : 'looked up'
  const category = 'ends' in one ? one.ends : undefined
  const asked: string[] = []
  const connect: typeof reach = async (address) => {
    asked.push(address)
    return { ok: false, category: 'refused', detail: 'nobody there' }
  }

  const reached = await reachWithin(networks, connect, names)(host, 22, 1000)

  expect(reached).toMatchObject({ ok: false, category: category ?? 'refused' })
  expect(asked).toHaveLength(category === undefined ? 1 : 0)
  // What was judged is what is connected to, never the name.
  expect(asked).not.toContain('localhost')
})

test('a device outside is not connected to, and the outcome says why', async () => {
  const device = await startDevice()
  const request = {
    host: device.host,
    port: device.port,
    deviceType: device.deviceType,
    credentials: [credential],
  }
  const now = (): Date => new Date()

  const outside = await collectDevice(request, {
    now,
    reach: reachWithin(['10.0.0.0/8'], reach, 'looked up'),
  })
  const before = device.sessions
  const inside = await collectDevice(request, {
    now,
    reach: reachWithin(['127.0.0.0/8'], reach, 'looked up'),
  })

  expect(outside).toMatchObject({ ok: false, category: 'address_forbidden', attempts: [] })
  expect(outside).toHaveProperty(
    'detail',
    expect.stringMatching(/^127\.\S+ is outside of the allowed networks 10/),
  )
  expect([before, inside.ok]).toEqual([0, true])
})
