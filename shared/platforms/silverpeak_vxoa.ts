import { cliRefusals, enableBlank, lessPagers, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const silverpeakVxoa: Platform = {
  id: 'silverpeak_vxoa',
  name: 'Silver Peak VXOA, EdgeConnect',
  sources: [
    'Netmiko 4.6.0, facts of the driver SilverPeakVXOASSH',
    'RANCID 3.14, facts of the type riverbed',
  ],
  unsure: [
    'which of the two configuration commands a release has',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^(?:[\w.-]{1,64})? ?(?:\[[\w.: -]{1,64}\])?(?: ?\([\w :-]{1,30}\))? ?[#>]$/,
  enter: '\r',
  privilege: enableBlank,
  onOpen: [{ send: 'no cli session paging enable', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers, ...lessPagers],
  captures: {
    running: {
      command: 'show running-config',
      alternatives: ['show configuration'],
      complete: { contains: [/^(?:##|no |hostname |interface |ip )/] },
    },
    serial: { command: 'show inventory' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^Product release: {1,20}(?<version>\S{1,30})/ },
    { of: 'os', pattern: /^Product model: {1,20}(?<model>\S{1,30})/ },
    { of: 'serial', pattern: /^CHASSIS {1,20}\S{1,30} {1,12}(?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [/^% ?(?:Unrecognized|Invalid|Incomplete|Ambiguous|Insufficient)/, ...cliRefusals],
  volatile: [/^## (?:Generated at|Running database|Hostname|Product release)/],
  secrets: [...lineSecrets],
}
