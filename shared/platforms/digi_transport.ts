import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const digiTransport: Platform = {
  id: 'digi_transport',
  name: 'Digi TransPort',
  sources: ['Netmiko 4.6.0, facts of the driver DigiTransportSSH'],
  unsure: [
    'the configuration command',
    'whether every release prints an end after its last line: the prompt is asked for twice instead',
  ],
  prompt: /^(?:[\w.-]{1,64})?[#>]$/,
  enter: '\r\n',
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'config c show', complete: { contains: [/^\w[\w-]{1,20} \d{1,3} /] } },
    serial: { command: 'id' },
    os: { command: 'id' },
  },
  facts: [
    { of: 'os', pattern: /[Ss]oftware Build (?:Ver)?(?<version>\S{1,20})/ },
    { of: 'os', pattern: /SN: ?(?<serial>\d{3,12})/ },
    { of: 'os', pattern: /^Digi TransPort (?<model>\S{1,30})/ },
  ],
  rejections: [...cliRefusals, /^ERROR/],
  volatile: [...buildLines],
  secrets: [
    /^\w[\w-]{1,20} \d{1,3} e?(?:password|passwd|key|secret|community|epassword|epwd|pwd|ekey|epsk|psk)\w{0,8} "?(?<secret>[^"\n]{1,256})"?$/,
  ],
  blocks: 'lines',
}
