import { buildLines, cliRefusals, lessPagers, morePagers, shellRefusals } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const flexvnf: Platform = {
  id: 'flexvnf',
  name: 'Versa FlexVNF',
  sources: ['Netmiko 4.6.0, facts of the driver FlexvnfSSH'],
  unsure: [
    'the field of the serial number',
    'the configuration and version commands: those of the command line engine it is built on',
  ],
  prompt:
    /^(?:[\w.-]{1,64}@[\w.-]{1,64}-cli(?:\([\w-]{1,20}\))?[>%#]|[\w.-]{1,64}@[\w.-]{1,64}:[~\w/.-]{0,80}[$#]|\[[\w.-]{1,64}@[\w.-]{1,64}: ?[~\w/.-]{0,80}\] ?[$#])$/,
  onOpen: [{ send: 'cli', changesPrompt: true, optional: true }],
  onClose: [{ send: 'exit' }, { send: 'exit' }],
  pagers: [...morePagers, ...lessPagers],
  captures: {
    running: {
      command: 'show configuration | nomore',
      alternatives: ['show configuration'],
      complete: { balanced: '{}', blocks: 1 },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show system package-info | nomore' },
    os: { command: 'show system package-info | nomore' },
  },
  facts: [
    { of: 'os', pattern: /^Release {1,20}(?<version>\S{1,30})/ },
    { of: 'prompt', pattern: /@(?<hostname>[\w.-]{1,64}?)(?:-cli|:)/ },
  ],
  rejections: [...shellRefusals, ...cliRefusals, /^syntax error: /],
  volatile: [...buildLines],
  secrets: [/^ {4,24}community "?(?<secret>[^\s"{;]{1,128})"? \{/],
  blocks: 'braces',
}
