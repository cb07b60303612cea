import { cliRefusals, enableBlank, fastpathLines, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const broadcomIcos: Platform = {
  id: 'broadcom_icos',
  name: 'Broadcom ICOS, FASTPATH, EFOS',
  sources: [
    'ICOS CLI Command Reference: terminal length, show running-config',
    'a captured session of a BES-53248 (oxidized, spec/model/data)',
    'Netmiko 4.6.0, facts of the driver BroadcomIcosSSH',
    'Oxidized 0.37, facts of the model efos',
  ],
  prompt: /^(?:\([\w .@:/+-]{1,64}\)|[\w.@:/+-]{1,64}) ?(?:\([\w .@:/+-]{1,64}\) ?)?[#>]$/,
  privilege: enableBlank,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'logout' }, { send: 'n' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show running-config', complete: { contains: [/^!Current Configuration:$/] } },
    serial: { command: 'show hardware' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'running', pattern: /^!System Software Version "(?<version>[^"\n]{1,40})"/ },
    { of: 'running', pattern: /^hostname "?(?<hostname>[\w.-]{1,64})/ },
    { of: 'os', pattern: /^Software Version\.{2,60} (?<version>\S{1,40})/ },
    { of: 'os', pattern: /^Serial Number\.{2,60} (?<serial>\S{1,40})/ },
    { of: 'os', pattern: /^Machine Model\.{2,60} (?<model>\S{1,60})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: {
    answer: {
      command: 'show version',
      line: /^(?:Additional Packages|Software Version|System Description)\.{3,60} /,
    },
  },
  rejections: [...cliRefusals],
  volatile: [...fastpathLines],
  secrets: [
    ...lineSecrets,
    /^ {0,8}(?:radius|tacacs)[- ]server key (?:auth|acct) "?[^\s"]{1,64}"? (?:encrypted )?"?(?<secret>[^\s"]{1,256})/,
  ],
}
