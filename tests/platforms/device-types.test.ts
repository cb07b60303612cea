import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { transportOf } from '../../shared/collect/transport.ts'
import { platforms } from '../../shared/platforms/list.ts'
import { deviceTypes, findPlatform, nearestPlatforms } from '../../shared/platforms/platforms.ts'

/** Netmiko's names, where the list is at hand: one a line, comments begin with `#`. */
const list = new URL('../../../shared/data/netmiko_device_types.txt', import.meta.url)
const names = existsSync(list)
  ? readFileSync(list, 'utf8')
      .split('\n')
      .filter((line) => /^\w+$/.test(line))
  : []

describe.skipIf(names.length === 0)(
  "Netmiko's names of device types (shared/data/netmiko_device_types.txt beside the repository)",
  () => {
    test('all lead to a platform, the telnet ones over telnet', () => {
      expect(names.length).toBeGreaterThan(360)
      expect(names.filter((name) => findPlatform(name) === undefined)).toEqual([])
      expect(names.filter((name) => name.endsWith('_telnet') && transportOf(name) !== 'telnet')).toEqual([])
    })

    test('lead to the generic platform only where it says what is missing', () => {
      const generic = names
        .map((name) => name.replace(/_(?:ssh|telnet|serial)$/, ''))
        .filter((name) => findPlatform(name)?.id === 'generic')

      const told = Object.keys(findPlatform('generic')?.missing ?? {})
      expect(new Set(generic).difference(new Set(told)).size).toBe(0)
    })
  },
)

describe('device types', () => {
  test.each([
    ['cisco_ios', 'cisco_ios'],
    ['cisco_ios_ssh', 'cisco_ios'],
    ['huawei', 'huawei_vrp'],
    ['huawei_ssh', 'huawei_vrp'],
    ['juniper', 'juniper_junos'],
  ])('%s is %s', (deviceType, id) => {
    expect(findPlatform(deviceType)?.id).toBe(id)
  })

  test('that are unknown are undefined, and the nearest names are told', () => {
    expect(findPlatform('cisco_iso')).toBeUndefined()
    expect(nearestPlatforms('cisco_iso')).toContain('cisco_ios')
    expect(nearestPlatforms('fortinett')[0]).toBe('fortinet')
  })

  test('belong to one platform each', () => {
    expect(new Set(deviceTypes).size).toBe(
      platforms.flatMap(({ id, aliases = [] }) => [id, ...aliases]).length,
    )
  })

  test('have at least 105 platforms with a definition of their own', () => {
    expect(platforms.filter(({ missing }) => missing === undefined).length).toBeGreaterThanOrEqual(105)
  })
})
