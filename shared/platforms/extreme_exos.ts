import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const extremeExos: Platform = {
  id: 'extreme_exos',
  name: 'Extreme EXOS, Switch Engine',
  aliases: ['extreme'],
  sources: [
    'ExtremeXOS Command Reference Guide: disable clipaging, show configuration, show version, show switch',
    'Netmiko 4.6.0, facts of the driver ExtremeExosSSH',
    'Oxidized 0.37, facts of the model xos',
    'RANCID 3.14, facts of the type extreme',
  ],
  prompt: /^(?:[*!] ?){0,2}(?:Slot-\d{1,2} ?)?(?:\([\w ]{1,20}\) ?)?[\w .~-]{1,64}(?:[.:]\d{1,6}) ?[#>]$/,
  promptNoise: /^(?:[*!] ?){1,2}|[.:]\d{1,6}(?= ?[#>]$)/g,
  enter: '\r\n',
  onOpen: [
    { send: 'disable clipaging session', optional: true },
    { send: 'disable clipaging', optional: true },
    { send: 'disable cli prompting', optional: true },
  ],
  onClose: [{ send: 'exit' }, { send: 'n' }],
  pagers: [{ prompt: /^Press <SPACE> to continue or <Q> to quit:?$/, reply: ' ' }, ...morePagers],
  captures: {
    running: {
      command: 'show configuration',
      complete: { contains: [/^# Module \w{1,40} configuration\.?$/] },
    },
    serial: { command: 'show version' },
    os: { command: 'show version' },
    model: { command: 'show switch' },
  },
  facts: [
    { of: 'os', pattern: /IMG: (?<version>[\d.]{3,30})/ },
    { of: 'serial', pattern: /^(?:Switch|Chassis|Slot-1) {1,12}: \S{1,30} (?<serial>\S{1,30}) Rev/ },
    { of: 'model', pattern: /^System Type: {1,12}(?<model>\S{1,40})/ },
    { of: 'model', pattern: /^SysName: {1,12}(?<hostname>\S{1,64})/ },
    { of: 'prompt', pattern: /^(?:[*!] ?){0,2}(?<hostname>[\w~-]{1,64})[.:]/ },
  ],
  identify: { answer: { command: 'show version', line: /ExtremeXOS|IMG: / } },
  rejections: [/^%% ?(?:Invalid|Incomplete|Ambiguous|Unrecognized)/, /^Error: /, ...cliRefusals],
  volatile: [],
  secrets: [
    /^(?:create|configure) account (?:admin|user)?[^\n]{0,80}?(?:encrypted )"?(?<secret>[^\s"]{4,256})/,
    /^(?:configure|create) (?:radius|tacacs)[^\n]{0,120}?shared-secret (?:encrypted )?"?(?<secret>[^\s"]{1,256})/,
    /^configure snmp(?:v3)? add community (?:"?(?:read-only|readonly|readwrite)"? )?(?:hex |encrypted )?"?(?<secret>[^\s"]{1,256})/,
    /(?<=^configure snmpv3 add community \S{1,128} (?:encrypted )?name )(?:hex |encrypted )?"?(?<secret>[^\s"]{1,256})/,
    /^enable snmp community "?(?<secret>[^\s"]{1,256})/,
    /^configure snmpv3 add user [^\n]{1,120}?(?:localized-key|authentication (?:md5|sha)) (?:localized-key )?(?<secret>\S{1,256})/,
    /(?<= privacy (?:des|3des|aes ?\d{0,3}) )(?:localized-key )?(?<secret>\S{1,256})/,
  ],
  blocks: 'lines',
}
