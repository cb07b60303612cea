import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const zyxelOs: Platform = {
  id: 'zyxel_os',
  name: 'ZyXEL ZyNOS',
  sources: ['Netmiko 4.6.0, facts of the driver ZyxelSSH', 'Oxidized 0.37, facts of the model zynos'],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@()<-]{1,64}[#>]$/,
  privilege: enable,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [{ prompt: /^-- more --, next page: Space, continue: c, quit: \^C$/, reply: 'c' }, ...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:hostname |interface |vlan |version |ip |!|#)/] },
    },
    serial: { command: 'show system-information' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'serial', pattern: /ZyNOS (?:F\/W )?[Vv]ersion {0,8}:? {0,4}(?<version>\S{1,40})/ },
    { of: 'serial', pattern: /(?:System|Product) (?:Name|Model) {0,8}:? {0,4}(?<model>\S{1,40})/ },
    { of: 'serial', pattern: /[Ss]erial [Nn]umber {0,8}:? {0,4}(?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets, /^ {0,4}snmp-server (?:get|set|trap)-community (?:cipher )?(?<secret>\S{1,128})/],
}
