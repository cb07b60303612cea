import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const ruijieOs: Platform = {
  id: 'ruijie_os',
  name: 'Ruijie RGOS',
  sources: [
    'Ruijie RGOS CLI Reference: terminal length, show running-config, show version',
    'Netmiko 4.6.0, facts of the driver RuijieOSSSH',
    'Oxidized 0.37, facts of the model rgos',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  enter: '\r\n',
  privilege: enable,
  onOpen: [
    { send: 'terminal length 0', optional: true },
    { send: 'terminal width 256', optional: true },
  ],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show running-config', complete: { lastLine: /^end$/ } },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^System software version {0,8}: (?<version>[^\n]{1,60})/ },
    { of: 'os', pattern: /^System description {0,8}: (?<model>[^\n]{1,80})/ },
    { of: 'os', pattern: /^System serial number {0,8}: (?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /Ruijie|RGOS/ } },
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
