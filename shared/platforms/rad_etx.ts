import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const radEtx: Platform = {
  id: 'rad_etx',
  name: 'RAD ETX',
  sources: ['Netmiko 4.6.0, facts of the driver RadETXSSH'],
  unsure: [
    'the field of the serial number',
    'the version command, the prompt of all models',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[\w.() -]{1,64}(?:>[\w>()./-]{1,80})?[#>]$/,
  onOpen: [{ send: 'configure terminal length 0', optional: true }],
  onClose: [{ send: 'logout' }],
  pagers: [{ prompt: /^ ?more\.\.$/, reply: ' ' }, ...morePagers],
  captures: {
    running: { command: 'info', complete: { contains: [/^(?:configure|#|\s{1,8}\w)/] } },
    // The same answer: it is asked for once.
    serial: { command: 'show configure system system-information' },
    os: { command: 'show configure system system-information' },
  },
  facts: [
    { of: 'os', pattern: /^.{0,40}[Ss]erial (?:[Nn]umber|[Nn]o\.?) {0,12}[:=]? {0,4}(?<serial>\w{4,40})/ },
    { of: 'os', pattern: /Sw: {0,4}(?<version>\S{1,30})/ },
    { of: 'os', pattern: /^Name {1,12}: {1,4}(?<hostname>\S{1,64})/ },
  ],
  rejections: [...cliRefusals, /^# ?cli error/],
  volatile: [/^# ?(?:Date|Time|Configuration)/],
  secrets: [...lineSecrets, /^ {4,32}community "(?<secret>[^"\n]{1,128})"/],
}
