import { cliRefusals, enableBlank, lessPagers, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const mellanoxMlnxos: Platform = {
  id: 'mellanox_mlnxos',
  name: 'NVIDIA Mellanox Onyx, MLNX-OS',
  aliases: ['mellanox'],
  sources: [
    'NVIDIA Onyx User Manual: no cli session paging enable, show running-config, show version',
    'Netmiko 4.6.0, facts of the driver MellanoxMlnxosSSH',
    'Oxidized 0.37, facts of the model mlnxos',
  ],
  prompt: /^(?:[\w.-]{1,64})? ?(?:\[[\w.: -]{1,64}\])?(?: ?\([\w :-]{1,30}\))? ?[#>]$/,
  privilege: enableBlank,
  onOpen: [{ send: 'no cli session paging enable', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers, ...lessPagers],
  captures: {
    running: { command: 'show running-config', complete: { contains: [/^##/] } },
    serial: { command: 'show inventory' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^Product release: {1,20}(?<version>\S{1,30})/ },
    { of: 'os', pattern: /^Product model: {1,20}(?<model>\S{1,30})/ },
    { of: 'serial', pattern: /^CHASSIS {1,20}\S{1,30} {1,12}(?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /^Product name: {1,20}(?:MLNX-OS|Onyx|SX_PPC)/ } },
  rejections: [/^% ?(?:Unrecognized|Invalid|Incomplete|Ambiguous|Insufficient)/, ...cliRefusals],
  volatile: [/^## (?:Generated at|Running database|Hostname|Product release)/],
  secrets: [...lineSecrets],
}
