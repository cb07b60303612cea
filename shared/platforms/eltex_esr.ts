import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const eltexEsr: Platform = {
  id: 'eltex_esr',
  name: 'Eltex ESR',
  sources: [
    'Eltex ESR CLI Reference: terminal datadump, show running-config, show system',
    'Netmiko 4.6.0, facts of the driver EltexEsrSSH',
    'Oxidized 0.37, facts of the model eltex',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  onOpen: [{ send: 'terminal datadump', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:hostname |interface |vlan |version |ip |!|#)/] },
    },
    serial: { command: 'show system' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^(?:Software version|Boot version|SW version): {1,12}(?<version>\S{1,30})/ },
    { of: 'serial', pattern: /^Serial number: {1,12}(?<serial>\w{4,40})/ },
    { of: 'serial', pattern: /^System type: {1,12}(?<model>[^\n]{1,60})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
