import type { Dialect } from '../dialect.ts'
import type { DeviceFacts } from '../device.ts'
import { changedPort, managementAddress, portsOf, secretOf, serialOf } from './network.ts'

const config = (facts: DeviceFacts): string[] => [
  '!Software Version V200R019C10SPC500',
  '#',
  `sysname ${facts.name}`,
  '#',
  'vlan batch 10 20 30 40',
  '#',
  'aaa',
  ` local-user netops password irreversible-cipher $1c$${secretOf(facts, 'user')}$${secretOf(facts, 'hash')}$`,
  ' local-user netops privilege level 15',
  ' local-user netops service-type ssh',
  '#',
  'interface Vlanif10',
  ` ip address ${managementAddress(facts)} 255.255.0.0`,
  '#',
  ...portsOf(facts).flatMap(({ number, vlan, description, up }) => [
    `interface GigabitEthernet0/0/${number}`,
    ` description ${description}`,
    ...(up ? [] : [' shutdown']),
    ' port link-type access',
    ` port default vlan ${vlan}`,
    '#',
  ]),
  'bgp 65020',
  ' peer 10.255.0.254 as-number 65000',
  ` peer 10.255.0.254 password cipher %^%#${secretOf(facts, 'bgp')}%^%#`,
  '#',
  `snmp-agent community read cipher %^%#${secretOf(facts, 'snmp')}%^%#`,
  '#',
  ...facts.changes,
  'user-interface vty 0 4',
  ' authentication-mode aaa',
  '#',
  'return',
]

export const huaweiVrp: Dialect = {
  deviceType: 'huawei_vrp',
  prompt: (name) => `<${name}>`,
  greeting: () =>
    '\r\nInfo: The max number of VTY users is 10, and the number of current VTY users on line is 1.\r\n',
  running: ['display current-configuration', 'display current-configuration all'],
  config,
  change: (facts) =>
    `interface GigabitEthernet0/0/${changedPort(facts)}\n description moved ${facts.changes.length + 1}`,
  facts: {
    'display version': () => [
      'Huawei Versatile Routing Platform Software',
      'VRP (R) software, Version 5.170 (S5735 V200R019C10SPC500)',
      'HUAWEI S5735-L24P4S-A Routing Switch uptime is 3 weeks, 4 days, 1 hour, 12 minutes',
    ],
    'display device manufacture-info': (facts) => [
      'Slot  Sub  Serial-number          Manu-date',
      '- - - - - - - - - - - - - - - - - - - - - -',
      `0     -    ${serialOf(facts, '2102')}   2020-05-01`,
    ],
  },
  silent: /^(?:screen-length \d+ temporary|undo terminal monitor|)$/,
  pagingOff: /^screen-length 0 temporary$/,
  pager: { text: '  ---- More ----', erase: `\x1b[42D${' '.repeat(42)}\x1b[42D` },
  unknown: () => ['             ^', "Error: Unrecognized command found at '^' position."],
  unauthorized: 'Error: No permission to run the command.',
  exit: /^quit$/,
}
