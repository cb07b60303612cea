import type { Platform } from './definition.ts'
import { lineSecrets, snmpHostSecret } from './line-secrets.ts'

export const ciscoNxos: Platform = {
  id: 'cisco_nxos',
  name: 'Cisco NX-OS',
  sources: [
    'Cisco Nexus 9000 Fundamentals Configuration Guide: terminal length, show running-config',
    'a captured session of a C93180YC-FX3 (oxidized, spec/model/data)',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  onOpen: [{ send: 'terminal length 0' }, { send: 'terminal width 511', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [{ prompt: /^ ?--More--$/, reply: ' ' }],
  captures: {
    // NX-OS prints nothing after its last line, so the session asks for the prompt once more.
    running: { command: 'show running-config', complete: { contains: [/^version \d/] } },
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^ {1,4}(?:NXOS|system): {1,4}version (?<version>\S{1,40})/ },
    { of: 'os', pattern: /^ {1,4}cisco (?<model>Nexus ?\d{0,5} \S{1,40}|\S{1,60}) {1,4}[Cc]hassis/ },
    { of: 'os', pattern: /^ {1,4}Processor Board ID (?<serial>\S{1,40})/ },
    { of: 'os', pattern: /^ {1,4}Device name: (?<hostname>\S{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /^Cisco Nexus Operating System/ } },
  rejections: [
    /^% ?(?:Invalid|Incomplete|Ambiguous) (?:command|parameter|input|number)/,
    /^% ?Permission denied/,
    /^Syntax error while parsing/,
  ],
  volatile: [/^!Time: /, /^!Running configuration last done at: /, /^!NVRAM config last saved at /],
  secrets: [...lineSecrets, snmpHostSecret],
}
