import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const raisecomRoap: Platform = {
  id: 'raisecom_roap',
  name: 'Raisecom ROAP',
  aliases: ['raisecom'],
  sources: [
    'Netmiko 4.6.0, facts of the driver RaisecomRoapSSH',
    'Oxidized 0.37, facts of the model raisecom',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  login: { inside: true },
  privilege: enable,
  onOpen: [{ send: 'terminal page-break disable', optional: true }],
  onClose: [{ send: 'exit' }],
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
    { of: 'os', pattern: /(?:ROS|Software) [Vv]ersion:? {0,4}(?<version>\S{1,40})/ },
    { of: 'os', pattern: /[Ss]erial [Nn](?:umber|o\.?):? {0,12}(?<serial>\w{4,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
