import { buildLines, cliRefusals, morePagers, shellRefusals } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const edgecoreSonic: Platform = {
  id: 'edgecore_sonic',
  name: 'Edgecore SONiC',
  sources: [
    'SONiC Command Reference: show runningconfiguration, show version',
    'Netmiko 4.6.0, facts of the driver EdgecoreSonicSSH',
    'Oxidized 0.37, facts of the model enterprise_sonic',
  ],
  prompt: /^(?:[\w.+-]{1,64}@[\w.-]{1,64}:[~\w/.-]{0,80}[$#]|[\w.-]{1,64}(?:\([\w/. -]{1,64}\))?[#>])$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show runningconfiguration all',
      alternatives: ['sudo -n show runningconfiguration all'],
      complete: { balanced: '{}', blocks: 1 },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^SONiC Software Version: (?<version>\S{1,80})/ },
    { of: 'os', pattern: /^Serial Number: {0,4}(?<serial>\S{1,60})/ },
    { of: 'os', pattern: /^(?:HwSKU|Hardware SKU): {0,4}(?<model>\S{1,60})/ },
    { of: 'prompt', pattern: /^(?:[\w.+-]{1,64}@)?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /^SONiC Software Version: / } },
  rejections: [...shellRefusals, ...cliRefusals],
  volatile: [...buildLines],
  secrets: [
    /^ {0,40}"(?:passkey|auth_password|encryption_password|passwd|secret)": "(?<secret>[^"\n]{1,512})"/,
  ],
  blocks: 'braces',
}
