import { cliRefusals, enableBlank, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const extremeErs: Platform = {
  id: 'extreme_ers',
  name: 'Extreme ERS (BOSS)',
  aliases: ['avaya_ers'],
  sources: [
    'Ethernet Routing Switch CLI Commands Reference: terminal length, show running-config, show sys-info',
    'Netmiko 4.6.0, facts of the driver ExtremeErsSSH',
    'Oxidized 0.37, facts of the model boss',
    'RANCID 3.14, facts of the type baynet',
  ],
  unsure: ['the field of the serial number', 'the date line'],
  prompt: /^[^\s#>]{1,64}[#>]$/,
  privilege: enableBlank,
  onOpen: [
    { send: 'terminal length 0', optional: true },
    { send: 'terminal width 132', optional: true },
  ],
  onClose: [{ send: 'logout' }],
  pagers: [
    { prompt: /^.{0,40}Enter Ctrl-Y to begin\.?$/, reply: '\x19' },
    { prompt: /^.{0,20}Press ENTER to continue.{0,40}$/, reply: '\r' },
    { prompt: /^.{0,40}ommand Line Interface\.\.\.$/, reply: 'C' },
    ...morePagers,
  ],
  captures: {
    running: {
      command: 'show running-config',
      complete: {
        contains: [/^! Embedded ASCII Configuration Generator Script/, /^(?:enable|configure terminal)$/],
      },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show sys-info' },
    os: { command: 'show sys-info' },
  },
  facts: [
    { of: 'os', pattern: /^.{0,40}[Ss]erial (?:[Nn]umber|[Nn]o\.?) {0,12}[:=]? {0,4}(?<serial>\w{4,40})/ },
    { of: 'os', pattern: /Software Rev {0,4}[#:.]{0,20} ?v?(?<version>[\d.]{3,20})/ },
    { of: 'os', pattern: /^ {0,4}sysDescr:? {1,20}(?<model>\S{1,60})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [/^! (?:Switch|Unit)? ?(?:Uptime|Date|Time)/],
  secrets: [
    ...lineSecrets,
    /^ {0,8}snmp-server user [^\n]{1,80}? (?:md5|sha|3des|des|aes) (?<secret>\S{1,128})/,
  ],
}
