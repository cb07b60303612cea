import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const mrvLx: Platform = {
  id: 'mrv_lx',
  name: 'MRV LX',
  sources: [
    'Netmiko 4.6.0, facts of the driver MrvLxSSH',
    'Oxidized 0.37, facts of the model fiberdriver',
    'RANCID 3.14, facts of the type mrv',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: enable,
  onOpen: [
    { send: 'terminal length 0', optional: true },
    { send: 'terminal width 512', optional: true },
  ],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:hostname |interface |vlan |version |ip |!|#)/] },
    },
    serial: { command: 'show inventory' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /[Vv]ersion:? {0,8}(?<version>\d[\w.]{1,30})/ },
    { of: 'serial', pattern: /[Ss]erial [Nn]umber:? {0,12}(?<serial>\w{4,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
