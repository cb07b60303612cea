import { cliRefusals, morePagers, shellRefusals } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const brocadeFos: Platform = {
  id: 'brocade_fos',
  name: 'Brocade Fabric OS',
  sources: [
    'Brocade Fabric OS Command Reference: configShow, version, chassisShow',
    'Netmiko 4.6.0, facts of the driver BrocadeFOSSSH',
    'Oxidized 0.37, facts of the model fabricos',
    'RANCID 3.14, facts of the type brocade',
  ],
  prompt: /^[\w.-]{1,64}:(?:FID\d{1,4}:)?[\w.-]{1,32}[#>]$/,
  enter: '\r',
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'configShow -all',
      alternatives: ['configShow'],
      complete: { contains: [/^\[[\w -]{1,60}\]?/, /^[\w.]{1,80}[:=]/] },
    },
    serial: { command: 'chassisShow' },
    os: { command: 'version' },
  },
  facts: [
    { of: 'os', pattern: /^Fabric OS: {1,12}v?(?<version>\S{1,40})/ },
    { of: 'serial', pattern: /^(?:Chassis Factory )?Serial Num: {1,20}(?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^(?<hostname>[\w.-]{1,64}):/ },
  ],
  identify: { answer: { command: 'version', line: /^Fabric OS: {1,12}v/ } },
  rejections: [...cliRefusals, ...shellRefusals, /^rbash: /],
  volatile: [/^date ?= /, /^\[?Configuration upload Information/, /^# Date /],
  secrets: [
    /^(?:passwdcfg|aaa|radius|ldap|tac|snmp|auth)[\w.]{0,80}(?:passwd|password|secret|key|Community)[\w.]{0,20}:(?<secret>[^\n]{1,256})$/,
    /^snmp\.(?:agtParty|v1comm|snmpv3\w{0,12})[\w.]{0,60}:(?<secret>[^\n]{1,256})$/,
  ],
  blocks: 'lines',
}
