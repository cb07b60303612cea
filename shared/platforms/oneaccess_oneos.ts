import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const oneaccessOneos: Platform = {
  id: 'oneaccess_oneos',
  name: 'OneAccess OneOS, Ekinops',
  aliases: ['ekinops_ek360'],
  sources: [
    'OneOS6 CLI documentation: term len, show running-config, show version',
    'Netmiko 4.6.0, facts of the driver OneaccessOneOSSSH',
    'Oxidized 0.37, facts of the model oneos',
    'Netmiko 4.6.0, facts of the driver EkinopsEk360SSH',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?#$/,
  enter: '\r\n',
  onOpen: [
    { send: 'term len 0', optional: true },
    { send: 'screen-width 512', optional: true },
  ],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:hostname |interface |vlan |version |ip |!|#)/] },
    },
    serial: { command: 'show product-info-area' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /Software [Vv]ersion {0,8}:? {0,4}(?<version>\S{1,40})/ },
    { of: 'serial', pattern: /[Ss]erial [Nn]umber {0,12}:? {0,4}(?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
