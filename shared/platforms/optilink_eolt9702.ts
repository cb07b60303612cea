import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const optilinkEolt9702: Platform = {
  id: 'optilink_eolt9702',
  name: 'OptiLink EOLT 9702',
  sources: [
    'Netmiko 4.6.0, facts of the driver OptilinkEOLT9702Telnet',
    'Oxidized 0.37, facts of the model uplinkolt',
  ],
  unsure: [
    'the field of the serial number',
    'whether the configuration is shown outside the configuration mode',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: enable,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'exit' }, { send: 'disable' }, { send: 'exit' }],
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
    { of: 'os', pattern: /^.{0,40}[Ss]erial (?:[Nn]umber|[Nn]o\.?) {0,12}[:=]? {0,4}(?<serial>\w{4,40})/ },
    { of: 'os', pattern: /[Vv]ersion:? {0,4}(?<version>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
