import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const netgateTnsr: Platform = {
  id: 'netgate_tnsr',
  name: 'Netgate TNSR',
  sources: [
    'TNSR documentation: show configuration running cli, show version',
    'a captured session of TNSR 25.02 (oxidized, spec/model/data)',
  ],
  unsure: [
    'the field of the serial number',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[\w.-]{1,64} tnsr(?:\([\w.-]{1,40}\))?[#>]$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show configuration running cli',
      complete: { contains: [/^(?:configuration history|nacm |dataplane |interface |system )/] },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show version all' },
    os: { command: 'show version all' },
  },
  facts: [
    { of: 'os', pattern: /^ {0,40}tnsr-release (?<version>\S{1,30})/ },
    { of: 'prompt', pattern: /^(?<hostname>[\w.-]{1,64}) tnsr/ },
  ],
  identify: {
    greeting: / tnsr#$|netgate\.com/,
    answer: { command: 'show version all', line: /tnsr-release / },
  },
  rejections: [...cliRefusals],
  volatile: [],
  secrets: [...lineSecrets],
}
