import { buildLines, cliRefusals, enableBlank, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const ipinfusionOcnos: Platform = {
  id: 'ipinfusion_ocnos',
  name: 'IP Infusion OcNOS',
  sources: [
    'OcNOS System Management Guide: terminal length, show running-config',
    'Netmiko 4.6.0, facts of the driver IpInfusionOcNOSSSH',
    'Oxidized 0.37, facts of the model ocnos',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  enter: '\r',
  privilege: enableBlank,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^(?:!|hostname |interface |no |feature )/] },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /Software version: {0,4}(?<version>\S[^\n]{1,40}?)(?: \d\d\/|$)/ },
    { of: 'os', pattern: /OcNOS[, ]{1,3}[Vv]ersion (?<version>[\w.-]{3,40})/ },
    { of: 'os', pattern: /^ {0,4}Hardware Model: {0,4}(?<model>[^\n]{1,40})/ },
    { of: 'os', pattern: /Serial Number: {0,4}(?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /OcNOS|IP Infusion/ } },
  rejections: [...cliRefusals],
  volatile: [...buildLines, /^! (?:Last configuration change|Software version: .{0,80}\d\d:\d\d:\d\d)/],
  secrets: [...lineSecrets],
}
