import type { Platform } from './definition.ts'

export const hpProcurve: Platform = {
  id: 'hp_procurve',
  name: 'HPE ProCurve, ArubaOS-Switch',
  aliases: ['aruba_procurve', 'aruba_osswitch'],
  sources: ['ArubaOS-Switch Basic Operation Guide: no page, show running-config, include-credentials'],
  prompt: /^[\w.@/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  enter: '\r',
  privilege: {
    from: />$/,
    command: 'enable',
    usernamePrompt: /^Username:$/,
    secretPrompt: /^Password:$/,
    refused: [/^Invalid password/, /^Unable to verify password/],
  },
  onOpen: [{ send: 'no page' }, { send: 'terminal width 511', optional: true }],
  onClose: [{ send: 'logout' }, { send: 'y' }, { send: 'n' }],
  pagers: [
    { prompt: /^-- MORE --, next page: Space/, reply: ' ' },
    { prompt: /Press any key to continue$/, reply: ' ' },
  ],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^; \S+ Configuration Editor; Created on release /, /^hostname /] },
    },
    serial: { command: 'show system-information' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'serial', pattern: /(?:Software revision|Software Revision) {1,8}: (?<version>\S{1,40})/ },
    { of: 'serial', pattern: /Serial Number {1,8}: (?<serial>\S{1,40})/ },
    { of: 'serial', pattern: /System Name {1,20}: (?<hostname>\S{1,64})/ },
    { of: 'running', pattern: /^; (?<model>\S{1,20}) Configuration Editor/ },
  ],
  identify: { server: /Mocana/, answer: { command: 'show version', line: /^Image stamp:|^ ?Image stamp/ } },
  rejections: [
    /^(?:Invalid input|Ambiguous input|Incomplete input): /,
    /^Not authorized to run this command/,
  ],
  volatile: [/^Running configuration:$/],
  secrets: [
    /^ {0,8}password (?:manager|operator)(?: user-name "?[^\s"]{1,64}"?)? (?:sha1|sha256|plaintext) (?<secret>"[^"\n]{1,256}"|[^\s"]{1,256})/,
    /^ {0,8}snmp-server community (?<secret>"[^"\n]{1,256}"|[^\s"]{1,256})/,
    /^ {0,8}snmp-server host \S{1,64} community (?<secret>"[^"\n]{1,256}"|[^\s"]{1,256})/,
    /^ {0,8}(?:radius|tacacs)-server (?:host \S{1,64} (?:[^\n]{0,80} )?)?(?:encrypted-)?key (?<secret>"[^"\n]{1,256}"|[^\s"]{1,256})/,
    /^ {0,8}snmpv3 user "?[^\s"]{1,64}"? auth (?:md5|sha) (?<secret>"[^"\n]{1,256}"|[^\s"]{1,256})/,
    /^ {0,8}snmpv3 user [^\n]{1,300}? priv (?:des |aes )?(?<secret>"[^"\n]{1,256}"|[^\s"]{1,256})/,
    /^ {0,8}aaa authentication local-user "?[^\s"]{1,64}"? (?:[^\n]{0,120} )?(?:sha1|sha256|plaintext) (?<secret>"[^"\n]{1,256}"|[^\s"]{1,256})/,
    /^ {0,8}key-chain [^\n]{1,120}? key-string (?<secret>"[^"\n]{1,256}"|[^\s"]{1,256})/,
  ],
}
