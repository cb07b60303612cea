import { lessPagers, morePagers, shellRefusals } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const ubiquitiEdgerouter: Platform = {
  id: 'ubiquiti_edgerouter',
  name: 'Ubiquiti EdgeOS',
  sources: [
    'EdgeOS User Guide: show configuration commands, show version',
    'Netmiko 4.6.0, facts of the driver UbiquitiEdgeRouterSSH',
    'Oxidized 0.37, facts of the model edgeos',
    'RANCID 3.14, facts of the type edgerouter',
  ],
  prompt: /^[\w.-]{1,64}@[\w.-]{1,64}(?::[\w~/.-]{1,80})?[$#>]$/,
  onOpen: [
    { send: 'terminal length 0', optional: true },
    { send: 'terminal width 512', optional: true },
  ],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers, ...lessPagers],
  captures: {
    running: {
      command: 'show configuration commands | no-more',
      alternatives: ['show configuration commands | cat'],
      complete: { contains: [/^set \S/] },
    },
    serial: { command: 'show version | no-more' },
    os: { command: 'show version | no-more' },
  },
  facts: [
    { of: 'os', pattern: /^Version: {1,12}(?<version>\S{1,40})/ },
    { of: 'os', pattern: /^HW model: {1,12}(?<model>[^\n]{1,40})/ },
    { of: 'os', pattern: /^HW S\/N: {1,12}(?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /@(?<hostname>[\w.-]{1,64}?)[:>#]/ },
  ],
  identify: {
    greeting: /Welcome to EdgeOS/,
    answer: { command: 'show version | no-more', line: /^HW model: {1,12}Edge/ },
  },
  rejections: [/^ {0,4}(?:Invalid|Ambiguous|Incomplete) command/, ...shellRefusals],
  volatile: [],
  secrets: [/^set service snmp community (?<secret>\S{1,128})/],
  blocks: 'lines',
}
