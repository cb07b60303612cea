import { buildLines, cliRefusals, enableBlank, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const alaxalaAx36s: Platform = {
  id: 'alaxala_ax36s',
  name: 'ALAXALA AX26S, AX36S',
  aliases: ['alaxala_ax26s'],
  sources: ['Netmiko 4.6.0, facts of the driver AlaxalaAx36sSSH', 'RANCID 3.14, facts of the type hitachi'],
  unsure: [
    'the field of the serial number',
    'the configuration command, taken from the industry standard that the series follows',
    'the serial field',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: enableBlank,
  onOpen: [{ send: 'set terminal pager disable', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:hostname |interface |vlan |line |!)/] },
    },
    serial: { command: 'show system' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^.{0,40}[Ss]erial (?:[Nn]umber|[Nn]o\.?) {0,12}[:=]? {0,4}(?<serial>\w{4,40})/ },
    { of: 'os', pattern: /^S\/W: {0,4}\S{1,20} [Vv]er\. {0,2}(?<version>\S{1,20})/ },
    { of: 'os', pattern: /^Model: (?<model>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines, /^#?Last modified by /],
  secrets: [...lineSecrets],
}
