import { buildLines, cliRefusals, enableBlank, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const a10: Platform = {
  id: 'a10',
  name: 'A10 ACOS',
  sources: [
    'A10 ACOS Command Line Interface Reference: terminal length, show running-config',
    'Netmiko 4.6.0, facts of the driver A10SSH',
    'Oxidized 0.37, facts of the model acos',
    'RANCID 3.14, facts of the type a10',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.-]{1,64}(?:\[[\w/]{1,20}\])?(?:\([\w:. -]{1,64}\))?[#>]$/,
  privilege: enableBlank,
  onOpen: [
    { send: 'terminal length 0', optional: true },
    { send: 'terminal width 0', optional: true },
  ],
  onClose: [{ send: 'exit' }, { send: 'exit' }, { send: 'y' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config all-partitions',
      alternatives: ['show running-config'],
      complete: { contains: [/^(?:!|hostname |interface |vlan )/] },
    },
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /\(ACOS\)(?: version|,? software version)? (?<version>[\d.][\w.-]{0,30})/ },
    { of: 'serial', pattern: /^ {0,12}Serial (?:Number|No) {0,4}: ?(?<serial>\S{1,40})/ },
    { of: 'os', pattern: /^(?:Thunder Series|AX Series) [^\n]{0,60}?(?<model>(?:TH|AX|vTh)[\w-]{1,20})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /Advanced Core OS|\bACOS\b/ } },
  rejections: [...cliRefusals],
  volatile: [
    ...buildLines,
    /^!Current configuration: \d+ bytes/,
    /^!Configuration last (?:updated|saved) at /,
    /^!(?:64-bit Advanced|aFleX)/,
  ],
  secrets: [
    /^snmp-server community (?:read|write) (?<secret>\S{1,128})/,
    ...lineSecrets,
    /^ {0,16}secret-encrypted (?<secret>\S{1,512})/,
  ],
}
