import { cliRefusals, fastpathLines, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const ubiquitiUnifiswitch: Platform = {
  id: 'ubiquiti_unifiswitch',
  name: 'Ubiquiti UniFi Switch',
  sources: [
    'Netmiko 4.6.0, facts of the driver UbiquitiUnifiSwitchSSH',
    'Oxidized 0.37, facts of the model edgeswitch',
  ],
  unsure: ['newer models: their shell has `cli` in place of telnet to itself'],
  prompt:
    /^(?:\([\w .@:+-]{1,64}\) ?(?:\([\w .@:/+-]{1,64}\) ?)?[#>]|[\w.-]{1,64}#|[\w.-]{1,64}@[\w.-]{1,64}:[~\w/.-]{0,80}[#$])$/,
  onOpen: [
    { send: 'telnet localhost', changesPrompt: true, optional: true },
    { send: 'enable', changesPrompt: true, optional: true },
    { send: 'terminal length 0', optional: true },
  ],
  onClose: [{ send: 'quit' }, { send: 'exit' }, { send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show running-config', complete: { contains: [/^!Current Configuration:$/] } },
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^(?:Software|Firmware) Version\.{2,60} (?<version>\S{1,40})/ },
    { of: 'os', pattern: /^Serial Number\.{2,60} (?<serial>\S{1,40})/ },
    { of: 'os', pattern: /^(?:Machine Model|System Model ID)\.{2,60} (?<model>\S{1,60})/ },
    { of: 'running', pattern: /^!System Software Version "(?<version>[^"\n]{1,40})"/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...fastpathLines],
  secrets: [
    ...lineSecrets,
    /^ {0,8}(?:radius|tacacs)[- ]server (?:host )?key (?:auth|acct) "?[^\s"]{1,64}"? (?:encrypted )?"?(?<secret>[^\s"]{1,256})/,
  ],
}
