import { expect, test } from 'vitest'
import { renderConfig } from '../../../shared/collect/render-config.ts'
import { findPlatform } from '../../../shared/platforms/platforms.ts'

const ios = '! Last configuration change at 09:37:40 CEST Tue Aug 20 2024 by'

test.each([
  ['cisco_ios', `${ios} oxidized`, 'oxidized', '09:37:40 CEST Tue Aug 20 2024'],
  ['cisco_xe', '! Last configuration change at *09:37:40.123 UTC Tue Aug 20 2024 by alice', 'alice'],
  ['cisco_xr', '!! Last configuration change at Tue Aug 20 09:37:40 2024 by CORP\\bob', 'CORP\\bob'],
  ['dell_force10', '! Last configuration change at Tue Aug 20 09:37:40 2024 by admin', 'admin'],
  ['juniper_junos', '## Last commit: 2024-12-06 11:41:05 UTC by root', 'root', '2024-12-06 11:41:05 UTC'],
])('%s: the name is read from "%s"', (deviceType, line, by, at?: string) => {
  expect(lastChangeOf(deviceType, line)).toMatchObject({ by, ...(at === undefined ? {} : { at }) })
})

test.each([
  ['without a name', '! Last configuration change at 09:37:40 CEST Tue Aug 20 2024'],
  ['with more than a name', `${ios} alice password hunter2`],
  ['with a tag for a secret', `${ios} <secret:7f3a9c>`],
  ['with an address', `${ios} alice <root@localhost>`],
  ['with a name longer than any', `${ios} ${'a'.repeat(65)}`],
  [
    'about the saved configuration',
    '! NVRAM config last updated at 09:37:37 CEST Tue Aug 20 2024 by oxidized',
  ],
])('a line %s names nobody', (_, line) => {
  expect(lastChangeOf('cisco_ios', line)).toBeUndefined()
})

test('a control character is no part of a name', () => {
  expect(lastChangeOf('cisco_ios', `${ios} al\u0007ice\u001b[31m`)).toMatchObject({ by: 'alice' })
})

test('where a platform says nothing of it, a line that looks like one is not believed', () => {
  expect(lastChangeOf('linux', `${ios} alice`)).toBeUndefined()
})

function lastChangeOf(deviceType: string, line: string) {
  const platform = findPlatform(deviceType)
  if (platform === undefined) throw new Error(`no platform ${deviceType}`)
  return renderConfig(platform, `${line}\nhostname sw1\nend\n`, 'key').lastChange
}
