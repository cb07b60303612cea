import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const ciscoWlc: Platform = {
  id: 'cisco_wlc',
  name: 'Cisco WLC AireOS',
  sources: [
    'Cisco Wireless Controller Command Reference: show run-config commands, show sysinfo, show inventory',
    'Netmiko 4.6.0, facts of the driver CiscoWlcSSH',
    'Oxidized 0.37, facts of the model aireos',
    'RANCID 3.14, facts of the type cisco-wlc8',
  ],
  prompt: /^\([^()\n]{1,64}\) ?(?:[\w -]{1,30})?>$/,
  login: { username: /^User ?:$/, password: /^Password ?:$/, inside: true },
  // `config paging disable` would change the configuration: the pager is answered.
  onOpen: [],
  onClose: [{ send: 'logout' }, { send: 'n' }],
  pagers: [
    { prompt: /^.{0,20}Press Enter to continue.{0,60}$/, reply: '\r' },
    { prompt: /^.{0,40}Press any key.{0,60}$/, reply: ' ' },
    { prompt: /^.{0,10}Would you like to display the next \d+ entries\? \(y\/n\)$/, reply: 'y' },
    ...morePagers,
  ],
  captures: {
    running: {
      command: 'show run-config commands',
      alternatives: ['show run-config startup-commands'],
      complete: { contains: [/^ ?(?:wlan|interface|mobility|802\.11\w|aaa|sysname|snmp) /] },
    },
    serial: { command: 'show inventory' },
    os: { command: 'show sysinfo' },
  },
  facts: [
    { of: 'os', pattern: /^Product Version\.{2,60} (?<version>\S{1,40})/ },
    { of: 'os', pattern: /^System Name\.{2,60} (?<hostname>\S{1,64})/ },
    { of: 'serial', pattern: /SN: (?<serial>\w{6,40})/ },
    { of: 'serial', pattern: /^PID: (?<model>[\w-]{3,40})/ },
  ],
  identify: {
    greeting: /^\(Cisco Controller\)/,
    answer: { command: 'show sysinfo', line: /^Product Name\.{2,60} Cisco Controller/ },
  },
  rejections: [/^(?:Incorrect usage|HELP:|Incorrect input)/, ...cliRefusals],
  blankLines: 'of pages',
  volatile: [/^ ?(?:# )?System (?:Time|Up Time)/, /^ {0,4}time (?:manual|ntp interval)? ?\d\d\/\d\d\/\d\d/],
  secrets: [
    /^ ?snmp community (?:create|accessmode \S{1,4}|ipaddr \S{1,40} \S{1,40}|mode enable) (?<secret>\S{1,128})/,
    /^ ?(?:radius|tacacs) (?:auth|acct|athr|dns|fallback-test)[^\n]{0,100}? (?:encrypt|ascii|hex) (?<secret>\S[^\n]{1,512})$/,
    /^ ?(?:mgmtuser|netuser) add (?:encrypt )?\S{1,64} (?<secret>\S[^\n]{1,512}?)(?: (?:read-only|read-write|wlan|lobby-admin)|$)/,
    /^ ?snmp v3user create \S{1,64} \S{1,4} \S{1,12} \S{1,12} (?:encrypt )?(?<secret>\S[^\n]{1,512})$/,
    /^ ?wlan security [^\n]{0,60}?(?:set-key|psk) [^\n]{0,30}?(?:ascii|hex|encrypt) (?<secret>\S[^\n]{0,300}?)(?: \d{1,3})?$/,
    /^ ?(?:ap mgmtuser add|ap dot1xuser add)[^\n]{0,80}? (?:password|secret) (?<secret>[^\n]{1,512}?)(?: all)?$/,
  ],
  limits: { startMs: 120_000 },
  blocks: 'lines',
}
