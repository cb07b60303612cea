import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const nokiaSrl: Platform = {
  id: 'nokia_srl',
  name: 'Nokia SR Linux',
  sources: [
    'SR Linux CLI documentation: environment, info flat from running, show version',
    'Netmiko 4.6.0, facts of the driver NokiaSrlSSH',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[AB]:(?:[\w.-]{1,64}@)?[\w.-]{1,64}#$/,
  onOpen: [
    { send: 'environment cli-engine type basic', optional: true },
    { send: 'environment complete-on-space false', optional: true },
  ],
  onClose: [{ send: 'quit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'info flat from running',
      alternatives: ['info from running'],
      complete: { contains: [/^(?:set \/ ?|\/ ?|system \{|interface )\w{0,20}/] },
    },
    serial: { command: 'show platform chassis' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^Software Version {1,30}: (?<version>\S{1,30})/ },
    { of: 'os', pattern: /^Hostname {1,30}: (?<hostname>\S{1,64})/ },
    { of: 'os', pattern: /^Chassis Type {1,30}: (?<model>[^\n]{1,40})/ },
    { of: 'os', pattern: /^Serial Number {1,30}: (?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^[AB]:(?:[\w.-]{1,64}@)?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /^Architecture {1,30}: |SRLinux/ } },
  rejections: [/^(?:Error|Parsing error): /, ...cliRefusals],
  volatile: [],
  secrets: [/(?<secret>\$aes1\$\S{4,512})/],
  blocks: 'lines',
}
