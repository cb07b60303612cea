import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const extremeSlx: Platform = {
  id: 'extreme_slx',
  name: 'Extreme SLX-OS',
  sources: [
    'Extreme SLX-OS Command Reference: terminal length, show running-config',
    'Netmiko 4.6.0, facts of the driver ExtremeSlxSSH',
    'Oxidized 0.37, facts of the model slxos',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?#$/,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: {
        contains: [/^(?:interface|switch-attributes|logging|hardware|!|no |ntp|host-table|clock)/],
      },
    },
    serial: { command: 'show chassis' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^SLX-OS Operating System Version: (?<version>\S{1,40})/ },
    { of: 'serial', pattern: /^(?:Factory )?Serial Num: {1,20}(?<serial>\S{1,40})/ },
    { of: 'serial', pattern: /^Chassis Name: {1,20}(?<model>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /^SLX-OS Operating System/ } },
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
