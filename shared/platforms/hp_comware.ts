import type { Platform } from './definition.ts'

export const hpComware: Platform = {
  id: 'hp_comware',
  name: 'HPE Comware',
  aliases: ['h3c_comware'],
  sources: [
    'HPE FlexNetwork Fundamentals Command Reference: screen-length disable, display current-configuration, display device manuinfo',
  ],
  prompt: /^<[\w.@()/+-]{1,64}>$/,
  onOpen: [{ send: 'screen-length disable' }],
  onClose: [{ send: 'quit' }],
  pagers: [{ prompt: /^ {0,4}-{2,6} ?More ?-{2,6}$/, reply: ' ' }],
  captures: {
    running: { command: 'display current-configuration', complete: { lastLine: /^return$/ } },
    serial: { command: 'display device manuinfo' },
    os: { command: 'display version' },
  },
  facts: [
    { of: 'os', pattern: /Comware Software, Version (?<version>[^\n]{1,60})/ },
    { of: 'os', pattern: /^(?:HPE?|H3C) (?<model>[\w. ()+-]{2,60}?) (?:uptime|with \d|Switch with)/ },
    { of: 'serial', pattern: /DEVICE_SERIAL_NUMBER {0,4}: ?(?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^<(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: {
    server: /Comware/,
    answer: { command: 'display version', line: /Comware (?:Platform )?Software/ },
  },
  rejections: [
    /^ ?% ?(?:Unrecognized command|Incomplete command|Ambiguous command|Wrong parameter|Too many parameters)/,
    /^ ?Permission denied\.?$/,
  ],
  volatile: [],
  secrets: [
    /(?<secret>\$[ch]\$\d\$\S{8,512})/,
    /^(?! {0,8}description )[^\n]{0,160}?\b(?:password|key|key-string|authentication|accounting|pre-shared-key|community(?: read| write)?|md5|sha[\w-]{0,8}|aes[\w-]{0,8}|des[\w-]{0,8}|\d{1,3}) (?:cipher|simple|hash|plain) (?<secret>\S{1,512})/,
    /^ {0,8}snmp-agent target-host [^\n]{1,160}? securityname (?:cipher )?(?<secret>\S{1,256})(?: v1| v2c|$)/,
    /^ {0,8}sa (?:string-key|hex-key)[^\n]{1,80}? (?:simple|cipher) (?<secret>\S{1,512})/,
    /^ {0,8}snmp-agent community (?:read|write) (?!cipher |simple )(?<secret>\S{1,256})/,
  ],
}
