import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const teldatCit: Platform = {
  id: 'teldat_cit',
  name: 'Teldat CIT',
  sources: [
    'Teldat router manual: process 5, show config',
    'Netmiko 4.6.0, facts of the driver TeldatCITSSH',
  ],
  unsure: ['the field of the serial number', 'version and serial fields', 'leaving the process by Ctrl-P'],
  prompt: /^[\w.-]{0,64} ?(?:[\w -]{1,30})?(?:\*|\+|[Cc]onfig\$|[Cc]onfig>)$/,
  enter: '\r\n',
  onOpen: [{ send: 'process 5', changesPrompt: true, optional: true }],
  onClose: [{ send: '\x10' }, { send: 'logout' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show config',
      complete: { contains: [/^(?:;|log-command-errors|set |network |\s{2,8}\w)/] },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [{ of: 'os', pattern: /[Vv]ersion:? {0,4}(?<version>\d\d\.\d\d[\w.]{0,20})/ }],
  rejections: [...cliRefusals, /^CLI Error: /],
  volatile: [/^; Showing .{0,80}\d\d:\d\d/],
  secrets: [
    ...lineSecrets,
    /^ {2,24}[^\n]{0,120}?(?:ciphered|ciphered-pwd|hash-password|plain) (?<secret>\S{1,256})/,
    /^ {2,24}community (?<secret>\S{1,128}) (?:subtree|access|default)/,
  ],
}
