import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const centecOs: Platform = {
  id: 'centec_os',
  name: 'Centec Networks CNOS',
  sources: ['Netmiko 4.6.0, facts of the driver CentecOSSSH', 'Oxidized 0.37, facts of the model cnos'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: enable,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show running-config', complete: { lastLine: /^end$/ } },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /[Vv]ersion (?<version>\d[\w.]{1,30})/ },
    { of: 'os', pattern: /^(?:System|Chassis) serial number is (?<serial>\S{1,40})/ },
    { of: 'os', pattern: /^(?<model>\S{1,40}) {0,4}uptime/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
