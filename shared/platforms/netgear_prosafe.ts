import { cliRefusals, enableBlank, fastpathLines, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const netgearProsafe: Platform = {
  id: 'netgear_prosafe',
  name: 'NETGEAR ProSAFE',
  sources: [
    'a captured session of a GS752TPP (oxidized, spec/model/data)',
    'NETGEAR ProSAFE CLI Command Reference: terminal length, show running-config',
    'Netmiko 4.6.0, facts of the driver NetgearProSafeSSH',
    'Oxidized 0.37, facts of the model netgear',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^(?:\([\w .@:/+-]{1,64}\)|[\w.@:/+-]{1,64}) ?(?:\([\w .@:/+-]{1,64}\) ?)?[#>]$/,
  enter: '\r',
  privilege: enableBlank,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'quit' }, { send: 'n' }],
  pagers: [{ prompt: /^--More-- or \(q\)uit$/, reply: ' ' }, ...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:!Current Configuration:|SYSTEM CONFIG FILE ::= BEGIN)$/] },
    },
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^Firmware Version {1,12}: (?<version>\S{1,40})/ },
    { of: 'os', pattern: /^SN {1,20}: (?<serial>\S{1,40})/ },
    { of: 'running', pattern: /^! ?Model: (?<model>\S{1,40})/ },
    { of: 'os', pattern: /^(?:Software|Firmware) Version\.{2,60} (?<version>\S{1,40})/ },
    { of: 'os', pattern: /^Serial Number\.{2,60} (?<serial>\S{1,40})/ },
    { of: 'os', pattern: /^(?:Machine Model|System Model ID)\.{2,60} (?<model>\S{1,60})/ },
    { of: 'running', pattern: /^!System Software Version "(?<version>[^"\n]{1,40})"/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /NETGEAR|ProS[Aa][Ff][Ee]/ } },
  rejections: [...cliRefusals],
  volatile: [...fastpathLines],
  secrets: [
    ...lineSecrets,
    /^ {0,8}(?:radius|tacacs)[- ]server (?:host )?key (?:auth|acct) "?[^\s"]{1,64}"? (?:encrypted )?"?(?<secret>[^\s"]{1,256})/,
  ],
}
