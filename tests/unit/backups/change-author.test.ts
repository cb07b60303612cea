import { expect, test } from 'vitest'
import { changeAuthor } from '../../../shared/backups/versions/change-author.ts'
import { partsOf, type Claim } from '../../../shared/backups/versions/commit-parts.ts'

const change = { by: 'alice', at: '09:37:40 UTC Tue Aug 20 2024' }

test.each([
  ['sw1.ams.example.net', 'alice', 'alice@ams.example.net'],
  ['sw1', 'alice', 'alice@noreply'],
  ['sw1.', 'alice', 'alice@noreply'],
  ['10.0.0.1', 'alice', 'alice@noreply'],
  ['sw1.lab (old)', 'alice', 'alice@noreply'],
  ['sw1.example.net', 'bob@corp.example', 'bob@corp.example'],
])('on %s a change by %s has the address %s', (device, by, email) => {
  expect(changeAuthor(device, { ...change, by }, undefined)).toEqual({ name: by, email })
})

test('nobody is blamed for a difference when the device names the change that it named before', () => {
  expect(changeAuthor('sw1', change, { ...change })).toBeUndefined()
  expect(changeAuthor('sw1', change, { ...change, at: '09:38:00 UTC Tue Aug 20 2024' })).toBeDefined()
  expect(changeAuthor('sw1', undefined, change)).toBeUndefined()
})

test('what moves, and what takes its place, is committed together by netkeep', () => {
  const claims = [
    claimOf(1, 'ams/new.cfg', 'alice', 'ams/old.cfg'),
    claimOf(2, 'ams/old.cfg', 'bob'),
    claimOf(3, 'ams/sw3.cfg', 'bob'),
  ]

  const parts = partsOf(claims)

  expect(
    parts.map(({ author, claims: own }) => [author?.name, own.map(({ item }) => item.deviceId)]),
  ).toEqual([
    [undefined, [1, 2]],
    ['bob', [3]],
  ])
})

test('beyond fifty authors netkeep commits the rest', () => {
  const claims = Array.from({ length: 60 }, (_, index) => claimOf(index, `sw${index}.cfg`, `user${index}`))

  const parts = partsOf(claims)

  expect(parts).toHaveLength(51)
  expect(parts[0]?.claims).toHaveLength(10)
})

function claimOf(deviceId: number, path: string, name: string, formerPath?: string): Claim {
  const item = {
    runId: 1,
    deviceId,
    sequence: 1,
    path,
    textKey: 'x',
    author: { name, email: `${name}@noreply` },
  }
  const entry = { deviceId, version: 1, sequence: 1, path }
  return { item, entry: formerPath === undefined ? entry : { ...entry, formerPath } }
}
