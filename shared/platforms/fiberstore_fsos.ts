import { buildLines, cliRefusals, enableBlank, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const fiberstoreFsos: Platform = {
  id: 'fiberstore_fsos',
  name: 'FS.com FSOS',
  sources: ['Netmiko 4.6.0, facts of the driver FiberstoreFsosSSH', 'Oxidized 0.37, facts of the model fsos'],
  unsure: [
    'whether every release asks for the login inside SSH',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  login: { inside: true },
  privilege: enableBlank,
  onOpen: [
    { send: 'terminal length 0', optional: true },
    { send: 'terminal width 0', optional: true },
  ],
  onClose: [{ send: 'exit' }, { send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:hostname |interface |vlan |version |ip |!|#)/] },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /[Vv]ersion:? {0,4}(?<version>\d[\w.]{1,30})/ },
    { of: 'os', pattern: /[Ss]erial [Nn](?:umber|o\.?):? {0,12}(?<serial>\w{4,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
