import { cliRefusals, enableBlank, lessPagers, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const endace: Platform = {
  id: 'endace',
  name: 'Endace OSm',
  sources: ['Netmiko 4.6.0, facts of the driver EndaceSSH'],
  unsure: [
    'the configuration command: that of the command line engine it is built on',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^(?:[\w.-]{1,64})? ?(?:\[[\w.: -]{1,64}\])?(?: ?\([\w ]{1,20}\))? ?[#>]$/,
  privilege: enableBlank,
  onOpen: [{ send: 'no cli session paging enable', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers, ...lessPagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:##|no |hostname |interface |ip )/] },
    },
    serial: { command: 'show inventory' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^Product release: {1,20}(?<version>\S{1,30})/ },
    { of: 'os', pattern: /^Host ID: {1,20}(?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [/^## (?:Generated|Hostname|Product)/],
  secrets: [...lineSecrets],
}
