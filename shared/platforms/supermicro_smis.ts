import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const supermicroSmis: Platform = {
  id: 'supermicro_smis',
  name: 'Supermicro SMIS',
  sources: [
    'Netmiko 4.6.0, facts of the driver SmciSwitchSmisSSH',
    'Oxidized 0.37, facts of the model edgecos',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  // Paging is switched off in configuration mode only: the pager is answered.
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:hostname |interface |vlan |version |ip |!|#)/] },
    },
    serial: { command: 'show system information' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /[Ff]irmware [Vv]ersion {0,12}:? {0,4}(?<version>\d[\w.-]{1,30})/ },
    { of: 'serial', pattern: /[Ss]erial [Nn]umber {0,12}:? {0,4}(?<serial>\w{4,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
