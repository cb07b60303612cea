import { describe, expect, test } from 'vitest'
import { configOf } from '../../../shared/backups/compliance/check-device.ts'
import { evaluateRule, type Finding } from '../../../shared/backups/compliance/evaluate.ts'
import { compileRule, type RuleText } from '../../../shared/backups/compliance/rule.ts'
import { issuesOf } from '../../../shared/backups/compliance/rule-problems.ts'

const ios = `hostname sw1
!
banner motd ^C
 interface Vlan1 is not a section here
transport input telnet
^C
interface Vlan1
 no ip address
 shutdown
!
interface GigabitEthernet0/1
 description uplink
 switchport mode trunk
!
interface GigabitEthernet0/2
 switchport mode access
 spanning-tree portfast
!
interface GigabitEthernet0/3
 switchport mode access
!
router bgp 65000
 address-family ipv4 vrf A
  redistribute connected
 exit-address-family
 address-family ipv4 vrf B
  redistribute static
!
line vty 0 4
 transport input ssh
line vty 5 15
 transport input telnet
end
`
const junos = `system {
    host-name r1;
    services {
        ssh {
            protocol-version v2;
        }
        telnet;
    }
}
interfaces {
    ge-0/0/0 {
        unit 0 {
            family inet {
                address 192.0.2.1/30;
            }
        }
    }
}
`
const fortios = `config system global
    set hostname "fw1"
    set admin-https-redirect enable
end
config firewall policy
    edit 1
        set action accept
        set logtraffic all
    next
    edit 2
        set action accept
    next
end
`
const routeros = `# 2026-11-26 by RouterOS 7.15
/ip service
set telnet disabled=yes
set www \\
    disabled=no
/system identity
set name=r1
`
const vyos = `set interfaces ethernet eth0 address '192.0.2.1/24'
set interfaces ethernet eth0 description 'wan'
set interfaces ethernet eth1 address '198.51.100.1/24'
set service ssh port '22'
`

const blank = { section: '', section_having: '', section_lacking: '', section_required: false }

async function ask(
  rule: Pick<RuleText, 'kind' | 'value'> & Partial<RuleText>,
  text = ios,
  deviceType = 'cisco_ios',
): Promise<Finding> {
  const compiled = await compileRule({ ...blank, ...rule })
  if ('issues' in compiled) throw new Error(JSON.stringify(compiled.issues))
  return evaluateRule(compiled.rule, configOf(deviceType, text))
}

const offending = ({ offending: lines }: Finding): unknown[] =>
  lines.map(({ number, text }) => [number, text])

describe('lines that must be there', () => {
  test('stand anywhere, and indented ones below theirs', async () => {
    const good = await ask({ kind: 'contains', value: 'hostname sw1\nline vty 0 4\n transport input ssh' })
    const bad = await ask({
      kind: 'contains',
      value: 'line vty 5 15\n transport input ssh\n exec-timeout 5 0',
    })

    expect(good).toMatchObject({ outcome: 'passed', missing: [], sections: 1 })
    expect(bad.missing).toEqual([{ section: null, lines: ['transport input ssh', 'exec-timeout 5 0'] }])
  })

  test('stand in every section that is chosen', async () => {
    const { outcome, missing, sections } = await ask({
      kind: 'contains',
      value: 'spanning-tree portfast',
      section: '^interface ',
      section_having: '^switchport mode access$',
    })

    expect([outcome, sections]).toEqual(['failed', 2])
    expect(missing).toEqual([
      {
        section: { number: 19, text: 'interface GigabitEthernet0/3' },
        lines: ['spanning-tree portfast'],
      },
    ])
    expect(
      await ask({
        kind: 'contains',
        value: 'description uplink',
        section: '^interface Gi',
        section_lacking: 'mode access',
      }),
    ).toMatchObject({ outcome: 'passed', sections: 1 })
  })

  test('of a section below another', async () => {
    const { missing } = await ask({
      kind: 'contains',
      value: 'redistribute connected',
      section: '^router bgp \\d+$\n^address-family ipv4',
    })

    expect(missing.map(({ section }) => section?.text)).toEqual(['address-family ipv4 vrf B'])
  })

  test('as a block are one after the other', async () => {
    const value = 'no ip address\nshutdown'
    expect((await ask({ kind: 'block', value })).outcome).toBe('passed')
    const apart = await ask({ kind: 'block', value: 'hostname sw1\nno ip address' })
    expect(apart.missing).toEqual([{ section: null, lines: ['no ip address'] }])
  })
})

