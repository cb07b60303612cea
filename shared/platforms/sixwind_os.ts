import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const sixwindOs: Platform = {
  id: 'sixwind_os',
  name: '6WIND Virtual Service Router',
  sources: ['Netmiko 4.6.0, facts of the driver SixwindOSSSH', 'Oxidized 0.37, facts of the model sixwind'],
  unsure: [
    'the field of the serial number',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[\w.@/: -]{1,64}(?:\([\w./ -]{1,40}\))?[>#]$/,
  onOpen: [{ send: 'cliconfig pager enabled false', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show config nodefault',
      alternatives: ['show config'],
      complete: { contains: [/^(?:vrf |system|config|\/ ?\w)/] },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show product version' },
    os: { command: 'show product version' },
  },
  facts: [
    { of: 'os', pattern: /^.{0,40}[Ss]erial (?:[Nn]umber|[Nn]o\.?) {0,12}[:=]? {0,4}(?<serial>\w{4,40})/ },
    { of: 'os', pattern: /(?<version>\d+\.\d+[\w.-]{0,20})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [],
  secrets: [...lineSecrets, /^ {2,24}community "?(?<secret>[^\s":]{1,128})"?$/],
}
