import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const adtranOs: Platform = {
  id: 'adtran_os',
  name: 'ADTRAN OS',
  sources: [
    'ADTRAN Operating System Command Reference: terminal length, show running-config',
    'Netmiko 4.6.0, facts of the driver AdtranOSSSH',
    'Oxidized 0.37, facts of the model adtran',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  enter: '\r\n',
  privilege: enable,
  onOpen: [
    { send: 'terminal length 0', optional: true },
    { send: 'terminal width 132', optional: true },
  ],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show running-config', complete: { lastLine: /^end$/ } },
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^ADTRAN, Inc\. OS version (?<version>\S{1,40})/ },
    { of: 'os', pattern: /Serial number (?<serial>\w{1,40})/ },
    { of: 'os', pattern: /^Platform: (?<model>[^,\n]{1,60})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /^ADTRAN, Inc\. OS version / } },
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
