import type { Platform } from './definition.ts'
import { lineSecrets, snmpHostSecret } from './line-secrets.ts'

export const aristaEos: Platform = {
  id: 'arista_eos',
  name: 'Arista EOS',
  sources: ['Arista EOS User Manual: terminal length, enable, show running-config'],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?(?:\.\.)?[#>]$/,
  privilege: {
    from: />$/,
    command: 'enable',
    secretPrompt: /^Password:$/,
    refused: [/^% (?:Bad secret|Authentication failed|Authorization denied)/],
  },
  onOpen: [{ send: 'terminal length 0' }, { send: 'terminal width 32767', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [{ prompt: /^ ?--More--$/, reply: ' ' }],
  captures: {
    running: { command: 'show running-config', complete: { lastLine: /^end$/ } },
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^(?<model>(?:Arista )?(?:DCS-|CCS-|vEOS|cEOS)[\w-]{0,40})/ },
    { of: 'os', pattern: /^Software image version: (?<version>\S{1,40})/ },
    { of: 'os', pattern: /^Serial number: {1,8}(?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { answer: { command: 'show version', line: /^(?:Arista |vEOS|cEOS)/ } },
  rejections: [
    /^% ?(?:Invalid input|Incomplete command|Ambiguous command|Unavailable command|Authorization denied|Error)/,
  ],
  volatile: [/^! Time: /, /^! Last configuration change at /],
  secrets: [...lineSecrets, snmpHostSecret],
}
