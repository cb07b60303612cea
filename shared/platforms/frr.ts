import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const frr: Platform = {
  id: 'frr',
  name: 'FRRouting (vtysh)',
  sources: ['FRRouting User Guide: VTY shell; tried with FRR 8.4 and vtysh as login shell behind OpenSSH'],
  prompt: /^[\w.@/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [{ prompt: /^ ?--More--$/, reply: ' ' }],
  captures: {
    running: { command: 'show running-config', complete: { lastLine: /^end$/ } },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^FRRouting (?<version>\S{1,40})/ },
    { of: 'running', pattern: /^hostname (?<hostname>[\w.-]{1,64})/ },
    { of: 'prompt', pattern: /^(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /^FRRouting \d/ } },
  rejections: [/^% ?(?:Unknown command|Ambiguous command|Command incomplete|There is no matched command)/],
  volatile: [/^Building configuration\.\.\.$/],
  secrets: lineSecrets,
}
