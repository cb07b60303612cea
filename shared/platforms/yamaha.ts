import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const yamaha: Platform = {
  id: 'yamaha',
  name: 'Yamaha RTX, NVR, SWX',
  sources: [
    'Yamaha RTX command reference: administrator, show config, show environment',
    'Netmiko 4.6.0, facts of the driver YamahaSSH',
    'Oxidized 0.37, facts of the model yamaha',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^(?:[\w.() -]{1,64})?[#>]$/,
  privilege: {
    from: />$/,
    command: 'administrator',
    secretPrompt: /^Password ?:$/i,
    refused: [/[Ee]rror/i, /incorrect/i],
  },
  // `console lines infinity` is kept when the configuration is saved: the pager is answered.
  onOpen: [],
  onClose: [{ send: 'exit' }, { send: 'n' }, { send: 'exit' }],
  pagers: [
    { prompt: /^---(?:more|つづく|続く)---$/, reply: ' ' },
    { prompt: /^Save new configuration ?\? ?\(Y\/N\)$/, reply: 'n' },
    ...morePagers,
  ],
  captures: {
    running: { command: 'show config', complete: { contains: [/^(?:# |ip |console |login |pp )/] } },
    serial: { command: 'show environment' },
    os: { command: 'show environment' },
  },
  facts: [
    { of: 'os', pattern: /Rev\.(?<version>\d[\d.]{4,16})/ },
    { of: 'os', pattern: /^(?<model>(?:RTX|NVR|FWX|SWX)\w{2,8})/ },
    { of: 'os', pattern: /serial=(?<serial>\w{6,16})/ },
  ],
  identify: { answer: { command: 'show environment', line: /^(?:RTX|NVR|FWX)\w{2,8} BootROM/ } },
  rejections: [...cliRefusals, /^Error: /, /^エラー/],
  volatile: [/^# Reporting Date:/, /^# (?:Memory|.{0,40}uptime)/],
  secrets: [
    /^ ?(?:login|administrator) password (?:encrypted )?(?<secret>\S{1,256})/,
    /^ ?ipsec ike pre-shared-key \d{1,4} (?:text|hex)? ?(?<secret>\S{1,256})/,
    /^ {0,2}pp auth (?:username|myname) \S{1,64} (?<secret>\S{1,128})/,
    /^ {0,2}snmp community read-(?:only|write) (?<secret>\S{1,128})/,
    /^ ?login user \S{1,64} (?:encrypted )?(?<secret>\S{1,256})/,
  ],
}
