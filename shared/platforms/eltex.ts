import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const eltex: Platform = {
  id: 'eltex',
  name: 'Eltex MES',
  sources: [
    'Eltex MES Series Operation Manual: terminal datadump, show running-config',
    'Netmiko 4.6.0, facts of the driver EltexSSH',
    'Oxidized 0.37, facts of the model eltex',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: enable,
  onOpen: [{ send: 'terminal datadump', optional: true }],
  onClose: [{ send: 'disable' }, { send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:hostname |interface |vlan |version |ip |!|#)/] },
    },
    serial: { command: 'show system id' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /(?:SW version|Active-image|^ {0,4}Version:?) {1,12}(?<version>\d[\d.]{2,20})/ },
    { of: 'serial', pattern: /[Ss]erial [Nn]umber:? {0,12}(?<serial>\w{4,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
