import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { clean } from '../../../shared/collect/clean.ts'
import { renderConfig } from '../../../shared/collect/render-config.ts'
import { ciscoIos } from '../../../shared/platforms/cisco_ios.ts'
import { fortinet } from '../../../shared/platforms/fortinet.ts'

const raw = [
  'Building configuration...',
  '',
  'Current configuration : 20546 bytes',
  '! Last configuration change at 09:37:40 UTC Tue Aug 20 2024 by netops',
  'hostname core1  ',
  'username cisco password 0 cisco',
  'snmp-server community cisco RO',
  'end',
  '',
].join('\r\n')

describe('a rendered configuration', () => {
  test('has no volatile lines, no blanks at line ends, and ends with one line end', () => {
    expect(clean(ciscoIos, raw).split('\n')[0]).toBe('hostname core1')
    expect(clean(ciscoIos, raw)).toMatch(/[^\n]\nend\n$/)
    expect(clean(ciscoIos, clean(ciscoIos, raw))).toBe(clean(ciscoIos, raw))
  })

  test('shows the same secret by the same tag, and leaves a name alone that equals it', () => {
    const { text, secrets } = renderConfig(ciscoIos, raw, 'key')

    const tags = [...text.matchAll(/<secret:([0-9a-f]{8})>/g)].map(([, tag]) => tag)
    expect(secrets).toBe(2)
    expect(new Set(tags).size).toBe(1)
    expect(text).toContain('username cisco password 0 <secret:')
  })

  test('changes where a secret changes, and with the key', () => {
    const one = renderConfig(ciscoIos, raw, 'key')
    const changed = renderConfig(ciscoIos, raw.replace('community cisco', 'community other'), 'key')
    const otherKey = renderConfig(ciscoIos, raw, 'another key')

    expect(changed.sha256).not.toBe(one.sha256)
    expect(
      changed.text.split('\n').filter((line, index) => line !== one.text.split('\n')[index]),
    ).toHaveLength(1)
    expect(otherKey.text).not.toBe(one.text)
  })

  test('has the hash of its redacted text, and redacting it again changes nothing', () => {
    const once = renderConfig(ciscoIos, raw, 'key')

    expect(once.sha256).toBe(createHash('sha256').update(once.text).digest('hex'))
    // The line that names who changed it stands beside the text.
    const { lastChange, ...rest } = once
    expect(lastChange).toEqual({ by: 'netops', at: '09:37:40 UTC Tue Aug 20 2024' })
    expect(renderConfig(ciscoIos, once.text, 'key')).toEqual({ ...rest, secrets: 0, volatile: [] })
  })

  test('is the same for what FortiOS salts anew at every show', () => {
    const show = (salt: string) => `config system admin\n edit "a"\n  set password ENC ${salt}\n next\nend\n`

    expect(renderConfig(fortinet, show('SH2aaaa'), 'key')).toEqual(
      renderConfig(fortinet, show('SH2bbbb'), 'key'),
    )
  })
})
