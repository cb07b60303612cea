import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTree, type ConfigNode } from '../../../shared/backups/config-tree.ts'
import type { ConfigVersion } from '../../../shared/backups/records.ts'
import { commandsOf } from '../../../shared/backups/restore/commands.ts'
import { planLines } from '../../../shared/backups/restore/line-plan.ts'
import { markdownOf } from '../../../shared/backups/restore/markdown.ts'
import { planOf } from '../../../shared/backups/restore/restore-plan.ts'
import { RestorePlan } from '../../../shared/backups/restore/routes.ts'
import { deviceTypes, findPlatform } from '../../../shared/platforms/platforms.ts'
import type { LineDialect } from '../../../shared/platforms/restore/guide.ts'
import { restoreGuides } from '../../../shared/platforms/restore/guides.ts'
import { applyCommands, canonical } from '../../support/typed-commands.ts'

const dialectOf = (deviceType: string): LineDialect => {
  const lines = restoreGuides[deviceType]?.lines
  if (lines === undefined) throw new Error(`no lines for ${deviceType}`)
  return lines
}
const treeOf = (deviceType: string, text: string): ConfigNode[] =>
  readTree(findPlatform(deviceType)?.blocks ?? 'indent', text)

function propose(deviceType: string, from: string, to: string): string[] {
  const dialect = dialectOf(deviceType)
  return commandsOf(planLines(treeOf(deviceType, from), treeOf(deviceType, to), dialect), dialect)
}

const withLines = Object.keys(restoreGuides).filter((id) => restoreGuides[id]?.lines !== undefined)

test('every guide is one of a platform that there is', () => {
  expect(Object.keys(restoreGuides).filter((id) => !deviceTypes.includes(id))).toEqual([])
})

type Written = { header: string; children: Written[] }

/** Configurations of few words, so that two of them have much in common. */
const written = (depth: number): fc.Arbitrary<Written[]> =>
  fc.uniqueArray(
    fc.record({
      header: fc.constantFrom(
        'alpha 1',
        'alpha 2',
        'beta x',
        'gamma',
        'mtu 9000',
        'mtu 1500',
        'delta 10.0.0.1',
      ),
      children: depth === 0 ? fc.constant<Written[]>([]) : written(depth - 1),
    }),
    { selector: ({ header }) => (header.startsWith('mtu ') ? 'mtu' : header), maxLength: 5 },
  )

const writers: Readonly<Record<LineDialect['form'], (nodes: readonly Written[], indent?: string) => string>> =
  {
    sections: (nodes, indent = '') =>
      nodes
        .map(({ header, children }) => `${indent}${header}\n${writers.sections(children, `${indent} `)}`)
        .join(''),
    paths: (nodes, indent = '') =>
      nodes
        .map(({ header, children }) =>
          children.length === 0
            ? `${indent}${header};\n`
            : `${indent}${header} {\n${writers.paths(children, `${indent}    `)}${indent}}\n`,
        )
        .join(''),
    edit: (nodes) =>
      nodes
        .map(({ header, children }) => {
          const entries = children.map((entry) => {
            const values = entry.children.map((value) => `        set ${value.header}\n`).join('')
            return `    edit ${entry.header.replace(' ', '-')}\n${values}    next\n`
          })
          return `config ${header}\n${entries.join('')}end\n`
        })
        .join(''),
    flat: (nodes) =>
      nodes
        .flatMap(({ header, children }) =>
          children.length === 0
            ? [`set ${header}\n`]
            : children.map((child) => `set ${header} ${child.header}\n`),
        )
        .join(''),
  }

/** FortiOS has one value for a key. */
const oneOfEach = (nodes: readonly Written[]): Written[] =>
  [...new Map(nodes.map((one) => [one.header.split(' ')[0], one])).values()].map(({ header, children }) => ({
    header,
    children: oneOfEach(children),
  }))

