import type { Platform } from './definition.ts'

export const fortinet: Platform = {
  id: 'fortinet',
  name: 'Fortinet FortiOS',
  sources: [
    'FortiOS CLI Reference: show, grep, config system console',
    'a captured session of a FortiGate 91G (oxidized, spec/model/data)',
  ],
  prompt: /^(?:\(\w\) )?[\w.~-]{1,64}(?:\([\w.-]{1,40}\))?(?: \([\w.-]{1,40}\))? ?[#$]$/,
  // Paging could only be switched off in the device's configuration, which a backup must not touch: the pager is answered.
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [
    { prompt: /^--More--$/, reply: ' ' },
    { prompt: /^\(Press 'a' to accept\):$/, reply: 'a' },
  ],
  captures: {
    running: {
      // What goes through grep is not paged; an administrator without the right to it gets the pager.
      command: 'show | grep .',
      alternatives: ['show'],
      complete: { lastLine: /^end$/ },
    },
    serial: { command: 'get system status' },
    os: { command: 'get system status' },
  },
  facts: [
    { of: 'os', pattern: /^Version: (?<model>\S{1,40}) v(?<version>[^\s(]{1,40})/ },
    { of: 'os', pattern: /^Serial-Number: (?<serial>\S{1,40})/ },
    { of: 'os', pattern: /^Hostname: (?<hostname>\S{1,64})/ },
  ],
  identify: { answer: { command: 'get system status', line: /^Version: Forti/ } },
  rejections: [/^Unknown action /, /^Command fail\. Return code /, /^command parse error/],
  volatile: [/^#conf_file_ver=/],
  // When a certificate authority or a revocation list was fetched last (CLI reference, `config vpn certificate`).
  insignificant: [/^ {1,32}set last-updated \d{1,20}$/],
  secrets: [
    // FortiOS encrypts with a new salt at every show: the same secret never looks the same twice, so nothing can be told.
    /^ {0,32}set [\w-]{1,64} ENC (?<salted>\S{1,4096})/,
    /^ {0,32}set private-key "(?<salted>-----BEGIN ENCRYPTED [A-Z ]{0,40}PRIVATE KEY-----[^"]{1,20000})"/,
    /^ {0,32}set (?:password|passwd|psksecret|secret|key|passphrase|auth-pwd|priv-pwd) (?!ENC )(?<secret>"[^"\n]{1,1024}"|\S{1,1024})/,
    /^ {0,32}set community (?!"?\d{1,10}:|"?(?:no-|internet|local-))(?<secret>"[^"\n]{1,256}"|\S{1,256})/,
    // The only place where a name is a secret.
    /(?<=^config system snmp community\n(?:(?!end$|config )[^\n]{0,400}\n){0,60} {0,16}set name )(?<secret>"[^"\n]{1,256}"|[^\s"]{1,256})/,
  ],
  blocks: 'edit',
}
