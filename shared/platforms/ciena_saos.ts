import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const cienaSaos: Platform = {
  id: 'ciena_saos',
  name: 'Ciena SAOS 6',
  sources: [
    'Ciena SAOS CLI Reference: system shell session set more off, configuration show',
    'Netmiko 4.6.0, facts of the driver CienaSaosSSH',
    'Oxidized 0.37, facts of the model saos',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.-]{1,64}\*?[>#$]$/,
  promptNoise: /\*/,
  enter: '\r\n',
  onOpen: [
    { send: 'system shell session set more off', optional: true },
    { send: 'system shell set more off', optional: true },
  ],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'configuration show', complete: { contains: [/^! /] } },
    serial: { command: 'chassis show device-id' },
    os: { command: 'software show' },
  },
  facts: [
    { of: 'os', pattern: /Running Package {0,20}[:|] {0,4}(?<version>[\w.-]{3,40})/ },
    { of: 'serial', pattern: /Serial Number {0,20}[:|] {0,4}(?<serial>\w{4,40})/ },
    { of: 'serial', pattern: /^\| ?(?:Model|Device Type) {0,20}\| {0,4}(?<model>[^|\n]{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [/^(?:SHELL PARSER FAILURE|ERROR:)/, ...cliRefusals],
  volatile: [/^! (?:Created|On Terminal|Last|Time)/, /^! Device config.{0,80}\d\d:\d\d/],
  secrets: [...lineSecrets],
}
