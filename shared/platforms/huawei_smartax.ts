import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const huaweiSmartax: Platform = {
  id: 'huawei_smartax',
  name: 'Huawei SmartAX OLT',
  aliases: ['huawei_olt', 'huawei_smartaxmmi'],
  sources: [
    'Huawei SmartAX MA5600 Command Reference: scroll, display current-configuration, display version',
    'Netmiko 4.6.0, facts of the driver HuaweiSmartAXSSH',
    'Oxidized 0.37, facts of the model smartax',
    'Netmiko 4.6.0, facts of the driver HuaweiSmartAXSSHMMI',
  ],
  prompt: /^[\w.-]{1,64}(?:\([\w./-]{1,40}\))?[>#]$/,
  login: { username: /^>>User name ?:$/, password: /^>>User password ?:$/ },
  privilege: {
    from: />$/,
    command: 'enable',
    secretPrompt: /password ?:$/i,
    secret: 'blank',
    refused: [/Failure: /i, /% ?Unknown/i],
  },
  onOpen: [
    { send: 'undo smart', optional: true },
    { send: 'undo interactive', optional: true },
    { send: 'scroll', expect: /^\{ ?<cr>.{0,60}\}:$/, reply: { text: '' }, optional: true },
  ],
  onClose: [{ send: 'quit' }, { send: 'y' }],
  pagers: [
    { prompt: /^---- More \( Press 'Q' to break \) ----$/, reply: ' ' },
    { prompt: /^\{ ?<cr>.{0,80}\}:$/, reply: '\n' },
    { prompt: /^Are you sure to log out\? \(y\/n\)\[n\]:$/, reply: 'y\n' },
    ...morePagers,
  ],
  captures: {
    running: { command: 'display current-configuration', complete: { lastLine: /^return$/ } },
    serial: { command: 'display board 0' },
    os: { command: 'display version' },
  },
  facts: [
    { of: 'os', pattern: /VERSION {0,4}: ?(?<version>\S{1,40})/ },
    { of: 'os', pattern: /PRODUCT {0,4}:? {0,4}(?<model>\S{1,40})/ },
    { of: 'serial', pattern: /^ {0,4}\[?BarCode\]? ?[=:] ?(?<serial>\w{6,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'display version', line: /MA5\d{3}|SmartAX/ } },
  rejections: [/^ {0,80}\^$/, /^ {0,4}% ?(?:Unknown|Incomplete|Ambiguous|Parameter error)/, ...cliRefusals],
  volatile: [/^ ?\[.{0,60}\d\d:\d\d:\d\d/],
  secrets: [
    /^ {0,16}(?:terminal user|user)[^\n]{0,60}?(?:password|cipher) (?<secret>\S{4,256})/,
    /^ {0,16}snmp-agent community (?:read|write) (?:cipher )?"?(?<secret>[^\s"]{1,256})/,
    /^ {0,16}ont add [^\n]{0,80}?(?:password-auth|loid-auth) "?(?<secret>[^\s"]{1,64})/,
  ],
}
