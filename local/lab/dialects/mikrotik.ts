import type { Dialect } from '../dialect.ts'
import type { DeviceFacts } from '../device.ts'
import { changedPort, portsOf, secretOf, serialOf } from './network.ts'

const config = (facts: DeviceFacts): string[] => [
  `# ${new Date().toISOString().slice(0, 19).replace('T', ' ')} by RouterOS 7.16`,
  '# software id = ABCD-EFGH',
  '#',
  '# model = CCR2004-1G-12S+2XS',
  `# serial number = ${serialOf(facts, 'HC')}`,
  '/interface ethernet',
  ...portsOf(facts).map(
    ({ number, description, up }) =>
      `set [ find default-name=ether${number} ] comment="${description}"${up ? '' : ' disabled=yes'}`,
  ),
  '/ip address',
  ...portsOf(facts).map(({ number, address }) => `add address=${address}/24 interface=ether${number}`),
  ...facts.changes,
  '/ppp secret',
  `add name=branch password=${secretOf(facts, 'ppp')} service=l2tp`,
  '/snmp community',
  `set [ find default=yes ] authentication-password=${secretOf(facts, 'snmp')} name=watch`,
  '/system identity',
  `set name=${facts.name}`,
]

export const mikrotikRouteros: Dialect = {
  deviceType: 'mikrotik_routeros',
  loginOptions: /\+[a-z0-9]+$/,
  prompt: (name) => `[netops@${name}] > `,
  greeting: () => '\r\n  MikroTik RouterOS 7.16 (c) 1999-2024       https://www.mikrotik.com/\r\n\r\n',
  running: ['/export show-sensitive', '/export'],
  config,
  change: (facts) => `add address=10.77.${changedPort(facts)}.1/24 interface=ether${changedPort(facts)}`,
  facts: {
    '/system resource print': () => [
      '                   uptime: 32m36s',
      '                  version: 7.16 (stable)',
    ],
    '/system routerboard print': (facts) => [
      '       routerboard: yes',
      `     serial-number: ${serialOf(facts, 'HC')}`,
    ],
  },
  silent: /^$/,
  pager: { text: '-- [Q quit|D dump|down]', erase: '\r\x1b[K' },
  unknown: (command) => [`bad command name ${command.split(' ')[0] ?? ''} (line 1 column 1)`],
  unauthorized: 'not enough permissions (9)',
  exit: /^\/?quit$/,
}
