import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const bintecBoss: Platform = {
  id: 'bintec_boss',
  name: 'bintec BOSS',
  sources: ['Netmiko 4.6.0, facts of the driver BintecBossSSH'],
  unsure: ['the field of the serial number', 'all commands: no source names one'],
  missing: {
    bintec_boss:
      'a configuration command that a source confirms: configurations are usually exported by file',
  },
  prompt: /^[\w.-]{1,64}:?>$|^[\w.-]{1,64}[#>]$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show configuration', complete: { contains: [/^\w/] } },
    // The same answer: it is asked for once.
    serial: { command: 'show rev' },
    os: { command: 'show rev' },
  },
  facts: [{ of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ }],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
