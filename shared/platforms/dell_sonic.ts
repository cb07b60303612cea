import { buildLines, cliRefusals, morePagers, shellRefusals } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const dellSonic: Platform = {
  id: 'dell_sonic',
  name: 'Dell Enterprise SONiC',
  sources: [
    'Enterprise SONiC Distribution by Dell Technologies User Guide: sonic-cli, terminal length, show running-configuration',
    'Netmiko 4.6.0, facts of the driver DellSonicSSH',
    'Oxidized 0.37, facts of the model enterprise_sonic',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^(?:[\w.+-]{1,64}@[\w.-]{1,64}:[~\w/.-]{0,80}[$#]|[\w.-]{1,64}(?:\([\w/. -]{1,64}\))?[#>])$/,
  onOpen: [
    { send: 'sonic-cli', changesPrompt: true, optional: true },
    { send: 'terminal length 0', optional: true },
  ],
  onClose: [{ send: 'exit' }, { send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-configuration',
      complete: { contains: [/^(?:!|interface |hostname |ip )/] },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^SONiC Software Version: (?<version>\S{1,80})/ },
    { of: 'os', pattern: /^Serial Number: {0,4}(?<serial>\S{1,60})/ },
    { of: 'os', pattern: /^(?:HwSKU|Hardware SKU): {0,4}(?<model>\S{1,60})/ },
    { of: 'os', pattern: /^Software Version {0,12}: {0,4}(?<version>\S{1,60})/ },
    { of: 'os', pattern: /^Serial Number {0,12}: {0,4}(?<serial>\S{1,60})/ },
    { of: 'os', pattern: /^(?:HwSKU|Hardware SKU|Product Name) {0,12}: {0,4}(?<model>\S{1,60})/ },
    { of: 'prompt', pattern: /^(?:[\w.+-]{1,64}@)?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals, ...shellRefusals, /^%Error: /],
  volatile: [...buildLines],
  secrets: [...lineSecrets],
}