test.each(withLines)('the lines of %s make the one configuration of the other', (deviceType) => {
  const dialect = dialectOf(deviceType)
  const shaped = (nodes: Written[]): Written[] => (dialect.form === 'edit' ? oneOfEach(nodes) : nodes)
  fc.assert(
    fc.property(written(2), written(2), (a, b) => {
      const [from, to] = [a, b].map((nodes) => writers[dialect.form](shaped(nodes)))
      const [before, after] = [treeOf(deviceType, from ?? ''), treeOf(deviceType, to ?? '')]
      const commands = commandsOf(planLines(before, after, dialect), dialect)
      const result = applyCommands(before, commands, dialect)
      expect(result).toEqual(canonical(after, dialect))
    }),
    { numRuns: 200, seed: 7 },
  )
})

describe('what would be typed', () => {
  test('on IOS: lines first, access lists anew, replaced lines not at all, sections last', () => {
    const from = `hostname a
no ip http server
interface Gi1
 description old
 ip address 192.0.2.1 255.255.255.0
 ip address 192.0.2.9 255.255.255.0 secondary
 shutdown
interface Vlan9
 no ip address
ip access-list extended IN
 permit tcp any any eq 22
 deny ip any any
ntp server 192.0.2.1
end
`
    const to = `hostname b
ip http server
banner motd ^C
keep out
^C
interface Gi1
 description new
 ip address 192.0.2.2 255.255.255.0
 no shutdown
ip access-list extended IN
 deny ip any any
 permit tcp any any eq 22
end
`
    expect(propose('cisco_ios', from, to)).toEqual([
      'no ip access-list extended IN',
      'no ntp server 192.0.2.1',
      'hostname b',
      'ip http server',
      'banner motd ^C\nkeep out\n^C',
      'interface Gi1',
      ' no ip address 192.0.2.9 255.255.255.0 secondary',
      ' description new',
      ' ip address 192.0.2.2 255.255.255.0',
      ' no shutdown',
      ' exit',
      'ip access-list extended IN',
      ' deny ip any any',
      ' permit tcp any any eq 22',
      ' exit',
      'no interface Vlan9',
    ])
  })

  test('on IOS XR a route policy takes the place of the old one', () => {
    const text = (line: string): string => `route-policy P\n  ${line}\nend-policy\n!\nend\n`
    expect(propose('cisco_xr', text('drop'), text('pass'))).toEqual(['route-policy P', ' pass', 'end-policy'])
  })

  test('on VRP with undo and quit', () => {
    const from = 'sysname a\n#\ninterface GE1\n undo shutdown\n description x\n#\nreturn\n'
    const to = 'sysname a\n#\ninterface GE1\n shutdown\n#\nreturn\n'
    expect(propose('huawei_vrp', from, to)).toEqual([
      'interface GE1',
      ' undo description x',
      ' shutdown',
      ' quit',
    ])
  })

  test('on Junos as paths, marks and lists of members too', () => {
    const from =
      'system {\n    host-name a;\n    services {\n        telnet;\n    }\n    domain-search [ x y ];\n}\n'
    const to = 'system {\n    host-name a;\n    inactive: ntp {\n        server 192.0.2.1;\n    }\n}\n'
    expect(propose('juniper_junos', from, to)).toEqual([
      'delete system services',
      'delete system domain-search',
      'set system ntp server 192.0.2.1',
      'deactivate system ntp',
    ])
  })

  test('on FortiOS entries are deleted, values unset, and what stays is not touched', () => {
    const from =
      'config system global\n    set alias "x"\n    set hostname "a"\nend\nconfig firewall policy\n    edit 1\n        set action accept\n    next\n    edit 2\n    next\nend\n'
    const to =
      'config system global\n    set hostname "b"\nend\nconfig firewall policy\n    edit 1\n        set action deny\n    next\nend\n'
    expect(propose('fortinet', from, to).map((line) => line.trim())).toEqual([
      'config system global',
      'set hostname "b"',
      'unset alias',
      'end',
      'config firewall policy',
      'edit 1',
      'set action deny',
      'next',
      'delete 2',
      'end',
    ])
  })

  test('on VyOS as delete and set', () => {
    expect(propose('vyos', "set system host-name 'a'\nset x\n", "set system host-name 'b'\nset x\n")).toEqual(
      ["delete system host-name 'a'", "set system host-name 'b'"],
    )
  })
})

