import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const extremeTierra: Platform = {
  id: 'extreme_tierra',
  name: 'Extreme TierraOS',
  sources: ['Netmiko 4.6.0, facts of the driver ExtremeTierraSSH'],
  unsure: [
    'the field of the serial number',
    'the configuration command, taken from the family',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?#$/,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:interface|hostname|!|vlan|ip)/] },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^.{0,40}[Ss]erial (?:[Nn]umber|[Nn]o\.?) {0,12}[:=]? {0,4}(?<serial>\w{4,40})/ },
    { of: 'os', pattern: /[Vv]ersion:? {0,4}(?<version>\d[\w.]{1,30})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
