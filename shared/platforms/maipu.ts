import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const maipu: Platform = {
  id: 'maipu',
  name: 'Maipu',
  sources: ['Netmiko 4.6.0, facts of the driver MaipuSSH'],
  unsure: [
    'the configuration command, taken from the industry standard that the series follows',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: enable,
  onOpen: [{ send: 'more off', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:hostname |interface |vlan |version |ip |!|#)/] },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /[Vv]ersion:? {0,4}(?<version>\d[\w.()]{1,30})/ },
    { of: 'os', pattern: /[Ss]erial [Nn]umber {0,12}:? {0,4}(?<serial>\w{6,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
