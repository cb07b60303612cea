import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const advaFsp150f2: Platform = {
  id: 'adva_fsp150f2',
  name: 'ADVA FSP 150 F2',
  sources: [
    'Netmiko 4.6.0, facts of the driver AdvaAosFsp150F2SSH',
    'Oxidized 0.37, facts of the model adva',
  ],
  unsure: [
    'version and serial fields',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^[\w.-]{1,64}(?::[\w-]{1,40})?-->$/,
  enter: '\r',
  onOpen: [],
  onClose: [{ send: 'logout' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config delta',
      complete: { contains: [/^(?:home|configure |network-element |config-|add |edit |admin |#)/] },
    },
    serial: { command: 'show shelf-info' },
    os: { command: 'show system' },
  },
  facts: [
    { of: 'os', pattern: /^ {0,8}(?:Software|Active) (?:Version|Release) {0,20}: ?(?<version>\S{1,40})/ },
    { of: 'serial', pattern: /Serial (?:Number|No\.?) {0,20}: ?(?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets, /^ {0,16}(?:add|edit|config-user) user \S{1,64} (?<secret>\S{1,256})$/],
}
