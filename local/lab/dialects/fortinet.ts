import { randomBytes } from 'node:crypto'
import type { Dialect } from '../dialect.ts'
import type { DeviceFacts } from '../device.ts'
import { changedPort, portsOf, secretOf, serialOf } from './network.ts'

/** FortiOS encrypts with a new salt at every show. */
const salted = (): string => `ENC ${randomBytes(48).toString('base64')}`

const config = (facts: DeviceFacts): string[] => [
  '#config-version=FGT91G-7.4.7-FW-build2731-250120:opmode=1:vdom=0:user=netops',
  `#conf_file_ver=${Date.now()}`,
  '#buildno=2731',
  '#global_vdom=1',
  'config system global',
  `    set hostname "${facts.name}"`,
  '    set timezone "Europe/Berlin"',
  'end',
  'config system interface',
  ...portsOf(facts).flatMap(({ number, description, address, up }) => [
    `    edit "port${number}"`,
    '        set vdom "root"',
    `        set ip ${address} 255.255.255.0`,
    `        set description "${description}"`,
    ...(up ? [] : ['        set status down']),
    '    next',
  ]),
  'end',
  'config system admin',
  '    edit "netops"',
  '        set accprofile "super_admin"',
  `        set password ${salted()}`,
  '    next',
  'end',
  'config system snmp community',
  '    edit 1',
  `        set name "${secretOf(facts, 'snmp')}"`,
  '    next',
  'end',
  'config vpn ipsec phase1-interface',
  '    edit "branch"',
  '        set remote-gw 192.0.2.1',
  `        set psksecret ${salted()}`,
  '    next',
  'end',
  'config firewall policy',
  ...facts.changes,
  'end',
]

export const fortinet: Dialect = {
  deviceType: 'fortinet',
  prompt: (name) => `${name} # `,
  greeting: () => '',
  running: ['show | grep .', 'show', 'show full-configuration'],
  config,
  change: (facts) =>
    `    edit ${facts.changes.length + 1}\n        set srcintf "port${changedPort(facts)}"\n        set action accept\n    next`,
  facts: {
    'get system status': (facts) => [
      'Version: FortiGate-91G v7.4.7,build2731,250120 (GA.M)',
      'Security Level: High',
      `Serial-Number: ${serialOf(facts, 'FGT91G')}`,
      `Hostname: ${facts.name}`,
      'Operation Mode: NAT',
      `System time: ${new Date().toUTCString()}`,
    ],
  },
  silent: /^$/,
  pager: { text: '--More-- ', erase: '\r         \r' },
  unknown: (command) => [`Unknown action 0`, `Command fail. Return code -1 (${command.length})`],
  unauthorized: 'Command fail. Return code -37',
  exit: /^(?:exit|quit)$/,
}
