import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const juniperScreenos: Platform = {
  id: 'juniper_screenos',
  name: 'Juniper ScreenOS',
  sources: [
    'ScreenOS CLI Reference: get config, get system',
    'Netmiko 4.6.0, facts of the driver JuniperScreenOsSSH',
    'Oxidized 0.37, facts of the model screenos',
    'RANCID 3.14, facts of the type netscreen',
  ],
  prompt: /^[\w.:-]{1,64}(?:\([\w.:-]{1,40}\))?->$/,
  // `set console page 0` is kept when the configuration is saved: the pager is answered.
  onOpen: [],
  onClose: [{ send: 'exit' }, { send: 'n' }],
  pagers: [{ prompt: /^--- more ---$/, reply: ' ' }, ...morePagers],
  captures: {
    running: { command: 'get config', complete: { contains: [/^(?:set|unset) /] } },
    serial: { command: 'get system' },
    os: { command: 'get system' },
  },
  facts: [
    { of: 'os', pattern: /^Software Version: (?<version>[^,\n]{1,30}),/ },
    { of: 'os', pattern: /^Serial Number: (?<serial>[^,\n]{1,30}),/ },
    { of: 'os', pattern: /^Product Name: (?<model>[^\n]{1,40})/ },
    { of: 'running', pattern: /^set hostname (?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'get system', line: /^Product Name: (?:NetScreen|NS-|SSG|ISG)/ } },
  rejections: [/^ {0,80}\^-{1,20}unknown keyword/, ...cliRefusals],
  volatile: [/^Total Config size/],
  secrets: [
    /^set (?:admin (?:user "?[^\s"]{1,64}"? )?(?:name "[^"\n]{1,64}" )?password|user "?[^\s"]{1,64}"? (?:hash-)?password|ike gateway [^\n]{1,200}? preshare|snmp community|auth-server [^\n]{1,80}? (?:radius )?(?:secret|key)|auth-server [^\n]{1,80}? secret|xauth [^\n]{1,80}? password|pppoe [^\n]{1,80}? password) "?(?<secret>[^\s"]{1,512})/,
    /^set pppoe [^\n]{1,80}? username "?[^\s"]{1,64}"? password "?(?<secret>[^\s"]{1,256})/,
  ],
  blocks: 'lines',
}
