import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const accedian: Platform = {
  id: 'accedian',
  name: 'Accedian AEN',
  sources: ['Netmiko 4.6.0, facts of the driver AccedianSSH', 'Oxidized 0.37, facts of the model aen'],
  unsure: ['the version command', 'how pages are shown, if they are'],
  prompt: /^(?![Pp]assword|[Ll]ogin|[Uu]ser)[\w./?[\]()-]{1,64}:$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'configuration generate-script module all',
      complete: { contains: [/^[a-z][\w-]{1,40} (?:add|edit|enable|disable|set|show|delete)\b/] },
    },
    // The same answer: it is asked for once.
    serial: { command: 'board show info' },
    os: { command: 'board show info' },
  },
  facts: [
    { of: 'os', pattern: /Firmware version {0,12}: ?(?<version>\S{1,40})/ },
    { of: 'os', pattern: /Serial number {0,12}: ?(?<serial>\S{1,40})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [
    ...lineSecrets,
    /^[\w-]{1,40} (?:add|edit) [^\n]{0,200}?(?:password|secret|key|passphrase) (?<secret>"[^"\n]{1,256}"|\S{1,256})/,
  ],
  blocks: 'lines',
}
