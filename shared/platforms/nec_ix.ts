import { buildLines, cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const necIx: Platform = {
  id: 'nec_ix',
  name: 'NEC UNIVERGE IX',
  sources: [
    'UNIVERGE IX command reference: enable-config, terminal length, show running-config',
    'Netmiko 4.6.0, facts of the driver NecIxSSH',
    'Oxidized 0.37, facts of the model necix',
  ],
  unsure: [
    'the field of the serial number',
    'what happens while another session holds the configuration mode',
  ],
  prompt: /^[\w.-]{1,64}(?:\([\w./-]{1,64}\))?[#$]$/,
  enter: '\r',
  onOpen: [
    { send: 'enable-config', changesPrompt: true, optional: true },
    { send: 'terminal length 0', optional: true },
  ],
  onClose: [{ send: 'exit' }, { send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^! (?:NEC|Built|Current|Compiled)|^hostname /, /^(?:interface |ip |!)/] },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^.{0,40}[Ss]erial (?:[Nn]umber|[Nn]o\.?) {0,12}[:=]? {0,4}(?<serial>\w{4,40})/ },
    { of: 'os', pattern: /Software, Version (?<version>[\d.]{3,20})/ },
    {
      of: 'os',
      pattern:
        /^NEC Portable Internetwork Core Operating System Software[^\n]{0,80}\n(?<model>IX\w{0,4} Series [^\n]{1,30})/,
    },
    { of: 'os', pattern: /^(?<model>IX Series \S{1,20})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines, /^! .{0,60}\d\d:\d\d:\d\d/, /^!? ?Current time/],
  secrets: [
    ...lineSecrets,
    /^ {0,8}authentication password \S{1,64} (?<secret>\S{1,128})/,
    /^ {0,8}snmp-agent (?:ip|ipv6) community (?<secret>\S{1,128})/,
    /^ {0,8}ike policy \S{1,64} peer \S{1,64} key (?<secret>\S{1,128})/,
  ],
}
