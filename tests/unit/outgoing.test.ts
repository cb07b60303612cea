import { expect, test } from 'vitest'
import { guardedLookup, isForbidden, refuseForbiddenHost } from '../../shared/outgoing.ts'

test.each([
  ['169.254.169.254', 'instance metadata'],
  ['169.254.170.2', 'credentials of containers'],
  ['::ffff:169.254.169.254', 'the same, written as IPv6'],
  ['fd00:ec2::254', 'instance metadata over IPv6'],
  ['fe80::1', 'link-local'],
  ['0.0.0.0', 'this host'],
  ['::', 'this host'],
  ['224.0.0.1', 'multicast'],
  ['255.255.255.255', 'broadcast'],
])('nothing is sent to %s: %s', (address) => {
  expect([isForbidden(address, true), isForbidden(address, false)]).toEqual([true, true])
})

test.each(['192.0.2.1', '10.1.2.3', '172.16.0.1', '2001:db8::1', 'fd12:3456::1'])(
  '%s may be called',
  (address) => {
    expect(isForbidden(address, true)).toBe(false)
  },
)

test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])(
  '%s is closed within a Lambda only',
  (address) => {
    expect([isForbidden(address, true), isForbidden(address, false)]).toEqual([true, false])
  },
)

test('an address in the URL is refused, in every way it may be written', () => {
  for (const text of [
    'http://169.254.169.254/',
    'http://0xa9fea9fe/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://2852039166/x',
  ])
    expect(() => refuseForbiddenHost(new URL(text))).toThrow('nothing is sent to')
  expect(() => refuseForbiddenHost(new URL('https://hooks.example.net/x'))).not.toThrow()
})

test('a name that resolves is given to the connection, one that does not is an error', async () => {
  const found = await new Promise<unknown>((resolve) =>
    guardedLookup('localhost', { all: true }, (error, addresses) => resolve(error ?? addresses)),
  )
  expect(JSON.stringify(found)).toMatch(/127\.0\.0\.1|::1/)
  const missing = await new Promise<unknown>((resolve) =>
    guardedLookup('nowhere.invalid', {}, (error) => resolve(error)),
  )
  expect(missing).toBeInstanceOf(Error)
})
