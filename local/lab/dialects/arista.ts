import type { Dialect } from '../dialect.ts'
import type { DeviceFacts } from '../device.ts'
import { changedPort, managementAddress, portsOf, secretOf, serialOf, vlans } from './network.ts'

const config = (facts: DeviceFacts): string[] => [
  '! Command: show running-config',
  `! device: ${facts.name} (DCS-7050SX3-48YC8, EOS-4.31.2F)`,
  '!',
  '! boot system flash:/EOS-4.31.2F.swi',
  '!',
  'no aaa root',
  `username netops privilege 15 role network-admin secret sha512 $6$${secretOf(facts, 'user')}$${secretOf(facts, 'hash')}`,
  '!',
  `hostname ${facts.name}`,
  `snmp-server community ${secretOf(facts, 'snmp')} ro`,
  '!',
  ...vlans.flatMap(({ id, name }) => [`vlan ${id}`, `   name ${name}`, '!']),
  ...portsOf(facts).flatMap(({ number, vlan, description, up }) => [
    `interface Ethernet${number}`,
    `   description ${description}`,
    ...(up ? [] : ['   shutdown']),
    `   switchport access vlan ${vlan}`,
    '!',
  ]),
  'interface Management1',
  `   ip address ${managementAddress(facts)}/16`,
  '!',
  'ip routing',
  '!',
  'router bgp 65010',
  '   neighbor 10.255.0.254 remote-as 65000',
  `   neighbor 10.255.0.254 password 7 ${secretOf(facts, 'bgp')}`,
  '!',
  ...facts.changes,
  'end',
]

export const aristaEos: Dialect = {
  deviceType: 'arista_eos',
  prompt: (name) => `${name}#`,
  lowPrompt: (name) => `${name}>`,
  enable: { command: 'enable', ask: 'Password: ', refused: '% Bad secret' },
  greeting: () => 'Last login: Tue Sep 30 09:02:26 2025 from 10.255.0.20\r\n',
  running: ['show running-config', 'show running-config | no-more'],
  config,
  change: (facts) =>
    `interface Ethernet${changedPort(facts)}\n   description moved ${facts.changes.length + 1}`,
  facts: {
    'show version': (facts) => [
      'Arista DCS-7050SX3-48YC8-F',
      'Hardware version: 11.00',
      `Serial number: ${serialOf(facts, 'JPE')}`,
      'Software image version: 4.31.2F',
      'Uptime: 12 weeks, 2 days, 23 hours and 12 minutes',
    ],
  },
  silent: /^(?:terminal (?:length|width).*|)$/,
  pagingOff: /^terminal length 0$/,
  pager: { text: ' --More-- ', erase: '\r          \r' },
  unknown: () => ['% Invalid input'],
  unauthorized: '% Authorization denied for command',
  exit: /^(?:exit|logout)$/,
}
