import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const ericssonIpos: Platform = {
  id: 'ericsson_ipos',
  name: 'Ericsson IPOS, Redback SEOS',
  sources: [
    'Ericsson SmartEdge Command Reference: terminal length, show configuration',
    'Netmiko 4.6.0, facts of the driver EricssonIposSSH',
    'Oxidized 0.37, facts of the model ipos',
    'RANCID 3.14, facts of the type redback',
  ],
  prompt: /^\[[\w.-]{1,64}\][\w.@-]{1,64}(?:\([\w-]{1,40}\))?[#>]$/,
  privilege: {
    from: />$/,
    command: 'enable 15',
    secretPrompt: /password ?:$/i,
    refused: [/%?(?:invalid|incorrect|bad)/i, /access denied/i, /authentication failed/i],
  },
  onOpen: [
    { send: 'terminal length 0', optional: true },
    { send: 'terminal width 512', optional: true },
  ],
  onClose: [{ send: 'exit' }, { send: 'n' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show configuration', complete: { lastLine: /^end$/ } },
    serial: { command: 'show hardware' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /Version (?<version>\S*-?\d+\.\d+[\w.-]{0,20})/ },
    { of: 'serial', pattern: /^backplane {1,20}(?<serial>\w{6,30}) / },
    { of: 'running', pattern: /^ {0,8}system hostname (?<hostname>[\w.-]{1,64})/ },
    { of: 'prompt', pattern: /^\[[\w.-]{1,64}\](?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines, /^Current configuration:$/, /^! Configuration last changed by /],
  secrets: [...lineSecrets, /^ {0,8}snmp community (?<secret>\S{1,128})/],
}
