import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const lancomLcossx4: Platform = {
  id: 'lancom_lcossx4',
  name: 'LANCOM LCOS SX 4',
  sources: [
    'Netmiko 4.6.0, facts of the driver LancomLCOSSX4SSH',
    'Oxidized 0.37, facts of the model lancom',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: enable,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'logout' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      alternatives: ['readscript'],
      complete: { contains: [/^(?:hostname |interface |vlan |version |ip |!|#)/] },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /[Vv]ersion {0,8}:? {0,4}(?<version>\d[\w.]{1,30})/ },
    { of: 'os', pattern: /[Ss]erial [Nn]umber {0,12}:? {0,4}(?<serial>\w{6,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
