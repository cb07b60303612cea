import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const dlinkDs: Platform = {
  id: 'dlink_ds',
  name: 'D-Link DES, DGS',
  sources: [
    'D-Link DGS CLI Reference Guide: show config, show switch, disable clipaging',
    'Netmiko 4.6.0, facts of the driver DlinkDSSSH',
    'Oxidized 0.37, facts of the model dlink',
  ],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.@()/-]{1,64}(?::[\w-]{1,20})?[#>]$/,
  enter: '\r\n',
  // `disable clipaging` lasts until it is enabled again: the pager is answered.
  onOpen: [],
  onClose: [{ send: 'logout' }],
  pagers: [{ prompt: /^.{0,80}(?:a All|ALL).{0,20}$/, reply: 'a' }, ...morePagers],
  captures: {
    running: {
      command: 'show config current_config',
      alternatives: ['show config current', 'show running-config'],
      complete: { contains: [/^(?:#|config |enable |disable |create )/] },
    },
    serial: { command: 'show switch' },
    os: { command: 'show switch' },
  },
  facts: [
    { of: 'os', pattern: /^Firmware Version {0,40}: ?(?:Build )?(?<version>\S{1,30})/ },
    { of: 'serial', pattern: /^Serial Number {0,40}: ?(?<serial>\S{1,30})/ },
    { of: 'os', pattern: /^Device Type {0,40}: ?(?<model>\S{1,30})/ },
    { of: 'os', pattern: /^System Name {0,40}: ?(?<hostname>\S{1,64})/ },
  ],
  identify: { answer: { command: 'show switch', line: /^Device Type {0,20}: ?D[EGX]S-/ } },
  rejections: [
    /^(?:Available commands|Next possible completions|Fail!|Invalid (?:command|password))/,
    ...cliRefusals,
  ],
  volatile: [/^#? ?(?:System Up|Current) Time/],
  secrets: [
    ...lineSecrets,
    /^create snmp community (?<secret>\S{1,128})/,
    /^config (?:radius|authen)[^\n]{0,120}? key "?(?<secret>[^\s"]{1,128})/,
    /(?<secret>\*@[&!]\S{4,256})/,
  ],
  blocks: 'lines',
}
