import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const ciscoS300: Platform = {
  id: 'cisco_s300',
  name: 'Cisco Small Business 300, 350, 500',
  sources: [
    'Cisco 300 Series CLI Guide: terminal datadump, show running-config',
    'Netmiko 4.6.0, facts of the driver CiscoS300SSH',
    'Oxidized 0.37, facts of the model ciscosmb',
    'RANCID 3.14, facts of the type cisco-sb',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: enable,
  onOpen: [
    { send: 'terminal datadump', optional: true },
    { send: 'terminal width 0', optional: true },
  ],
  onClose: [{ send: 'exit' }, { send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:config-file-header|vlan database|hostname |interface |v\d)/] },
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
  identify: { answer: { command: 'show version', line: /^(?:SW version {2,20}|Active-image: )/ } },
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
