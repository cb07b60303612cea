import type { Platform } from './definition.ts'

export const paloaltoPanos: Platform = {
  id: 'paloalto_panos',
  name: 'Palo Alto PAN-OS',
  sources: ['PAN-OS CLI Quick Start: set cli pager off, set cli scripting-mode on, show config running'],
  prompt: /^[\w.-]{1,64}@[\w.-]{1,64}(?:\([\w-]{1,40}\))?[>#]$/,
  onOpen: [
    { send: 'set cli scripting-mode on', optional: true },
    { send: 'set cli pager off' },
    { send: 'set cli terminal width 500', optional: true },
  ],
  onClose: [{ send: 'exit' }],
  pagers: [
    { prompt: /^lines \d+-\d+$/, reply: ' ' },
    { prompt: /^Do you accept and acknowledge the statement above \? \(yes\/no\) ?:$/, reply: 'yes\n' },
  ],
  captures: {
    running: { command: 'show config running', complete: { balanced: '{}', blocks: 1 } },
    serial: { command: 'show system info' },
    os: { command: 'show system info' },
  },
  facts: [
    { of: 'os', pattern: /^sw-version: (?<version>\S{1,40})/ },
    { of: 'os', pattern: /^model: (?<model>\S{1,40})/ },
    { of: 'os', pattern: /^serial: (?<serial>\S{1,40})/ },
    { of: 'os', pattern: /^hostname: (?<hostname>\S{1,64})/ },
  ],
  identify: { answer: { command: 'show system info', line: /^(?:sw-version|panorama-version|family): / } },
  rejections: [
    /^Unknown command: /,
    /^Invalid syntax\.$/,
    /^Server error : /,
    /^Command .{0,80} not allowed/,
  ],
  volatile: [],
  secrets: [
    /^ {0,64}(?:phash|password|secret|key|pre-shared-key|bind-password|auth-password|priv-password|authpwd|privpwd|snmp-community-string|passphrase|private-key|api-key) (?<secret>"[^"\n]{1,8192}"|[^\s";]{1,8192});/,
  ],
  blocks: 'braces',
}
