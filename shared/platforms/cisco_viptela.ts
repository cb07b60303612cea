import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const ciscoViptela: Platform = {
  id: 'cisco_viptela',
  name: 'Cisco SD-WAN vEdge (Viptela)',
  sources: [
    'Cisco SD-WAN Command Reference: paginate, show running-config, show version',
    'Netmiko 4.6.0, facts of the driver CiscoViptelaSSH',
    'Oxidized 0.37, facts of the model viptela',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?#$/,
  onOpen: [{ send: 'paginate false', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show running-config', complete: { contains: [/^system$/] } },
    serial: { command: 'show hardware inventory' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^(?<version>\d+\.\d[\w.]{0,20})$/ },
    { of: 'serial', pattern: /^Chassis {1,8}\d {1,12}[\d.]{1,10} {1,12}\S{1,40} {1,12}(?<serial>\w{6,40})/ },
    { of: 'running', pattern: /^ host-name {1,24}(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [
    ...lineSecrets,
    /^ {2,4}community (?<secret>\S{1,128})$/,
    /^ {0,16}wpa-personal-key (?<secret>\S{1,256})/,
  ],
}
