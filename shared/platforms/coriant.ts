import { buildLines, cliRefusals, enableBlank, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const coriant: Platform = {
  id: 'coriant',
  name: 'Coriant 8600',
  sources: ['Netmiko 4.6.0, facts of the driver CoriantSSH', 'Oxidized 0.37, facts of the model coriant8600'],
  unsure: [
    'the field of the serial number',
    'version and serial fields',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[^\s#>]{1,64}[#>]$/,
  privilege: enableBlank,
  onOpen: [{ send: 'terminal more off', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      alternatives: ['show run'],
      complete: { contains: [/^(?:hostname |interface |vlan |version |ip |!|#)/] },
    },
    serial: { command: 'show hw-inventory' },
    os: { command: 'show hw-inventory' },
  },
  facts: [
    { of: 'os', pattern: /^.{0,40}[Ss]erial (?:[Nn]umber|[Nn]o\.?) {0,12}[:=]? {0,4}(?<serial>\w{4,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
