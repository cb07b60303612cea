import { buildLines, cliRefusals, enableBlank, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const alliedTelesisAwplus: Platform = {
  id: 'allied_telesis_awplus',
  name: 'Allied Telesis AlliedWare Plus',
  sources: [
    'AlliedWare Plus Command Reference: terminal length, show running-config, show system',
    'Netmiko 4.6.0, facts of the driver AlliedTelesisAwplusSSH',
    'Oxidized 0.37, facts of the model awplus',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: enableBlank,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show running-config', complete: { lastLine: /^end$/ } },
    serial: { command: 'show system' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /AlliedWare Plus \(TM\) (?<version>\S{1,40})/ },
    { of: 'serial', pattern: /^Base {2,40}(?<model>\S{1,40}) {1,40}\S{1,10} {1,10}(?<serial>\w{4,40})$/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /AlliedWare Plus/ } },
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
