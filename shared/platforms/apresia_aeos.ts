import { buildLines, cliRefusals, enableBlank, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const apresiaAeos: Platform = {
  id: 'apresia_aeos',
  name: 'APRESIA AEOS',
  sources: ['Netmiko 4.6.0, facts of the driver ApresiaAeosSSH'],
  unsure: [
    'the field of the serial number',
    'the configuration command, taken from the industry standard that the series follows',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  enter: '\r\n',
  privilege: enableBlank,
  // Paging could only be switched off in the configuration: the pager is answered.
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:hostname |interface |vlan |line |!)/] },
    },
    serial: { command: 'show system' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^.{0,40}[Ss]erial (?:[Nn]umber|[Nn]o\.?) {0,12}[:=]? {0,4}(?<serial>\w{4,40})/ },
    { of: 'os', pattern: /[Vv]ersion {0,12}:? {0,4}(?<version>\d[\w.]{1,20})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
