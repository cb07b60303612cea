import type { Dialect } from '../dialect.ts'
import type { DeviceFacts } from '../device.ts'
import { changedPort, portsOf, secretOf, serialOf } from './network.ts'

const config = (facts: DeviceFacts): string[] => [
  "set firewall global-options all-ping 'enable'",
  ...portsOf(facts).flatMap(({ number, address, description, up }) => [
    `set interfaces ethernet eth${number - 1} address '${address}/24'`,
    `set interfaces ethernet eth${number - 1} description '${description}'`,
    ...(up ? [] : [`set interfaces ethernet eth${number - 1} disable`]),
  ]),
  `set protocols bgp neighbor 10.255.0.254 password '${secretOf(facts, 'bgp')}'`,
  "set protocols bgp system-as '65030'",
  ...facts.changes,
  `set service snmp community ${secretOf(facts, 'snmp')} authorization 'ro'`,
  "set service ssh port '22'",
  `set system host-name '${facts.name}'`,
  `set system login user netops authentication encrypted-password '$6$${secretOf(facts, 'user')}'`,
]

export const vyos: Dialect = {
  deviceType: 'vyos',
  prompt: (name) => `netops@${name}:~$ `,
  greeting: () => 'Last login: Sun Sep 28 15:22:45 2025 from 10.255.0.20\r\n',
  running: ['show configuration commands | no-more', 'show configuration commands'],
  config,
  change: (facts) =>
    `set interfaces ethernet eth0 vif ${100 + changedPort(facts)} description 'moved ${facts.changes.length + 1}'`,
  facts: {
    'show version': (facts) => [
      'Version:          VyOS 1.4.3',
      'Release train:    sagitta',
      `Hardware S/N:     ${serialOf(facts, 'SM')}`,
    ],
  },
  silent: /^(?:set terminal (?:length|width) .*|)$/,
  pagingOff: /^set terminal length 0$/,
  pager: { text: ':', erase: '\r\x1b[K' },
  unknown: () => ['', '  Invalid command: [zzz]', ''],
  unauthorized: 'Permission denied',
  exit: /^exit$/,
}
