import type { Dialect } from '../dialect.ts'
import type { DeviceFacts } from '../device.ts'
import { changedPort, managementAddress, portsOf, secretOf, serialOf, vlans } from './network.ts'

const interfaceLines = (facts: DeviceFacts): string[] =>
  portsOf(facts).flatMap(({ number, vlan, description, up }) => [
    `interface GigabitEthernet1/0/${number}`,
    ` description ${description}`,
    ` switchport access vlan ${vlan}`,
    ' switchport mode access',
    ...(up ? [] : [' shutdown']),
    ' spanning-tree portfast',
    '!',
  ])

function config(facts: DeviceFacts): string[] {
  const body = [
    'version 17.9',
    'service timestamps log datetime msec',
    'service password-encryption',
    `hostname ${facts.name}`,
    '!',
    `enable secret 9 $9$${secretOf(facts, 'enable')}$${secretOf(facts, 'hash')}`,
    '!',
    `username netops privilege 15 secret 9 $9$${secretOf(facts, 'user')}$${secretOf(facts, 'userhash')}`,
    'aaa new-model',
    'ip domain name example.net',
    ...vlans.flatMap(({ id, name }) => [`vlan ${id}`, ` name ${name}`, '!']),
    ...interfaceLines(facts),
    'interface Vlan10',
    ` ip address ${managementAddress(facts)} 255.255.0.0`,
    '!',
    'router bgp 65000',
    ' neighbor 10.255.0.254 remote-as 65000',
    ` neighbor 10.255.0.254 password 7 0${secretOf(facts, 'bgp')}`,
    '!',
    `snmp-server community ${secretOf(facts, 'snmp')} RO`,
    'tacacs server one',
    ' address ipv4 10.255.0.10',
    ` key 7 0${secretOf(facts, 'tacacs')}`,
    'ntp server 10.255.0.11',
    ...facts.changes,
    'line vty 0 15',
    ' transport input ssh',
    '!',
    'end',
  ]
  return [
    'Building configuration...',
    '',
    `Current configuration : ${body.join('\n').length} bytes`,
    '!',
    '! Last configuration change at 09:37:40 UTC Tue Aug 20 2024 by netops',
    '!',
    ...body,
    '',
  ]
}

export const ciscoIos: Dialect = {
  deviceType: 'cisco_ios',
  prompt: (name) => `${name}#`,
  lowPrompt: (name) => `${name}>`,
  enable: { command: 'enable', ask: 'Password: ', refused: '% Bad secrets\r\n' },
  greeting: () => '\r\nAuthorised access only.\r\n\r\n',
  running: [
    'show running-config',
    'show running-config view full',
    'write term',
    'write terminal',
    'show run',
  ],
  config,
  change: (facts) =>
    `interface GigabitEthernet1/0/${changedPort(facts)}\n description moved ${facts.changes.length + 1}`,
  facts: {
    'show version': (facts) => [
      'Cisco IOS XE Software, Version 17.09.04a',
      'Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_LITE_IOSXE), Version 17.9.4a, RELEASE SOFTWARE (fc3)',
      `${facts.name} uptime is 5 weeks, 2 days, 1 hour, 3 minutes`,
      'System image file is "flash:packages.conf"',
      'cisco C9200L-24P-4G (ARM64) processor with 519001K/3071K bytes of memory.',
      `Processor board ID ${serialOf(facts, 'JAE')}`,
      'Configuration register is 0x102',
    ],
    'show inventory': (facts) => [
      'NAME: "Switch 1", DESCR: "C9200L-24P-4G"',
      `PID: C9200L-24P-4G     , VID: V01  , SN: ${serialOf(facts, 'JAE')}`,
    ],
  },
  silent: /^(?:terminal (?:length|width|no monitor).*|)$/,
  pagingOff: /^terminal length 0$/,
  pager: { text: ' --More-- ', erase: `${'\b'.repeat(10)}${' '.repeat(10)}${'\b'.repeat(10)}` },
  unknown: () => ['         ^', "% Invalid input detected at '^' marker.", ''],
  unauthorized: 'Command authorization failed.',
  exit: /^(?:exit|logout|quit)$/,
}
