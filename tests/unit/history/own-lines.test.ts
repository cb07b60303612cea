import { describe, expect, test } from 'vitest'
import { ownLines } from '../../../shared/backups/history/own-lines.ts'
import { pathMatcher } from '../../../shared/backups/history/match-paths.ts'
import { findPlatform } from '../../../shared/platforms/platforms.ts'
import { iosConfig, oxidizedHead, rancidHead } from '../../support/foreign-history.ts'

const ios = findPlatform('cisco_ios')!

describe('what another tool wrote above a configuration', () => {
  const config = iosConfig('sw1', 2)

  test.each([
    ['Oxidized', oxidizedHead('flash:/c2960.bin') + config],
    ['RANCID', rancidHead('flash:/c2960.bin') + config],
    ['nobody', config],
    ['nobody, with the line ends of Windows', config.replaceAll('\n', '\r\n')],
  ])('by %s is gone', (_who, text) => {
    expect(ownLines(ios, text)).toBe(config)
  })

  test('is told from what the device itself wrote at the top', () => {
    const own = `!\n! Last configuration change at 10:00:00 UTC Mon Jan 6 2025 by asa\n!\n${config}`

    expect(ownLines(ios, `! Image: flash:/c2960.bin\n${own.slice(2)}`)).toBe(own.slice(2))
    expect(ownLines(ios, own)).toBe(own)
  })

  test('is no line of the configuration, whatever it begins with', () => {
    const fortinet = '#config-version=FGT60E-6.4.5\nconfig system global\nend\n'
    const register = 'version 15.2\nconfig-register 0x2102\n! a comment\nend\n'

    expect(ownLines({}, fortinet)).toBe(fortinet)
    expect(ownLines(ios, register)).toBe(register)
    expect(ownLines({}, `# RANCID-CONTENT-TYPE: juniper\n#\n# Chassis: MX\nsystem {\n}\n`)).toBe(
      'system {\n}\n',
    )
  })
})

describe('the device of a file', () => {
  const device = (id: number, name: string, site = 'ams', address = `10.0.0.${id}`) => ({
    id,
    name,
    address,
    site: { id: 1, slug: site },
  })
  const match = pathMatcher(
    [
      device(1, 'SW1'),
      device(2, 'sw2.example.net'),
      device(3, 'core', 'ams'),
      device(4, 'core', 'fra'),
      device(5, 'edge.a.net'),
      device(6, 'edge.b.net'),
      device(7, 'core.1'),
    ],
    { 'odd/name': 2, 'sw1-old': null, 'of/nobody': 99 },
  )

  test.each([
    ['sw1', 1],
    ['ams/Sw1', 1],
    ['ams/configs/sw1', 1],
    ['sw1.cfg', 1],
    ['sw1.example.net', 1],
    ['any/sw2', 2],
    ['10.0.0.2', 2],
    ['fra/core', 4],
    ['ams/configs/core', 3],
    ['core.1', 7],
    ['edge.a.net', 5],
    ['odd/name', 2],
  ])('%s is the one with the name, the address, or the site that the group is', (path, deviceId) => {
    expect(match(path)).toEqual({ deviceId })
  })

  test.each([
    ['router.db', 'no_device'],
    ['sw9', 'no_device'],
    ['core.2', 'no_device'],
    ['core', 'several_devices'],
    ['edge', 'several_devices'],
    ['sw1-old', 'left_out'],
    ['of/nobody', 'no_device'],
    ['constructor', 'no_device'],
  ])('%s is not guessed', (path, reason) => {
    expect(match(path)).toEqual({ reason })
  })
})
