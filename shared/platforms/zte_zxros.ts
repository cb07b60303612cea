import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const zteZxros: Platform = {
  id: 'zte_zxros',
  name: 'ZTE ZXR10, ZXROS',
  sources: [
    'ZXR10 Command Reference: terminal length, show running-config',
    'Netmiko 4.6.0, facts of the driver ZteZxrosSSH',
    'Oxidized 0.37, facts of the model zteolt',
  ],
  unsure: [
    'the field of the serial number',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: enable,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'disable' }, { send: 'exit' }],
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
    { of: 'os', pattern: /(?:ZXROS|Software),? [Vv]ersion:? {0,4}(?<version>\S{1,40})/ },
    { of: 'os', pattern: /^(?:ZXR10 )?(?<model>ZXR10 \S{1,20})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /ZXR10|ZXROS|ZTE / } },
  rejections: [...cliRefusals],
  volatile: [...buildLines, /^!?<?(?:timestamp|mim)_write/],
  secrets: [...lineSecrets],
}
