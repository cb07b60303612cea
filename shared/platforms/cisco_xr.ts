import type { Platform } from './definition.ts'
import { lineSecrets, snmpHostSecret } from './line-secrets.ts'

export const ciscoXr: Platform = {
  id: 'cisco_xr',
  name: 'Cisco IOS XR',
  sources: [
    'Cisco ASR 9000 System Management Command Reference: terminal length, terminal exec prompt, show running-config',
  ],
  prompt: /^(?:RP\/\d+\/\w+\/CPU\d+:)?[\w.@-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  onOpen: [
    { send: 'terminal length 0' },
    { send: 'terminal width 0', optional: true },
    // Without it every prompt is preceded by the time, and so is every answer.
    { send: 'terminal exec prompt no-timestamp', optional: true },
  ],
  onClose: [{ send: 'exit' }],
  pagers: [{ prompt: /^ ?--More--$/, reply: ' ' }],
  captures: {
    running: { command: 'show running-config', complete: { lastLine: /^end$/ } },
    serial: { command: 'show inventory' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^Cisco IOS XR Software, Version (?<version>[^\s[,]{1,40})/ },
    { of: 'os', pattern: /^ {0,2}Version {1,8}: (?<version>\S{1,40})/ },
    { of: 'os', pattern: /^cisco (?<model>[\w./ -]{2,60}?) (?:\([^\n]{1,60}\) )?(?:processor|Series)/ },
    {
      of: 'serial',
      pattern:
        /^NAME: "?(?:Rack 0|module 0\/RS?P0\/CPU0|chassis[^"\n]{0,40})"?[^\n]{0,160}\n[^\n]{0,120}SN: (?<serial>\S{1,40})/,
    },
    { of: 'running', pattern: /^hostname (?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /^Cisco IOS XR Software/ } },
  rejections: [
    /^% ?(?:Invalid input|Ambiguous command|Incomplete command|This command is not authorized|Permission denied)/,
  ],
  volatile: [
    /^Building configuration\.\.\.$/,
    /^!! Last configuration change at /,
    /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)?(?: \w+)?$/,
  ],
  lastChange: /^!! Last configuration change at (?<at>[\w *.:+-]{8,48}) by (?<by>[\w.@\\-]{1,64})$/,
  secrets: [
    ...lineSecrets,
    snmpHostSecret,
    // Deep in `router hsrp`, where the word stands alone.
    /^ {3,12}authentication (?!mode |key-chain|keychain|text |md5 |hmac|null|message-digest)(?<secret>\S{1,64})$/,
  ],
}
