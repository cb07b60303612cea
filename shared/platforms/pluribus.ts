import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const pluribus: Platform = {
  id: 'pluribus',
  name: 'Pluribus Netvisor',
  sources: ['Netmiko 4.6.0, facts of the driver PluribusSSH'],
  unsure: [
    'version and serial fields',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^CLI \([\w.@-]{1,100}\) [#>]$/,
  onOpen: [{ send: 'pager off', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'running-config-show',
      alternatives: ['running-config-show no-show-headers'],
      complete: { contains: [/^[a-z][\w-]{2,60}-(?:modify|create|add|set)/] },
    },
    serial: { command: 'switch-info-show' },
    os: { command: 'software-show' },
  },
  facts: [
    { of: 'os', pattern: /^version: {1,12}(?<version>\S{1,40})/ },
    { of: 'serial', pattern: /^chassis-serial: {1,12}(?<serial>\S{1,40})/ },
    { of: 'serial', pattern: /^model: {1,12}(?<model>\S{1,40})/ },
    { of: 'prompt', pattern: /@(?<hostname>[\w.-]{1,64})\)/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [],
  blocks: 'lines',
}
