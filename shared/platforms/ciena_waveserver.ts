import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const cienaWaveserver: Platform = {
  id: 'ciena_waveserver',
  name: 'Ciena Waveserver',
  sources: [
    'Netmiko 4.6.0, facts of the driver CienaWaveserverSSH',
    'RANCID 3.14, facts of the type ciena-ws',
  ],
  unsure: [
    'version and serial fields',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[\w.-]{1,64}\*?[>#$]$/,
  promptNoise: /\*/,
  enter: '\r\n',
  onOpen: [{ send: 'system shell session set more off', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'configuration show', complete: { contains: [/^(?:!|# |\w[\w-]{2,40} )/] } },
    serial: { command: 'chassis show' },
    os: { command: 'software show' },
  },
  facts: [
    { of: 'os', pattern: /(?:Running|Active) (?:Package|Version) {0,20}[:|] {0,4}(?<version>[\w.-]{3,40})/ },
    { of: 'serial', pattern: /Serial Number {0,20}[:|] {0,4}(?<serial>\w{4,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [/^(?:SHELL PARSER FAILURE|ERROR:)/, ...cliRefusals],
  volatile: [/^! (?:Created|On Terminal|Last|Time)/, /^! Device config.{0,80}\d\d:\d\d/],
  secrets: [...lineSecrets],
}
