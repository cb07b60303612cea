import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const netscaler: Platform = {
  id: 'netscaler',
  name: 'Citrix NetScaler',
  sources: [
    'Citrix ADC Command Reference: set cli mode, show ns runningConfig, show ns version, show ns hardware',
    'Netmiko 4.6.0, facts of the driver NetscalerSSH',
    'Oxidized 0.37, facts of the model netscaler',
    'RANCID 3.14, facts of the type netscaler',
  ],
  prompt: /^(?:[\w.-]{1,64})?>$/,
  onOpen: [{ send: 'set cli mode -page OFF', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show ns runningConfig',
      alternatives: ['show runningconfig', 'show ns ns.conf'],
      complete: { lastLine: /^ ?Done$/ },
    },
    serial: { command: 'show ns hardware' },
    os: { command: 'show ns version' },
  },
  facts: [
    { of: 'os', pattern: /NetScaler (?<version>NS[\d.]{2,12}: Build \d{1,4}\.\d{1,4})/ },
    { of: 'serial', pattern: /Serial no: {0,4}(?<serial>\S{1,40})/ },
    { of: 'serial', pattern: /^\s{0,8}Platform: (?<model>\S{1,60})/ },
    { of: 'running', pattern: /^set ns hostName "?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show ns version', line: /NetScaler NS\d/ } },
  rejections: [/^ERROR: /, ...cliRefusals],
  volatile: [/^ ?Done$/, /^# ?Last modified (?:by|Time)/],
  secrets: [
    /(?<= -(?:password|passcrypt|radKey|ldapBindDnPassword|tacacsSecret|psk|passPhrase|clientSecret|keyValue|authpasswd|privpasswd|kcdPassword|userPassword|secret|key) )(?<secret>"[^"\n]{1,512}"|\S{1,512})/,
    /^(?:set|add) system user \S{1,64} (?!-)(?<secret>\S{1,512})/,
    /^add snmp community (?<secret>\S{1,128})/,
  ],
  blocks: 'lines',
}
