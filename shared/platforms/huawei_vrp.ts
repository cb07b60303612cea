import type { Platform } from './definition.ts'

export const huaweiVrp: Platform = {
  id: 'huawei_vrp',
  name: 'Huawei VRP',
  aliases: ['huawei', 'huawei_vrpv8'],
  sources: [
    'Huawei S-series Command Reference: screen-length, display current-configuration, display device manufacture-info',
  ],
  prompt: /^(?:HRP_[MS])?<~?[\w.@()/+-]{1,64}>$/,
  onOpen: [{ send: 'screen-length 0 temporary' }],
  onClose: [{ send: 'quit' }],
  pagers: [
    { prompt: /^ {0,4}-{2,6} ?More ?-{2,6}$/, reply: ' ' },
    { prompt: /Change now\? ?\[Y\/N\] ?:$/, reply: 'N\n' },
  ],
  captures: {
    running: { command: 'display current-configuration', complete: { lastLine: /^return$/ } },
    serial: { command: 'display device manufacture-info' },
    os: { command: 'display version' },
  },
  facts: [
    { of: 'os', pattern: /^VRP \(R\) software, Version (?<version>[^\n]{1,80}?) *$/ },
    {
      of: 'os',
      pattern:
        /^(?:HUAWEI|Huawei|Quidway) (?<model>[\w./ -]{2,60}?) (?:Routing Switch |Router |Switch )?uptime is/,
    },
    {
      of: 'serial',
      pattern: /^\s{0,8}[\d/ -]{1,12} {1,20}[\w-]{1,40} {1,40}(?<serial>\w{10,24}) {1,20}\d{4}-/,
    },
    { of: 'serial', pattern: /^\[?(?:BarCode|Serial-number)\]? {0,20}[=:] ?(?<serial>\w{6,40})/ },
    { of: 'prompt', pattern: /<~?(?<hostname>[\w.-]{1,64})>/ },
  ],
  identify: {
    server: /^SSH-(?:1\.99|2\.0)--$|HUAWEI/,
    answer: { command: 'display version', line: /^Huawei Versatile Routing Platform|^VRP \(R\) software/ },
  },
  rejections: [
    /^ ?Error: ?(?:Unrecognized command|Incomplete command|Ambiguous command|Wrong parameter|Too many parameters|No permission|You do not have)/,
  ],
  volatile: [
    /^!Last configuration was (?:updated|saved) at /,
    /^# ?Last configuration was (?:updated|saved) at /,
  ],
  secrets: [
    // Reversible ciphers stand between these marks, hashes behind a numbered prefix.
    /(?<secret>%\^%#\S{4,512}?%\^%#)/,
    /(?<secret>%@%[@#]\S{4,512}?%@%[@#])/,
    /(?<secret>\$1[a-e]\$\S{8,512})/,
    // An address may stand between (`md5-password cipher 192.0.2.1 …`).
    /^(?! {0,8}description )[^\n]{1,200}? (?:irreversible-cipher|cipher) (?:\d{1,3}(?:\.\d{1,3}){3} )?(?!aes|3des|des_|des-|arcfour|sm4|blowfish|null)(?<secret>\S{4,512})/,
    /^(?! {0,8}description )[^\n]{0,160}?\b(?:password|shared-key|pre-shared-key|key-string|key|pass-phrase|community(?: read| write)?|authentication-mode|md5|sha[\w-]{0,8}|aes[\w-]{0,8}|des[\w-]{0,8}|hmac-[\w-]{1,10}|level \d{1,2}|\d{1,3}) (?:simple )?(?:simple|plain) (?!cipher )(?<secret>\S{1,512})/,
    /^ {0,8}snmp-agent target-host [^\n]{1,160}? securityname (?:cipher )?(?<secret>\S{1,256})(?: v1| v2c|$)/,
    /^ {0,8}md5-password plain \S{1,64} (?<secret>\S{1,256})/,
    /^ {0,8}snmp-agent community (?:read|write) (?!cipher |simple )(?<secret>\S{1,256})/,
  ],
}
