import { buildLines, cliRefusals, enable, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const arubaOs: Platform = {
  id: 'aruba_os',
  name: 'Aruba Mobility Controller',
  sources: [
    'ArubaOS CLI Reference Guide: no paging, show running-config, show inventory',
    'Netmiko 4.6.0, facts of the driver ArubaOsSSH',
    'Oxidized 0.37, facts of the model aosw',
  ],
  prompt: /^\(?[\w:.@-]{1,64}\)? ?[*^]{0,2} ?(?:\[[\w/]{1,64}\] ?)?(?:\([\w -]{1,40}\) ?)?[#>]$/,
  promptNoise: / ?[*^]{1,2} ?/,
  enter: '\r',
  privilege: enable,
  onOpen: [{ send: 'no paging', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show running-config', complete: { lastLine: /^end$/ } },
    serial: { command: 'show inventory' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^ArubaOS \(MODEL: (?<model>[^)\n]{1,60})\), Version (?<version>\S{1,40})/ },
    { of: 'serial', pattern: /^(?:SC|System|Chassis) Serial#?\s{1,30}: (?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /^ArubaOS \(MODEL: / } },
  rejections: [...cliRefusals],
  volatile: [...buildLines, /^Building Configuration/],
  secrets: [
    ...lineSecrets,
    /^ {0,8}(?:peer-ip-address|masterip|conductorip|localip|secondary conductorip) \S{1,64} (?:ipsec|peer-mac-1 \S{1,32} ipsec) (?<secret>\S{1,256})/,
    // Below `vrrp`, where the word stands alone.
    /^ {0,8}authentication (?!pre-share|rsa-sig|ecdsa|message-digest|mac|dot1x|captive|none|simple|mode)(?<secret>\S{1,128})$/,
    /^ {0,8}(?:wpa-passphrase|wpa-hexkey|key|mgmt-user \S{1,64} \S{1,64}|snmp-server user \S{1,64} auth-prot \S{1,8}) (?!chain)(?<secret>[0-9a-f]{20,512}|"[^"\n]{1,256}")/,
    /^ {0,8}snmp-server user [^\n]{1,200}? priv-prot \S{1,8} (?<secret>\S{1,256})/,
  ],
}
