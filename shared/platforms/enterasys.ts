import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const enterasys: Platform = {
  id: 'enterasys',
  name: 'Enterasys, Extreme EOS',
  sources: [
    'Enterasys CLI Reference: show config, show version',
    'Netmiko 4.6.0, facts of the driver EnterasysSSH',
    'Oxidized 0.37, facts of the model enterasys',
    'RANCID 3.14, facts of the type enterasys',
  ],
  prompt: /^.{0,60}\w ?\((?:su|rw|ro)\)->$/,
  // `set length` is kept by the switch: the pager is answered.
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show config', complete: { contains: [/^(?:begin|#|set )/] } },
    serial: { command: 'show system hardware' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /[Ff]irmware [Rr]evision:? {0,12}(?<version>[\d.]{3,20})/ },
    { of: 'os', pattern: /^\S{2,20} {1,12}(?<serial>\w{8,20}) {1,12}[Hh][Ww]:/ },
    { of: 'serial', pattern: /[Ss]erial [Nn]umber:? {0,12}(?<serial>\w{6,40})/ },
    { of: 'prompt', pattern: /^(?<hostname>[\w.-]{1,64}) ?\(/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [
    ...lineSecrets,
    /^set snmp community (?<secret>\S{1,128})/,
    /^set (?:radius|tacacs)[^\n]{0,100}? (?<secret>:[^\s:]{4,256}:|\S*@\S{4,128})$/,
    /^set (?:system )?login [^\n]{0,100}?password (?<secret>\S{1,256})/,
    /^set snmp user \S{1,64}[^\n]{0,80}? (?:authentication (?:md5|sha)|privacy|encryption \S{1,8}) (?<secret>\S{1,256})/,
  ],
  blocks: 'lines',
}