describe('the plan', () => {
  const loaded = (text: string, deviceType: string, values: Partial<ConfigVersion> = {}) => ({
    text,
    stored: {
      deviceId: 1,
      sequence: 1,
      runId: 1,
      collectedAt: '2026-11-26T00:00:00Z',
      sha256: text,
      bytes: text.length,
      lines: 1,
      secrets: 0,
      deviceType,
      path: 'a',
      textKey: 'a',
      rawKey: 'a',
      ...values,
    },
  })
  const device = { id: 1, name: 'sw_1' }

  test('counts secrets, warns of lines that may end the session, and reads as a page', () => {
    const plan = planOf(
      device,
      loaded('hostname a\nend\n', 'cisco_ios', { sequence: 4 }),
      loaded(
        'hostname a\nenable secret 9 <secret:7f3a9c00>\nline vty 0 4\n transport input ssh\nend\n',
        'cisco_ios',
        {
          secrets: 1,
        },
      ),
    )
    const page = markdownOf(plan)

    expect(RestorePlan.parse(plan)).toMatchObject({
      is_known: true,
      identical: false,
      secrets: { text: 1, proposal: 1 },
      proposal: { reason: null, added: 3, removed: 0 },
    })
    expect(plan.proposal.careful).toContain('line vty 0 4')
    expect(plan.proposal.lines.at(0)).toBe('configure terminal revert timer 10')
    expect(plan.notes.join('\n')).toMatch(/raw text.*revealed/)
    expect(page).toContain('# sw\\_1: back to version 1')
    expect(page).toContain('`configure replace flash:{file} list revert trigger timer 10`')
    expect(page).toContain('\n```\nconfigure terminal revert timer 10\nenable secret 9 <secret:7f3a9c00>\n')
  })

  test.each(deviceTypes.filter((name) => findPlatform(name)?.id === name))(
    'of %s is whole or says what is not known',
    (name) => {
      const plan = planOf(device, loaded('a\n', name, { sha256: '1' }), loaded('b\n', name, { sha256: '2' }))

      expect(RestorePlan.parse(plan)).toEqual(plan)
      const isSaid = plan.is_known
        ? plan.sources.length * plan.ways.length > 0
        : plan.unsure[0]?.startsWith('No manual of this family was read')
      expect(isSaid).toBe(true)
      expect(markdownOf(plan)).toContain('## Proposal')
    },
  )

  test('proposes no lines where they would be wrong', () => {
    const reason = (from: ReturnType<typeof loaded>, to: ReturnType<typeof loaded>): string | null =>
      planOf(device, from, to).proposal.reason

    expect(reason(loaded('a\n', 'cisco_ios'), loaded('a\n', 'cisco_ios'))).toBe('both versions are the same')
    expect(reason(loaded('a\n', 'cisco_ios'), loaded('b\n', 'arista_eos'))).toMatch(/different platforms/)
    expect(reason(loaded('configure {\n}\n', 'nokia_sros'), loaded('b\n', 'nokia_sros'))).toMatch(
      /another way/,
    )
    expect(reason(loaded('/ip\n', 'mikrotik_routeros'), loaded('b\n', 'mikrotik_routeros'))).toMatch(
      /not known/,
    )
    expect(reason(loaded('a\n!\n', 'cisco_ios'), loaded('a\n', 'cisco_ios'))).toMatch(/only in comments/)
  })
})
