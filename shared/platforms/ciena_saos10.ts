import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const cienaSaos10: Platform = {
  id: 'ciena_saos10',
  name: 'Ciena SAOS 10',
  sources: [
    'Ciena SAOS 10 Configuration Guide: set session more off, show running-config',
    'Netmiko 4.6.0, facts of the driver CienaSaos10SSH',
    'Oxidized 0.37, facts of the model saos10',
  ],
  unsure: [
    'the field of the serial number',
    'which spelling of the configuration command a release takes',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[\w.-]{1,64}\*?[>#$]$/,
  promptNoise: /\*/,
  enter: '\r\n',
  onOpen: [{ send: 'set session more off', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      alternatives: ['show running config'],
      complete: { contains: [/^(?:!|config|system|\w[\w-]{2,40} )/] },
    },
    serial: { command: 'show system components' },
    os: { command: 'show software' },
  },
  facts: [
    { of: 'os', pattern: /^.{0,40}[Ss]erial (?:[Nn]umber|[Nn]o\.?) {0,12}[:=]? {0,4}(?<serial>\w{4,40})/ },
    {
      of: 'os',
      pattern:
        /(?:[Rr]unning|[Aa]ctive) {0,4}(?:[Vv]ersion|[Rr]elease)? {0,20}[:|] {0,4}(?<version>[\w.-]{3,40})/,
    },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [/^(?:SHELL PARSER FAILURE|ERROR:)/, ...cliRefusals],
  volatile: [/^! (?:Created|On Terminal|Last|Time)/, /^! Device config.{0,80}\d\d:\d\d/],
  secrets: [...lineSecrets],
}
