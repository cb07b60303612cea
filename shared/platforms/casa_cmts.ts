import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const casaCmts: Platform = {
  id: 'casa_cmts',
  name: 'Casa CMTS',
  sources: ['Netmiko 4.6.0, facts of the driver CasaCMTSSSH', 'Oxidized 0.37, facts of the model casa'],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: enable,
  onOpen: [{ send: 'page-off', optional: true }],
  onClose: [{ send: 'logout' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      alternatives: ['show run'],
      complete: { contains: [/^(?:hostname |interface |vlan |version |ip |!|#)/] },
    },
    serial: { command: 'show system' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /[Rr]elease {0,4}(?<version>\d[\w.-]{1,30})/ },
    { of: 'serial', pattern: /[Ss]erial [Nn]umber:? {0,8}(?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
