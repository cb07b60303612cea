import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const hillstoneStoneos: Platform = {
  id: 'hillstone_stoneos',
  name: 'Hillstone StoneOS',
  sources: [
    'StoneOS CLI User Guide: terminal length, show configuration',
    'Netmiko 4.6.0, facts of the driver HillstoneStoneosSSH',
    'Oxidized 0.37, facts of the model stoneos',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.-]{1,64}(?:\([\w.:/-]{1,40}\))?~?[#>]$/,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show configuration running',
      alternatives: ['show configuration'],
      complete: { contains: [/^(?:Version |hostname |interface |zone |ip vrouter|address )/] },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /Version (?<version>\d[\w.-]{1,30})/ },
    { of: 'os', pattern: /^Product name: (?<model>\S{1,30})/ },
    { of: 'os', pattern: /S\/N: ?(?<serial>\w{6,30})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /Hillstone|StoneOS/ } },
  rejections: [...cliRefusals],
  volatile: [...buildLines, /^Building configuration/],
  secrets: [...lineSecrets, /^ {0,16}pre-share "?(?<secret>[^\s"]{1,256})/],
}
