import { buildLines, cliRefusals, enableBlank, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const fiberstoreNetworkos: Platform = {
  id: 'fiberstore_networkos',
  name: 'FS.com S5850, NetworkOS',
  sources: [
    'Netmiko 4.6.0, facts of the driver FiberstoreNetworkOSSSH',
    'Oxidized 0.37, facts of the model fsos',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: enableBlank,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'exit' }, { send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show running-config', complete: { lastLine: /^end$/ } },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^FSOS Software, (?<model>[\w-]{2,30}), Version (?<version>\S{1,30})/ },
    { of: 'os', pattern: /[Vv]ersion:? {0,4}(?<version>\d[\w.]{1,30})/ },
    { of: 'os', pattern: /serial number is (?<serial>\w{4,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
