import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const audiocode66: Platform = {
  id: 'audiocode_66',
  name: 'AudioCodes 6.6 and 6.8',
  sources: [
    'Netmiko 4.6.0, facts of the driver Audiocode66SSH',
    'Oxidized 0.37, facts of the model audiocodesmp',
  ],
  unsure: [
    'whether 6.6 shows its configuration by this command',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[\w.@() -]{1,64}[#>]$/,
  enter: '\r',
  privilege: enable,
  // Paging is switched off in the configuration only: the pager is answered.
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      alternatives: ['show system ini-file'],
      complete: { contains: [/^(?:#|configure |system |\[)/] },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show system version' },
    os: { command: 'show system version' },
  },
  facts: [
    { of: 'os', pattern: /Software Version {0,4}[:;] {0,4}(?<version>\S{1,40})/ },
    { of: 'os', pattern: /Serial Number {0,4}: {0,4}(?<serial>\S{1,40})/ },
    { of: 'os', pattern: /^ {0,8}Board [Tt]ype {0,4}: {0,4}(?<model>[^\n]{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
