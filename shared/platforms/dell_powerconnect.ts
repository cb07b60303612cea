import { buildLines, cliRefusals, enableBlank, fastpathLines, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const dellPowerconnect: Platform = {
  id: 'dell_powerconnect',
  name: 'Dell PowerConnect',
  sources: [
    'Dell PowerConnect CLI Reference Guide: terminal datadump, show running-config, show system',
    'Netmiko 4.6.0, facts of the driver DellPowerConnectSSH',
    'Oxidized 0.37, facts of the model powerconnect',
    'RANCID 3.14, facts of the type dell',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w .@-]{1,64}(?:\([\w:. -]{0,64}\))?[#>]$/,
  login: { username: /^User(?: Name)? ?:$/, inside: true },
  privilege: enableBlank,
  onOpen: [
    { send: 'terminal datadump', optional: true },
    { send: 'terminal length 0', optional: true },
  ],
  onClose: [{ send: 'exit' }, { send: 'logout' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:!|vlan database|interface |hostname |spanning-tree |configure$)/] },
    },
    serial: { command: 'show system id' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^(?:SW version|Software version) {1,12}(?<version>[\d.]{3,20})/ },
    { of: 'serial', pattern: /[Ss]erial [Nn]umber:? {0,12}(?<serial>\w{4,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...fastpathLines, ...buildLines],
  secrets: [
    ...lineSecrets,
    /^ {0,8}(?:radius|tacacs)[- ]server (?:host )?key (?:auth|acct) "?[^\s"]{1,64}"? (?:encrypted )?"?(?<secret>[^\s"]{1,256})/,
  ],
}
