import type { Dialect } from '../dialect.ts'
import type { DeviceFacts } from '../device.ts'
import { changedPort, managementAddress, portsOf, secretOf, serialOf, vlans } from './network.ts'

/** NX-OS writes the time of the show into every configuration: it differs each time. */
const config = (facts: DeviceFacts): string[] => [
  '',
  '!Command: show running-config',
  '!Running configuration last done at: Tue Sep 30 09:02:26 2025',
  `!Time: ${new Date().toUTCString()}`,
  '',
  'version 10.4(5) Bios:version 01.11 ',
  `hostname ${facts.name}`,
  'feature lacp',
  'feature bgp',
  `username admin password 5 $5$${secretOf(facts, 'admin')}$${secretOf(facts, 'hash')}  role network-admin`,
  `snmp-server user admin network-admin auth md5 0x${secretOf(facts, 'auth')} priv aes-128 0x${secretOf(facts, 'priv')} localizedV2key`,
  'ntp server 10.255.0.11 use-vrf management',
  `vlan 1,${vlans.map(({ id }) => id).join(',')}`,
  ...vlans.flatMap(({ id, name }) => [`vlan ${id}`, `  name ${name}`]),
  'vrf context management',
  '  ip route 0.0.0.0/0 10.255.0.254',
  '',
  ...portsOf(facts).flatMap(({ number, vlan, description, up }) => [
    `interface Ethernet1/${number}`,
    `  description ${description}`,
    `  switchport access vlan ${vlan}`,
    ...(up ? ['  no shutdown'] : []),
    '',
  ]),
  'interface mgmt0',
  '  vrf member management',
  `  ip address ${managementAddress(facts)}/16`,
  ...facts.changes,
  'icam monitor scale',
  '',
  'line console',
  'line vty',
  'boot nxos bootflash:/nxos64-cs.10.4.5.M.bin ',
  'router bgp 65001',
  '  neighbor 10.255.0.254',
  `    password 3 ${secretOf(facts, 'bgp')}`,
  '',
  '',
]

export const ciscoNxos: Dialect = {
  deviceType: 'cisco_nxos',
  prompt: (name) => `\r${name}# `,
  greeting: () => '\r\nCisco Nexus Operating System (NX-OS) Software\r\nAll rights reserved.\r\n',
  running: ['show running-config', 'show running'],
  config,
  change: (facts) =>
    `interface Ethernet1/${changedPort(facts)}\n  description moved ${facts.changes.length + 1}`,
  facts: {
    'show version': (facts) => [
      'Cisco Nexus Operating System (NX-OS) Software',
      'Software',
      '  NXOS: version 10.4(5) [Feature Release]',
      'Hardware',
      '  cisco Nexus9000 C93180YC-FX3 Chassis',
      `  Processor Board ID ${serialOf(facts, 'FDO')}`,
      `  Device name: ${facts.name}`,
      'Kernel uptime is 217 day(s), 3 hour(s), 52 minute(s), 47 second(s)',
    ],
  },
  silent: /^(?:terminal (?:length|width|dont-ask).*|)$/,
  pagingOff: /^terminal length 0$/,
  pager: { text: '--More--', erase: '\r        \r' },
  unknown: () => ['         ^', "% Invalid command at '^' marker."],
  unauthorized: '% Permission denied for the role',
  exit: /^(?:exit|logout)$/,
}
