import { createServer, request as forward, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isPynetboxThere, runPython } from '../support/pynetbox.ts'
import { startProduct, type Product } from '../support/product.ts'

describe.skipIf(!isPynetboxThere)(
  `pynetbox, every call${isPynetboxThere ? '' : ' (python3-pynetbox is not installed)'}`,
  () => {
    let product: Product
    let proxy: Server
    let seen: Record<string, unknown>

    beforeAll(async () => {
      product = await startProduct()
      proxy = await startProxy(product.runtime.url)
      const { port } = proxy.address() as AddressInfo
      const given = [product.runtime.url, product.token, `http://127.0.0.1:${port}/stage`]
      seen = await runPython('pynetbox-contract.py', given)
    }, 300_000)

    afterAll(async () => {
      proxy?.close()
      await product?.stop()
    })

    test.each<[string, string, unknown]>([
      ['reads the version without a token', 'version', '4.2'],
      ['reads the document without a token', 'openapi', '3.1.0'],
      ['reads the status, with our areas as plugins', 'status', ['4.2.0', true]],
      ['makes a token by a password, and uses it', 'create_token', ['nkp_', 'alice', 0]],
      ['is told that a password is wrong', 'create_token refused', 401],
      ['knows the length of a list, and reads each object once (T1)', 'len and pages', [100, 100]],
      ['follows next as it is given (T4)', 'second request', [4, true]],
      ['asks once where one page holds all', 'one request for all', 1],
      ['finds by free text', 'free text', ['sw-070', 'sw-071']],
      ['refuses to get one of two', 'get of two', 'ValueError'],
      ['gets by the exact name, in its case', 'get exactly', ['sw-001', null]],
      [
        'reads what nested objects carry, without a request (T11)',
        'nested without a request',
        [['Amsterdam', 'Any', 'Any', 'active'], 0],
      ],
      ['loads the rest of a nested object by one', 'nested by one request', ['Active', 1]],
      ['writes a field under its older name (T12)', 'older field', 'Any'],
      ['saves tags by name', 'save', [true, ['core']]],
      ['saves another field and keeps the tags, sent as ids', 'save keeps tags', [true, [true]]],
      ['updates a set', 'set update', [10, 10]],
      ['deletes a set, by a body (T14)', 'set delete', [true, 91]],
      ['deletes one', 'delete one', [true, null]],
      ['deletes by an id, which is a number a client can hold (T9)', 'delete by id', [true, true]],
      ['saves a custom field and filters by it (T7)', 'custom field', [true, 3, 1]],
      ['does not see a change inside a free-form member (T8)', 'free-form inside', [false, ['active']]],
      ['saves a free-form member as a whole (T8)', 'free-form whole', [true, { status: ['planned'] }]],
      ['leaves it alone otherwise (T8)', 'free-form untouched', [true, { status: ['planned'] }]],
      [
        'is refused a default that nobody could read any more (T6)',
        'unreadable defaults',
        [400, 400, 400, 400, 400, 400],
      ],
      ['is refused a filter that nobody could read any more (T6)', 'free-form names', 400],
      ['reads all custom fields', 'fields read', ['cost', 'extra']],
      ['reads a url of somebody else in a custom field (T6)', 'url in a custom field', [true, [true]]],
      ['reads it in the change (T6)', 'its change in extras', true],
      ['reads it in the change below the plugins (T6)', 'its change in core', true],
      ['reads a job and its result (T5)', 'job', [1, 1, [true]]],
      ['reads choices from OPTIONS (T13)', 'choices', ['display_name', 'value']],
      ['gets a 400 for a duplicate, never a pool that is used up', 'duplicate', 400],
      ['lists free addresses', 'available ips', [6, '192.0.2.1/29', 4]],
      ['takes one, and two more', 'available ips create', ['192.0.2.1/29', ['192.0.2.2/29', '192.0.2.3/29']]],
      [
        'takes prefixes until there are none',
        'available prefixes',
        ['198.51.100.0/28', '198.51.100.0/29', ['198.51.100.8/30', '198.51.100.12/30'], 'AllocationError'],
      ],
      ['takes VLANs of a group', 'available vlans', [10, 10, [11, 12]]],
      ['takes addresses of a range', 'range', [3, '203.0.113.10/24']],
      [
        'reads the elevation of a rack',
        'elevation',
        [
          8,
          [
            ['U2.5', 'racked'],
            ['U2', 'racked'],
          ],
          8,
        ],
      ],
      ['traces an interface that has no cable', 'trace', []],
      ['is told that there is no NAPALM', 'napalm', 404],
      ['reads preferences', 'config', [{}]],
      ['lists the plugins', 'plugins', true],
      ['reads empty lists of what netkeep does not have', 'absent', [[], 0, null]],
      ['is refused to write them', 'absent write', 405],
      ['reads changes where NetBox had them once', 'changes', 2],
      ['reads in threads by pages of 10 (T2)', 'threads by 10', [0, 0]],
      ['reads in threads by pages of 7 (T2)', 'threads by 7', [0, 0]],
      ['reads in threads by half of the rows (T3)', 'threads by 44', [0, 0]],
      ['reads in threads by nearly all (T3)', 'threads by 88', [0, 0]],
      ['reads in threads by more than there are', 'threads by 100', [0, 0]],
      ['gets an empty page past the end (T3)', 'page past the end', []],
      ['gets 1,000 rows at most, and so does next (T4)', 'capped', [1100, 1000, true]],
      ['reads on beyond 1,000 rows, in threads too', 'many pages', [1100, 1100]],
      ['works below the path of a proxy (T10)', 'staged', [true, 'active', true]],
      ['saves below it', 'staged save', [true, true]],
      ['signs in by either scheme, in any case', 'schemes', [200, 200, 200, 200, 200]],
      ['loses no body for a missing slash', 'no slash', [201, 200]],
      ['asks OPTIONS without an origin (T13)', 'options', 200],
    ])('%s', (_, name, expected) => {
      expect(seen[name]).toEqual(expected)
    })
  },
)

/** A proxy that serves the product below `/stage`, as one does in front of many services. */
async function startProxy(target: string): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const path = (incoming.url ?? '/').replace(/^\/stage/, '')
    const headers = { ...incoming.headers, 'x-forwarded-prefix': '/stage' }
    const sent = forward(`${target}${path}`, { method: incoming.method ?? 'GET', headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(sent)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
