import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const bintecBoss: Platform = {
  id: 'bintec_boss',
  name: 'bintec BOSS',
  sources: ['Netmiko 4.6.0, facts of the driver BintecBossSSH'],
  unsure: ['all commands: no source names one'],
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
    os: { command: 'show rev' },
  },
  facts: [{ of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ }],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
