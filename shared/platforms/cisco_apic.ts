import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const ciscoApic: Platform = {
  id: 'cisco_apic',
  name: 'Cisco APIC',
  sources: [
    'Cisco APIC NX-OS Style CLI Configuration Guide: show running-config, terminal length',
    'Netmiko 4.6.0, facts of the driver CiscoApicSSH',
  ],
  unsure: ['the field of the serial number', 'version field'],
  prompt: /^(?:[\w.-]{1,64}@[\w.-]{1,64}:[~\w/.-]{1,80}[$>#]|[\w.-]{1,64}(?:\([\w:-]{1,40}\))?#)$/,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show running-config', complete: { contains: [/^# Command: show running-config/] } },
    // The same answer: it is asked for once.
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    {
      of: 'os',
      pattern: /^ {0,8}(?:controller|1) {1,20}\S{1,10} {1,20}\S{1,40} {1,20}(?<version>\d[\w.()]{2,20})/,
    },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [/^ {0,8}# Time: /],
  secrets: [...lineSecrets],
}
