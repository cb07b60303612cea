import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const alcatelAos: Platform = {
  id: 'alcatel_aos',
  name: 'Alcatel-Lucent Enterprise AOS',
  sources: [
    'OmniSwitch AOS CLI Reference Guide: show configuration snapshot, show system, show chassis',
    'Netmiko 4.6.0, facts of the driver AlcatelAosSSH',
    'Oxidized 0.37, facts of the model aos7',
  ],
  prompt: /^(?:[\w.@ -]{0,64}->|[\w.@-]{1,64} ?[#>])$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show configuration snapshot',
      complete: { contains: [/^! [A-Z][\w /&-]{1,40} ?:/] },
    },
    serial: { command: 'show chassis' },
    os: { command: 'show system' },
  },
  facts: [
    { of: 'os', pattern: /Description: {1,12}[^\n]{0,120}? (?<version>\d+\.\d+\.\d+\.\w+) / },
    { of: 'os', pattern: /^ {0,4}Name: {1,12}(?<hostname>[\w.-]{1,64}),?/ },
    { of: 'serial', pattern: /Serial Number: {1,20}(?<serial>[^,\s]{1,40})/ },
    { of: 'serial', pattern: /Model Name: {1,20}(?<model>[^,\s]{1,40})/ },
  ],
  identify: { answer: { command: 'show system', line: /Description: {1,12}Alcatel-Lucent/ } },
  rejections: [...cliRefusals, /^ERROR: /],
  volatile: [/^! Date:/],
  secrets: [
    ...lineSecrets,
    /^ {0,8}(?:aaa |user )[^\n]{0,200}?(?:hash-key|password|prompt-secret|key|secret|password-key) (?<secret>"[^"\n]{1,256}"|\S{1,256})/,
    /^ {0,8}snmp community[ -]map "?(?<secret>[^\s"]{1,128})/,
  ],
}
