import type { Platform } from './definition.ts'

export const mikrotikRouteros: Platform = {
  id: 'mikrotik_routeros',
  name: 'MikroTik RouterOS',
  sources: [
    'RouterOS manual: Console login options (+ct, h, w), Configuration Management: export',
    'a captured session of a CHR 7.16 (oxidized, spec/model/data)',
  ],
  prompt: /^\[[^\s@[\]]{1,64}@[^[\]\n]{1,64}\] (?:\/[\w /-]{0,80})?(?:<SAFE>)?>$/,
  // No colours, no terminal detection, 511 columns, 4098 rows: paging is off.
  usernameSuffix: '+ct511w4098h',
  enter: '\r\n',
  onOpen: [],
  onClose: [{ send: '/quit' }],
  pagers: [
    { prompt: /^-- \[Q quit/, reply: ' ' },
    { prompt: /software license\? \[Y\/n\]:$/, reply: 'n' },
  ],
  captures: {
    running: {
      command: '/export show-sensitive',
      // RouterOS 6 knows no `show-sensitive` and shows everything.
      alternatives: ['/export'],
      complete: { contains: [/^# .{1,40} by RouterOS \d/, /^\/\w/] },
    },
    serial: { command: '/system routerboard print' },
    os: { command: '/system resource print' },
  },
  facts: [
    { of: 'os', pattern: /^ {0,30}version: (?<version>\S{1,30})/ },
    { of: 'os', pattern: /^ {0,30}board-name: (?<model>[^\n]{1,60})/ },
    { of: 'serial', pattern: /^ {0,30}serial-number: (?<serial>\S{1,40})/ },
    { of: 'running', pattern: /^# serial number = (?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /@(?<hostname>[^\]\n]{1,64})\]/ },
  ],
  identify: {
    server: /ROSSSH/,
    greeting: /MikroTik RouterOS/,
    answer: {
      command: '/system resource print',
      line: /^ {0,30}(?:platform: MikroTik|version: \d[\w.]{1,20} \((?:stable|long-term|testing|development))/,
    },
  },
  rejections: [
    /^bad command name /,
    /^syntax error /,
    /^expected end of command /,
    /^no such item/,
    /^not enough permissions/,
  ],
  volatile: [/^# .{1,40} by RouterOS \d/],
  secrets: [
    // An export breaks its lines by a backslash, also within a value.
    /(?<=[ \n](?:password|secret|passphrase|private-key|preshared-key|pre-shared-key|wpa-pre-shared-key|wpa2-pre-shared-key|authentication-password|encryption-password|ipsec-secret|authentication-key|auth-key|tcp-md5-key|radius-password|http-proxy-password|static-key-\d|eap-password|mschapv2-password)=)(?<secret>"(?:[^"\\]|\\[\s\S]){1,1024}"|(?:\\\n {0,8}|[^\s"]){1,1024})/,
    /(?<=^\/zerotier\n(?:(?!\/)[^\n]{0,400}\n){0,20}[^\n]{0,300} identity=)(?<secret>"[^"\n]{1,512}"|[^\s"]{1,512})/,
    /(?<=^\/container envs\n(?:(?!\/)[^\n]{0,400}\n){0,40}[^\n]{0,300} value=)(?<secret>"[^"\n]{1,512}"|[^\s"]{1,512})/,
    // The name of an SNMP community is its secret.
    /(?<=^\/snmp community\n(?:(?!\/)[^\n]{0,400}\n){0,40}[^\n]{0,300} name=)(?<secret>"[^"\n]{1,256}"|[^\s"]{1,256})/,
  ],
  blocks: 'headers',
}
