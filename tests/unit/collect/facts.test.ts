import { expect, test } from 'vitest'
import { factsIn } from '../../../shared/collect/facts.ts'
import { findPlatform } from '../../../shared/platforms/platforms.ts'
import type { Platform } from '../../../shared/platforms/definition.ts'

const base = findPlatform('cisco_ios') as Platform

test('a fact comes with the line it was read from, and nothing of what follows the value', () => {
  const platform: Platform = {
    ...base,
    facts: [
      { of: 'running', pattern: /^system\n\s{0,4}set name=(?<hostname>\S{1,40})/ },
      { of: 'os', pattern: /Version (?<version>\S{1,40}), serial (?<serial>\S{1,40})/ },
    ],
  }
  const running = 'x\nsystem\n  set name=sw1 password=Hunter-2\nend'
  const os = `${'.'.repeat(400)}Version 1.2, serial AB1 (secret)\n`

  const { facts, lines } = factsIn(platform, { running, os })

  expect(facts).toEqual({ hostname: 'sw1', version: '1.2', serial: 'AB1' })
  expect(lines.hostname).toBe('set name=sw1')
  expect(lines.version).toMatch(/^\.+Version 1\.2$/)
  expect(lines.version).toHaveLength(200)
  expect(lines.serial).toMatch(/serial AB1$/)
})
