import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const ciscoS200: Platform = {
  id: 'cisco_s200',
  name: 'Cisco Small Business 200, 220',
  sources: [
    'Cisco 220 Series CLI Guide: terminal length, show running-config',
    'Netmiko 4.6.0, facts of the driver CiscoS200SSH',
    'Oxidized 0.37, facts of the model ciscosmb',
    'RANCID 3.14, facts of the type cisco-sb',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  login: { username: /^User ?[Nn]ame ?:$/, inside: true },
  privilege: enable,
  onOpen: [
    { send: 'terminal length 0', optional: true },
    { send: 'terminal datadump', optional: true },
  ],
  onClose: [{ send: 'exit' }, { send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:config-file-header|vlan |hostname |interface |!|system )/] },
    },
    serial: { command: 'show system id' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /(?:SW|Active-image)[ \w]{0,12}[vV]ersion:? {1,8}(?<version>[\d.]{3,20})/ },
    { of: 'os', pattern: /^ {0,4}[Vv]ersion:? {1,8}(?<version>\d[\d.]{2,20})/ },
    { of: 'serial', pattern: /[Ss]erial [Nn]umber {0,4}:? {0,8}(?<serial>\w{6,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
