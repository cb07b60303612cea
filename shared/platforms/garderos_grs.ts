import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const garderosGrs: Platform = {
  id: 'garderos_grs',
  name: 'Garderos GRS',
  sources: [
    'a captured session of an R-7700 (oxidized, spec/model/data)',
    'Garderos router manual: show configuration running, show system version, show system serial',
    'Netmiko 4.6.0, facts of the driver GarderosGrsSSH',
    'Oxidized 0.37, facts of the model garderos',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.-]{1,64}#$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show configuration running',
      complete: { contains: [/^[\w.-]{1,80}(?:\.[\w.-]{1,80})? ?= ?|^\w/] },
    },
    serial: { command: 'show system serial' },
    os: { command: 'show system version' },
  },
  facts: [
    { of: 'serial', pattern: /^Hardware: Model (?<model>[\w-]{2,40})/ },
    { of: 'os', pattern: /(?<version>\d{3}_\d{3}_\d{3}[\w.]{0,20})/ },
    { of: 'serial', pattern: /^Serial {0,12}: {0,4}(?<serial>[A-Z0-9]{6,24})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets, /^[\w.-]{0,80}community\.\d{1,4}\.name ?= ?(?<secret>[^\n]{1,128})$/],
  blocks: 'lines',
}
