import { shellRefusals } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const pfsense: Platform = {
  id: 'pfsense',
  name: 'pfSense',
  sources: ['pfSense documentation: console menu, /conf/config.xml'],
  prompt:
    /^(?:\[[\w.-]{1,40}\]\[[\w.-]{1,64}@[\w.-]{1,64}\][~\w/.-]{1,80}:|[\w.-]{1,64}@[\w.-]{1,64}:[~\w/. -]{1,80}[#$])$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [{ prompt: /^Enter an option:$/, reply: '8\n' }],
  captures: {
    running: { command: 'cat /conf/config.xml', complete: { lastLine: /^<\/pfsense>$/ } },
    serial: { command: 'kenv -q smbios.system.serial' },
    os: { command: 'cat /etc/version' },
  },
  facts: [
    { of: 'serial', pattern: /^(?<serial>[\w-]{4,40})$/ },
    { of: 'os', pattern: /^(?<version>\d\.\d[\w.-]{0,20})$/ },
    { of: 'running', pattern: /^\t{2}<hostname>(?<hostname>[\w.-]{1,64})</ },
    { of: 'prompt', pattern: /@(?<hostname>[\w-]{1,64})/ },
  ],
  identify: { greeting: /pfSense/ },
  rejections: [...shellRefusals],
  volatile: [/^\t\t<time>\d+<\/time>$/],
  secrets: [
    /<(?:prv|tls|password|bcrypt-hash|sha512-hash|md5-hash|ldap_bindpw|radius_secret|pre-shared-key|passwordagain|rocommunity|secret|privkey|presharedkey|apikey)>(?<secret>[^<\n]{1,20000})</,
    /<(?:\w{1,20}_)?(?:secret|password|key|psk)><!\[CDATA\[(?<secret>[^\]\n]{1,4096})\]\]>/,
  ],
}
