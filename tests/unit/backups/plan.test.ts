import { describe, expect, test } from 'vitest'
import {
  configPaths,
  credentialsFor,
  planWork,
  targetTest,
  type PlannedDevice,
} from '../../../shared/backups/runs/plan.ts'
import type { BackupState } from '../../../shared/backups/records.ts'

const device = (id: number, over: Partial<PlannedDevice> = {}): PlannedDevice => ({
  id,
  name: `sw${id}`,
  status: 'active',
  address: `192.0.2.${id}`,
  port: 22,
  deviceType: 'cisco_ios',
  platformId: 7,
  site: { id: 1, slug: 'ams' },
  tagIds: [],
  ...over,
})

const state = (deviceId: number, over: Partial<BackupState> = {}): BackupState => ({
  deviceId,
  version: 1,
  sequence: 0,
  hostKeys: [],
  failuresInRow: 0,
  lastRunId: 1,
  ...over,
})

describe('targetTest', () => {
  test.each([
    ['everything without a target', {}, {}, true],
    ['not a planned device', { status: 'planned' }, {}, false],
    ['not a device in maintenance, even when named', { status: 'offline' }, { devices: [1] }, false],
    ['a named device', {}, { devices: [2, 1] }, true],
    ['not an unnamed device', {}, { devices: [2] }, false],
    ['nothing for an empty list', {}, { devices: [] }, false],
    ['devices that share one of the tags', { tagIds: [4, 5] }, { tags: [5, 6] }, true],
    ['only devices that meet every kind of target', { tagIds: [4] }, { tags: [4], sites: [9] }, false],
    ['devices of a platform', {}, { platforms: [7] }, true],
    [
      'no device without a platform when platforms are named',
      { platformId: undefined },
      { platforms: [7] },
      false,
    ],
  ])('chooses %s', (_, over, target, expected) => {
    expect(targetTest(target)(device(1, over))).toBe(expected)
  })

  test('goes through each list of a target once, however many devices it is asked about', () => {
    let looks = 0
    const ids = Array.from({ length: 1000 }, (_, index) => index + 1)
    const counted = new Proxy(ids, {
      get: (list, member, receiver) => {
        if (typeof member === 'string' && /^\d+$/.test(member)) looks += 1
        return Reflect.get(list, member, receiver) as unknown
      },
    })

    const chosen = ids.map((id) => device(id)).filter(targetTest({ devices: counted }))

    expect(chosen).toHaveLength(1000)
    expect(looks).toBe(1000)
  })
})

describe('credentialsFor', () => {
  const ranked = [
    { id: 30, priority: 1, tagIds: [4] },
    { id: 10, priority: 50, tagIds: [] },
    { id: 20, priority: 100, tagIds: [5] },
  ]

  test.each([
    ['those without tags', [], undefined, [10]],
    ['those that share a tag, by priority', [4, 5], undefined, [30, 10, 20]],
    ['the one that worked last first', [4, 5], 20, [20, 30, 10]],
    ['not one that worked once but no longer applies', [4], 20, [30, 10]],
  ])('gives %s', (_, tagIds, lastAccepted, expected) => {
    expect(credentialsFor({ tagIds, deviceType: 'cisco_ios' }, ranked, lastAccepted)).toEqual(expected)
  })

  test('tries among equals the one first that is accepted most often on devices of the type, an unknown one between', () => {
    const equals = [
      { id: 1, priority: 5, tagIds: [], rates: { '*': 0.9, cisco_ios: 0.1 } },
      { id: 2, priority: 5, tagIds: [] },
      { id: 3, priority: 5, tagIds: [], rates: { '*': 0.8 } },
      { id: 4, priority: 4, tagIds: [], rates: { '*': 0 } },
    ]
    const orderOn = (deviceType: string) => credentialsFor({ tagIds: [], deviceType }, equals, undefined)

    expect([orderOn('cisco_ios'), orderOn('arista_eos')]).toEqual([
      [4, 3, 2, 1],
      [4, 1, 3, 2],
    ])
  })
})

describe('planWork', () => {
  test('groups by site and platform, puts who refused the login last, and devices last seen down aside', () => {
    const devices = [
      device(1, { site: { id: 2, slug: 'ber' } }),
      device(2),
      device(3, { deviceType: 'arista_eos' }),
      device(4),
    ]
    const states = new Map([
      [4, state(4, { lastFailure: 'unreachable' })],
      [2, state(2, { lastFailure: 'auth' })],
    ])

    const plan = planWork({ devices, credentials: [] }, {}, states)

    expect(plan.first.map(({ deviceId }) => deviceId)).toEqual([3, 1, 2])
    expect(plan.lastSeenDown.map(({ deviceId }) => deviceId)).toEqual([4])
    expect(plan.first[2]).toMatchObject({ path: 'ams/sw2.cfg', host: '192.0.2.2', deviceType: 'cisco_ios' })
  })
})

describe('configPaths', () => {
  test('tells apart devices whose names make the same path, and leaves the older one its path', () => {
    const devices = [
      device(9, { name: 'core-1' }),
      device(5, { name: 'core-1' }),
      device(8, { name: 'CORE-1' }),
    ]

    const paths = configPaths(devices)

    expect(new Set([...paths.values()].map((path) => path.toLowerCase())).size).toBe(3)
    expect(paths.get(5)).toBe('ams/core-1.cfg')
    expect(paths.get(8)).toContain('8')
    expect(paths.get(9)).toContain('9')
  })
})
