import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const extremeNos: Platform = {
  id: 'extreme_nos',
  name: 'Extreme Network OS, Brocade VDX',
  aliases: ['brocade_nos', 'brocade_vdx', 'extreme_vdx'],
  sources: [
    'Network OS Command Reference: terminal length, show running-config',
    'Netmiko 4.6.0, facts of the driver ExtremeNosSSH',
    'Oxidized 0.37, facts of the model nos',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?#$/,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config | nomore',
      alternatives: ['show running-config'],
      complete: { contains: [/^(?:chassis|vcs|interface|switch-attributes|logging|hardware|!|no )/] },
    },
    serial: { command: 'show chassis' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^Network Operating System Version: (?<version>\S{1,40})/ },
    { of: 'serial', pattern: /^Factory Serial Num: {1,20}(?<serial>\S{1,40})/ },
    { of: 'serial', pattern: /^Chassis Name: {1,20}(?<model>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /^Network Operating System (?:Software|Version)/ } },
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
