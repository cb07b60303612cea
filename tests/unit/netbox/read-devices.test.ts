import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { filterProblem } from '../../../shared/core/netbox/address.ts'
import { authorizationOf } from '../../../shared/core/netbox/call.ts'
import { readDevices } from '../../../shared/core/netbox/read-devices.ts'
import { netboxDevice, startNetbox, type SmallNetbox } from '../../support/netbox.ts'

const token = '0123456789abcdef0123456789abcdef01234567'
let netbox: SmallNetbox
let pauses: number[]

beforeEach(async () => {
  netbox = await startNetbox()
  netbox.devices = Array.from({ length: 5 }, (_, at) => netboxDevice(at + 1))
  pauses = []
})
afterEach(() => netbox.stop())

const read = (given: { token?: string; filter?: string; path?: string } = {}) =>
  readDevices(
    {
      remote_url: `${netbox.url}${given.path ?? ''}`,
      device_filter: given.filter ?? '',
      token: given.token ?? token,
      ca_certificate: '',
    },
    { until: Date.now() + 60_000, now: () => new Date(), pause: async (ms) => void pauses.push(ms) },
  )

describe('devices of a NetBox', () => {
  test('are read over all pages, with the filter, whatever page size it allows', async () => {
    const devices = await read({ filter: 'status=active&site=ams&site=fra', path: '/api/' })

    expect(devices.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5])
    expect(devices[0]).toMatchObject({
      name: 'sw1',
      status: 'active',
      site: { name: 'Amsterdam 1', slug: 'amsterdam-1' },
      deviceType: { name: 'Catalyst 9300', slug: 'catalyst-9300' },
      manufacturer: { slug: 'cisco' },
      address: '10.0.0.1',
      assetTag: '',
    })
    expect(netbox.asked).toHaveLength(3)
    for (const { url } of netbox.asked) {
      expect(url.searchParams.get('status')).toBe('active')
      expect(url.searchParams.getAll('site')).toEqual(['ams', 'fra'])
    }
  })

  test('are asked for again after 429 and 5xx, after as long as the server says', async () => {
    netbox.before = [
      (response) => void response.writeHead(429, { 'retry-after': '7' }).end('slow down'),
      (response) => void response.writeHead(502).end('<html>'),
    ]

    expect(await read()).toHaveLength(5)
    expect(pauses).toEqual([7000, 2000])
  })

  test('that cannot be understood are told one by one', async () => {
    netbox.devices[1] = netboxDevice(2, { site: null })

    const [, second, third] = await read()

    expect(second).toMatchObject({ id: 2, display: 'sw2', problem: expect.stringMatching(/^site: /) })
    expect(third).toMatchObject({ name: 'sw3' })
  })

  test('are read anew where one went while the pages were read', async () => {
    netbox.before = [
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const next = `${netbox.url}/api/dcim/devices/?offset=4&limit=2`
        response.end(JSON.stringify({ count: 6, next, previous: null, results: netbox.devices.slice(0, 2) }))
      },
    ]

    expect((await read()).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5])
  })

  test('of a netkeep have its own management address', async () => {
    netbox.devices = [netboxDevice(1, { management_address: 'sw1.example.net' })]

    expect(await read()).toMatchObject([{ address: 'sw1.example.net' }])
  })
})

describe('a NetBox that cannot be read', () => {
  const answers = (status: number, body: string, headers = {}) => {
    netbox.before = Array.from(
      { length: 9 },
      () => (response) => void response.writeHead(status, headers).end(body),
    )
  }

  test.each([
    [401, '{"detail": "Invalid token"}', 'login_rejected', /Invalid token/],
    [403, '{"detail": "Forbidden here"}', 'forbidden', /may not view devices \(403\): Forbidden here/],
    [404, 'no', 'not_netbox', /404/],
    [302, '', 'not_netbox', /sends elsewhere/],
    [400, '{"site": ["Select a valid choice."]}', 'bad_filter', /Select a valid choice/],
    [200, '<html>login</html>', 'not_netbox', /JSON/],
    [200, '{"hello": "world"}', 'not_netbox', /no list of devices/],
    [503, '', 'unavailable', /503/],
  ])('%i %s is told as %s', async (status, body, reason, message) => {
    answers(status, body, status === 302 ? { location: 'http://127.0.0.1:9/' } : {})

    await expect(read()).rejects.toMatchObject({ reason, message: expect.stringMatching(message) })
  })

  test('gets its token nowhere else: a next page of another origin is refused', async () => {
    const other = await startNetbox()
    const page = { count: 5, next: `${other.url}/api/dcim/devices/?offset=2`, results: netbox.devices }
    answers(200, JSON.stringify(page))

    await expect(read()).rejects.toMatchObject({ reason: 'refused' })
    expect(other.asked).toEqual([])
    await other.stop()
  })

  test('has no secret in its error', async () => {
    const wrong = 'f'.repeat(40)
    const error = await read({ token: wrong }).catch((cause: unknown) => cause)

    expect(error).toMatchObject({ reason: 'forbidden' })
    expect((error as Error).message).not.toContain(wrong)
  })
})

test('both kinds of tokens are sent in their way', () => {
  expect(authorizationOf(token)).toBe(`Token ${token}`)
  expect(authorizationOf(`Token ${token}`)).toBe(`Token ${token}`)
  expect(authorizationOf('nbt_key.secret')).toBe('Bearer nbt_key.secret')
  expect(authorizationOf('Bearer nbt_key.secret')).toBe('Bearer nbt_key.secret')
})

test.each(['', 'status=active&site=ams'])('the filter "%s" is taken', (filter) => {
  expect(filterProblem(filter)).toBeUndefined()
})

test.each([
  ['?status=active', /without \?/],
  ['status active', /spaces/],
  ['site=ams&limit=5', /limit is set/],
  ['status', /a name and a value/],
])('the filter "%s" is refused', (filter, problem) => {
  expect(filterProblem(filter)).toMatch(problem)
})
