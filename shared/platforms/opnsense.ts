import { lessPagers, shellRefusals } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const opnsense: Platform = {
  id: 'opnsense',
  name: 'OPNsense',
  sources: [
    'OPNsense documentation: console menu, /conf/config.xml',
    'a captured session of OPNsense 24.7 (oxidized, spec/model/data)',
  ],
  prompt: /^(?:\[?[\w.+-]{1,64}@[\w.-]{1,64}[: ].{0,100}|[\w.-]{0,64})[#$]$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...lessPagers],
  captures: {
    running: { command: 'cat /conf/config.xml', complete: { lastLine: /^<\/opnsense>$/ } },
    serial: { command: 'kenv -q smbios.system.serial' },
    os: { command: 'opnsense-version' },
  },
  facts: [
    { of: 'serial', pattern: /^(?<serial>[\w-]{4,40})$/ },
    { of: 'os', pattern: /^OPNsense (?<version>\S{1,20})/ },
    { of: 'running', pattern: /^ {4}<hostname>(?<hostname>[\w.-]{1,64})</ },
    { of: 'prompt', pattern: /@(?<hostname>[\w-]{1,64})/ },
  ],
  identify: { greeting: /OPNsense/, answer: { command: 'opnsense-version', line: /^OPNsense \d/ } },
  rejections: [...shellRefusals],
  volatile: [],
  // When the configuration was saved last, also where saving has changed nothing.
  insignificant: [/^ {4}<time>\d{9,11}(?:\.\d{1,6})?<\/time>$/],
  secrets: [
    /<(?:prv|tls|password|bcrypt-hash|sha512-hash|md5-hash|ldap_bindpw|radius_secret|pre-shared-key|passwordagain|rocommunity|secret|privkey|presharedkey|apikey)>(?<secret>[^<\n]{1,20000})</,
  ],
}