describe('lines that must not be there', () => {
  test('are told with their numbers and sections, text of a banner among them', async () => {
    const found = await ask({ kind: 'matches_not', value: 'telnet' })
    const inLines = await ask({ kind: 'matches_not', value: 'telnet', section: '^line ' })

    expect(offending(found)).toEqual([
      [5, 'transport input telnet'],
      [32, 'transport input telnet'],
    ])
    expect(inLines.offending[0]?.section).toEqual({ number: 31, text: 'line vty 5 15' })
    expect(offending(await ask({ kind: 'lacks', value: 'line vty 5 15\n transport input telnet' }))).toEqual([
      [32, 'transport input telnet'],
    ])
    expect((await ask({ kind: 'lacks', value: 'line vty 0 4\n transport input telnet' })).outcome).toBe(
      'passed',
    )
  })

  test('a banner is no section, whatever it looks like', async () => {
    const { sections } = await ask({ kind: 'contains', value: 'x', section: '^interface Vlan1' })
    expect(sections).toBe(1)
  })
})

test('patterns must match a line each; those without one are told', async () => {
  const { missing } = await ask({ kind: 'matches', value: '^hostname \\S+$\n^ntp server ', section: '' })
  expect(missing).toEqual([{ section: null, lines: ['^ntp server '] }])
})

test('without such a section a rule does not apply, or fails where it is required', async () => {
  const rule = { kind: 'contains', value: 'x', section: '^router ospf' } as const
  expect((await ask(rule)).outcome).toBe('not_applicable')
  expect(await ask({ ...rule, section_required: true })).toMatchObject({
    outcome: 'failed',
    missing: [{ section: null, lines: ['^router ospf'] }],
  })
})

describe('sections are those of the platform:', () => {
  test('braces', async () => {
    const telnet = await ask(
      { kind: 'lacks', value: 'telnet;', section: '^services$' },
      junos,
      'juniper_junos',
    )
    const nested = 'system {\n services {\n ssh {\n protocol-version v2;\n}\n}\n}'

    expect(offending(telnet)).toEqual([[7, 'telnet']])
    expect((await ask({ kind: 'contains', value: nested }, junos, 'juniper_junos')).outcome).toBe('passed')
    expect(
      await ask(
        { kind: 'matches', value: '^family inet', section: '^interfaces$\n^ge-\n^unit ' },
        junos,
        'juniper_junos',
      ),
    ).toMatchObject({ outcome: 'passed', sections: 1 })
  })

  test('config and edit', async () => {
    const { missing } = await ask(
      { kind: 'contains', value: 'set logtraffic all', section: '^config firewall policy$\n^edit ' },
      fortios,
      'fortinet',
    )
    expect(missing).toEqual([{ section: { number: 10, text: 'edit 2' }, lines: ['set logtraffic all'] }])
  })

  test('headers, with lines that go on', async () => {
    const rule = { kind: 'lacks', value: 'set www disabled=no', section: '^/ip service$' } as const
    expect(offending(await ask(rule, routeros, 'mikrotik_routeros'))).toEqual([[4, 'set www disabled=no']])
  })

  test('the beginning of lines that stand by themselves', async () => {
    const { missing, sections } = await ask(
      { kind: 'matches', value: '^description ', section: '^set interfaces ethernet\n^\\S+' },
      vyos,
      'vyos',
    )
    expect(sections).toBe(2)
    expect(missing.map(({ section }) => section?.text)).toEqual(['set interfaces ethernet eth1'])
  })
})

describe('a rule is refused', () => {
  const problems = async (rule: Partial<RuleText>): Promise<string[][]> =>
    (await issuesOf({ kind: 'matches', value: '^a', ...blank, ...rule })).map(({ path, message }) => [
      path,
      message,
    ])

  test('whose pattern is none, saying where', async () => {
    expect(await problems({ value: 'vlan (10|20' })).toEqual([
      ['value', expect.stringContaining('not a regular expression of RE2')],
    ])
    expect((await problems({ section: '[' }))[0]?.[0]).toBe('section')
    expect(await problems({ value: '(?<=a)b' })).toHaveLength(1)
  })

  test('that asks for nothing, for too much, or chooses among no sections', async () => {
    expect(await problems({ value: ' \n' })).toEqual([['value', 'At least one line is expected.']])
    expect(await problems({ value: 'a\n'.repeat(101) })).toEqual([['value', 'At most 100 lines are taken.']])
    expect(await problems({ value: 'a'.repeat(501) })).toHaveLength(1)
    expect(await problems({ section_having: 'x', section_required: true })).toHaveLength(2)
  })

  test('that only a secret could meet; a pattern over its tag is fine', async () => {
    const secret = 'username admin secret 5 $1$abcd$0123456789abcdefghijkl'
    expect(await problems({ kind: 'contains', value: `hostname a\n${secret}` })).toEqual([
      ['value', expect.stringMatching(/^Line 2 holds a secret\..*<secret:/)],
    ])
    expect(await problems({ kind: 'matches', value: '^enable secret \\S+ <secret:' })).toEqual([])
  })
})

test('a pattern that keeps others busy takes the time of its text alone', async () => {
  const text = `interface x\n ${'a'.repeat(20_000)}!\n`
  const { outcome } = await ask({ kind: 'matches', value: '^(a+)+$\n^(a|aa)+$' }, text)
  expect(outcome).toBe('failed')
})
