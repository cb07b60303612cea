import type { Dialect } from '../dialect.ts'
import type { DeviceFacts } from '../device.ts'
import { changedPort, portsOf, secretOf, serialOf } from './network.ts'

const config = (facts: DeviceFacts): string[] => [
  ': Saved',
  ':',
  `: Serial Number: ${serialOf(facts, 'JMX')}`,
  ': Hardware:   ASA5516, 8192 MB RAM, CPU Atom C2000 series 2416 MHz, 1 CPU (8 cores)',
  ':',
  'ASA Version 9.16(4)',
  '!',
  `hostname ${facts.name}`,
  `enable password $sha512$5000$${secretOf(facts, 'enable')}$${secretOf(facts, 'hash')} pbkdf2`,
  'names',
  '!',
  ...portsOf(facts).flatMap(({ number, description, address, up }) => [
    `interface GigabitEthernet1/${number}`,
    ` description ${description}`,
    ...(up ? [] : [' shutdown']),
    ` nameif zone${number}`,
    ` security-level ${number % 100}`,
    ` ip address ${address} 255.255.255.0`,
    '!',
  ]),
  'access-list outside_in extended permit tcp any host 10.0.0.5 eq 443',
  ...facts.changes,
  `snmp-server host zone1 10.255.0.12 community ${secretOf(facts, 'snmp')} version 2c`,
  'tunnel-group 192.0.2.1 type ipsec-l2l',
  'tunnel-group 192.0.2.1 ipsec-attributes',
  ` ikev2 remote-authentication pre-shared-key ${secretOf(facts, 'psk')}`,
  `username netops password $sha512$5000$${secretOf(facts, 'user')}$${secretOf(facts, 'hash')} pbkdf2 privilege 15`,
  '!',
  `Cryptochecksum:${Math.floor(Date.now()).toString(16).padStart(32, '0')}`,
  ': end',
]

export const ciscoAsa: Dialect = {
  deviceType: 'cisco_asa',
  prompt: (name) => `${name}# `,
  lowPrompt: (name) => `${name}> `,
  enable: { command: 'enable', ask: 'Password: ', refused: 'Invalid password' },
  greeting: (name) =>
    `User netops logged in to ${name}\r\nType help or '?' for a list of available commands.\r\n`,
  running: ['more system:running-config', 'show running-config'],
  config,
  change: (facts) => `object network host${changedPort(facts)}\n host 10.9.0.${changedPort(facts)}`,
  facts: {
    'show version': (facts) => [
      'Cisco Adaptive Security Appliance Software Version 9.16(4)',
      `${facts.name} up 41 days 3 hours`,
      'Hardware:   ASA5516, 8192 MB RAM, CPU Atom C2000 series 2416 MHz, 1 CPU (8 cores)',
      `Serial Number: ${serialOf(facts, 'JMX')}`,
    ],
  },
  silent: /^(?:terminal (?:pager|width).*|)$/,
  pagingOff: /^terminal pager 0$/,
  pager: { text: '<--- More --->', erase: '\r              \r' },
  unknown: () => ['         ^', "ERROR: % Invalid input detected at '^' marker."],
  unauthorized: 'Command authorization failed',
  exit: /^(?:exit|logout|quit)$/,
}
