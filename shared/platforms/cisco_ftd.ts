import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const ciscoFtd: Platform = {
  id: 'cisco_ftd',
  name: 'Cisco Firepower Threat Defense',
  sources: [
    'Cisco Secure Firewall Threat Defense Command Reference: show running-config, show version system',
    'a captured session of an FPR-1010 (oxidized, spec/model/data)',
    'Netmiko 4.6.0, facts of the driver CiscoFtdSSH',
    'Oxidized 0.37, facts of the model firelinuxos',
  ],
  prompt: /^(?:[\w.-]{1,64})?[#>]$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config all',
      alternatives: ['show running-config'],
      complete: { lastLine: /^: end$/ },
    },
    serial: { command: 'show inventory' },
    os: { command: 'show version system' },
  },
  facts: [
    { of: 'os', pattern: /^Model {1,40}: (?<model>[^\n]{1,80}?)(?: \(\d+\))? Version (?<version>\S{1,20})/ },
    { of: 'os', pattern: /^Serial Number: (?<serial>\S{1,40})/ },
    { of: 'serial', pattern: /SN: (?<serial>\S{1,40})/ },
    { of: 'running', pattern: /^hostname (?<hostname>[\w.-]{1,64})/ },
  ],
  identify: {
    greeting: /Firepower Extensible Operating System|Threat Defense/,
    answer: { command: 'show version system', line: /Threat Defense/ },
  },
  rejections: [/^Syntax error: /, /^(?:ERROR|%Error)[: ]/, ...cliRefusals],
  volatile: [/^Cryptochecksum:/, /^: (?:Written by|Saved$)/, /^: Hardware:/, /^ntp clock-period /],
  secrets: [
    ...lineSecrets,
    /^passwd (?<secret>\S{1,256})/,
    /^ {0,4}ldap-login-password (?:\d )?(?<secret>\S{1,256})/,
    /^failover (?:key|ipsec pre-shared-key) (?:\d )?(?<secret>\S{1,256})/,
  ],
}
