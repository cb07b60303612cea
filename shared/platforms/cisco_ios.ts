import type { Platform } from './definition.ts'
import { lineSecrets, snmpHostSecret } from './line-secrets.ts'

export const ciscoIos: Platform = {
  id: 'cisco_ios',
  name: 'Cisco IOS',
  sources: [
    'Cisco IOS Configuration Fundamentals Command Reference: terminal length, terminal width, enable, show running-config',
    'a captured session of a Catalyst 9200L (oxidized, spec/model/data)',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: {
    from: />$/,
    command: 'enable',
    secretPrompt: /^(?:.{0,40} )?[Pp]assword:$/,
    refused: [/^% (?:Bad (?:secrets|passwords)|Access denied|Error in authentication|No password set)/],
  },
  onOpen: [{ send: 'terminal length 0' }, { send: 'terminal width 0', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [{ prompt: /^ ?--More--$/, reply: ' ' }],
  captures: {
    running: {
      command: 'show running-config',
      // A view user may see the configuration only in this form; some old devices know only the last one.
      alternatives: ['show running-config view full', 'write terminal'],
      complete: { lastLine: /^end$/ },
    },
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^Cisco IOS(?: XE)? Software[^\n]{0,120}?, Version (?<version>[^\s,]{1,40})/ },
    { of: 'os', pattern: /^IOS \(tm\)[^\n]{0,120}?, Version (?<version>[^\s,]{1,40})/ },
    { of: 'os', pattern: /^[Cc]isco (?<model>[\w./-]{2,40}) (?:\([^\n]{1,60}\) )?(?:processor|with )/ },
    { of: 'os', pattern: /^Model [Nn]umber {1,30}: (?<model>\S{1,40})/ },
    { of: 'os', pattern: /^(?:Processor board ID|System serial number {1,20}:) (?<serial>\w{6,20})/ },
    { of: 'os', pattern: /^(?<hostname>[\w.-]{1,64}) uptime is / },
    { of: 'prompt', pattern: /^(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: {
    server: /^SSH-(?:1\.99|2\.0)-Cisco-/,
    answer: {
      command: 'show version',
      line: /^(?:Cisco IOS Software(?! ?\[)(?:(?!IOS-XE).){0,200}$|IOS \(tm\) )/,
    },
  },
  rejections: [
    /^% ?(?:Invalid input|Ambiguous command|Incomplete command|Unknown command|Authorization failed|Permission denied)/,
    /^Command authorization failed/i,
    /^% ?This command is not authorized/,
  ],
  volatile: [
    /^Building configuration\.\.\.$/,
    /^Current configuration : \d+ bytes$/,
    /^! Last configuration change at /,
    /^! NVRAM config last updated at /,
    /^! No configuration change since last restart/,
    /^ntp clock-period \d+$/,
  ],
  lastChange: /^! Last configuration change at (?<at>[\w *.:+-]{8,48}) by (?<by>[\w.@\\-]{1,64})$/,
  secrets: [...lineSecrets, snmpHostSecret],
}
