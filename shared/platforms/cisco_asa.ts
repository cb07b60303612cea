import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const ciscoAsa: Platform = {
  id: 'cisco_asa',
  name: 'Cisco ASA',
  sources: [
    'Cisco Secure Firewall ASA Command Reference: terminal pager, more system:running-config, enable',
  ],
  prompt: /^[\w.@:/+-]{1,80}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  privilege: {
    from: />$/,
    command: 'enable',
    secretPrompt: /^Password:$/,
    refused: [/^(?:Invalid password|Access denied|ERROR: % )/],
  },
  onOpen: [{ send: 'terminal pager 0' }],
  onClose: [{ send: 'exit' }],
  pagers: [{ prompt: /^<--- More --->$/, reply: ' ' }],
  captures: {
    running: {
      // `show running-config` hides keys behind asterisks; a context of a multi-context device knows only that one.
      command: 'more system:running-config',
      alternatives: ['show running-config'],
      complete: { lastLine: /^: end$/ },
    },
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^Cisco Adaptive Security Appliance Software Version (?<version>\S{1,40})/ },
    { of: 'os', pattern: /^Hardware: {1,8}(?<model>[^,\n]{1,60})/ },
    { of: 'os', pattern: /^Serial Number: (?<serial>\S{1,40})/ },
    { of: 'running', pattern: /^hostname (?<hostname>[\w.-]{1,64})/ },
  ],
  identify: {
    server: /^SSH-2\.0-Cisco-/,
    answer: { command: 'show version', line: /^Cisco Adaptive Security Appliance Software/ },
  },
  rejections: [/^ERROR: (?:% )?/, /^Command authorization failed/, /^%Error (?:opening|reading) /],
  volatile: [/^Cryptochecksum:/, /^: Written by /, /^: Saved$/, /^ntp clock-period /],
  secrets: [
    ...lineSecrets,
    // Until 7.0 the key was the last word of the server's line.
    /^aaa-server \S{1,64} \(\S{1,64}\) host \S{1,64} (?!timeout )(?<secret>\S{1,256})/,
    /^passwd (?<secret>\S{1,256})/,
    /^snmp-server host \S{1,64} \S{1,64} community (?:\d )?(?<secret>\S{1,256})/,
    /^failover (?:key|ipsec pre-shared-key) (?:\d )?(?<secret>\S{1,256})/,
    /^ {0,4}ldap-login-password (?:\d )?(?<secret>\S{1,256})/,
    /^vpdn username \S{1,64} password (?:\d )?(?<secret>\S{1,256})/,
  ],
}
