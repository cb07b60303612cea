import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const extremeWing: Platform = {
  id: 'extreme_wing',
  name: 'Extreme WiNG',
  sources: [
    'WiNG CLI Reference Guide: no page, show running-config, show version',
    'Netmiko 4.6.0, facts of the driver ExtremeWingSSH',
    'Oxidized 0.37, facts of the model mtrlrfs',
  ],
  prompt: /^[\w.@-]{1,64}\*?(?:\([\w:-]{1,40}\)\*?)?[#>]$/,
  promptNoise: /\*/,
  privilege: enable,
  onOpen: [
    { send: 'no page', optional: true },
    { send: 'terminal width 512', optional: true },
    { send: 'terminal length 0', optional: true },
  ],
  onClose: [{ send: 'exit' }, { send: 'n' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show running-config', complete: { lastLine: /^end$/ } },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^(?<model>[\w-]{2,30}) version (?<version>[\d.]{3,20}[\w-]{0,10})/ },
    { of: 'os', pattern: /[Ss]erial [Nn]umber:? {0,12}(?<serial>\w{6,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines, /^! (?:Configuration of|Last)/],
  secrets: [...lineSecrets],
}
