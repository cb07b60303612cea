import { cliRefusals, enableBlank, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const extremeVsp: Platform = {
  id: 'extreme_vsp',
  name: 'Extreme VOSS, Fabric Engine',
  aliases: ['avaya_vsp'],
  sources: [
    'VOSS CLI Commands Reference: terminal more disable, show running-config, show sys-info',
    'Netmiko 4.6.0, facts of the driver ExtremeVspSSH',
    'Oxidized 0.37, facts of the model voss',
  ],
  prompt: /^[^\s#>]{1,64}[#>]$/,
  privilege: enableBlank,
  onOpen: [{ send: 'terminal more disable', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers, { prompt: /^.{0,40}Enter Ctrl-Y to begin\.?$/, reply: '\x19' }],
  captures: {
    running: {
      command: 'show running-config',
      alternatives: ['more config.cfg'],
      complete: { contains: [/^(?:# |#!|config terminal|enable$)/] },
    },
    // The same answer: it is asked for once.
    serial: { command: 'show sys-info' },
    os: { command: 'show sys-info' },
  },
  facts: [
    { of: 'os', pattern: /^ {0,8}SysDescr {1,20}: (?<model>\S{1,60}) \((?<version>[\d.]{3,20})\)/ },
    { of: 'os', pattern: /^ {0,8}SysName {1,20}: (?<hostname>\S{1,64})/ },
    { of: 'os', pattern: /^ {0,8}Serial# {1,20}: (?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: {
    answer: { command: 'show sys-info', line: /SysDescr {1,20}: (?:VSP|VOSS|FabricEngine|\d{4}\w{0,20})/ },
  },
  rejections: [...cliRefusals],
  volatile: [
    /^# (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) /,
    /^# \w{3} \w{3} {1,2}\d{1,2} /,
    /^Preparing to Display Configuration/,
  ],
  secrets: [...lineSecrets],
}
