import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const audiocodeShell: Platform = {
  id: 'audiocode_shell',
  name: 'AudioCodes command shell',
  sources: [
    'Netmiko 4.6.0, facts of the driver AudiocodeShellSSH',
    'Oxidized 0.37, facts of the model audiocodesmp',
  ],
  unsure: [
    'the field of the serial number',
    'the version command',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^\/(?:[\w/ -]{0,64})>$/,
  enter: '\r',
  onOpen: [{ send: 'conf', changesPrompt: true, optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'cf get', complete: { contains: [/^\[ ?[\w -]{1,60} ?\]/] } },
    // The same answer: it is asked for once.
    serial: { command: 'show info' },
    os: { command: 'show info' },
  },
  facts: [{ of: 'os', pattern: /Software Version {0,4}[:;] {0,4}(?<version>\S{1,40})/ }],
  rejections: [...cliRefusals],
  volatile: [/^;(?:Time|Date|.{0,20}uptime)/],
  secrets: [...lineSecrets],
}
