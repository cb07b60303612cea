import type { Dialect } from '../dialect.ts'
import type { DeviceFacts } from '../device.ts'
import { changedPort, managementAddress, portsOf, secretOf, serialOf } from './network.ts'

const config = (facts: DeviceFacts): string[] => [
  'Current configuration:',
  '!',
  '!Version ArubaOS-CX PL.10.10.1090',
  '!export-password: default',
  `hostname ${facts.name}`,
  `user admin group administrators password ciphertext AQBap${secretOf(facts, 'admin')}`,
  'ntp server 10.255.0.11 iburst',
  `snmp-server community ${secretOf(facts, 'snmp')}`,
  'ssh server vrf default',
  'vlan 1,10,20,30,40',
  ...portsOf(facts).flatMap(({ number, vlan, description, up }) => [
    `interface 1/1/${number}`,
    `    description ${description}`,
    ...(up ? ['    no shutdown'] : []),
    '    no routing',
    `    vlan access ${vlan}`,
  ]),
  'interface vlan 1',
  `    ip address ${managementAddress(facts)}/16`,
  ...facts.changes,
  '!',
  'https-server vrf default',
]

export const arubaAoscx: Dialect = {
  deviceType: 'aruba_aoscx',
  prompt: (name) => `${name}# `,
  greeting: () =>
    'Last login: 2025-08-26 22:24:39 from 10.255.0.20\r\nUser "netops" has logged in 12 times in the past 30 days\r\n',
  running: ['show running-config'],
  config,
  change: (facts) => `interface 1/1/${changedPort(facts)}\n    description moved ${facts.changes.length + 1}`,
  facts: {
    'show version': () => [
      'ArubaOS-CX',
      '(c) Copyright 2017-2023 Hewlett Packard Enterprise Development LP',
      'Version      : PL.10.10.1090',
    ],
    'show system': (facts) => [
      `Hostname               : ${facts.name}`,
      'Vendor                 : Aruba',
      'Product Name           : JL675A 6100 48G CL4 4SFP+ Swch',
      `Chassis Serial Nbr     : ${serialOf(facts, 'CN')}`,
      'Up Time                : 48 weeks, 1 day, 22 hours, 16 minutes',
    ],
  },
  silent: /^(?:no page|page \d+|)$/,
  pagingOff: /^no page$/,
  pager: { text: '-- MORE --, next page: Space, next line: Enter, quit: q', erase: '\r\x1b[K' },
  unknown: (command) => [`Invalid input: ${command.split(' ')[0] ?? ''}`],
  unauthorized: 'Cannot execute command. Command not allowed.',
  exit: /^exit$/,
}
