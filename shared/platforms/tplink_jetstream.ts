import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const tplinkJetstream: Platform = {
  id: 'tplink_jetstream',
  name: 'TP-Link JetStream, DeltaStream',
  sources: [
    'TP-Link JetStream CLI Reference Guide: show running-config, show system-info',
    'a captured session of a DS-P7001 (oxidized, spec/model/data)',
    'Netmiko 4.6.0, facts of the driver TPLinkJetStreamSSH',
    'Oxidized 0.37, facts of the model tplink',
  ],
  prompt: /^[\w.@:/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  enter: '\r\n',
  privilege: {
    from: />$/,
    command: 'enable',
    secretPrompt: /^Password ?:$/i,
    secret: 'blank',
    refused: [/[Ee]rror/i, /incorrect/i, /invalid/i],
  },
  onOpen: [{ send: 'terminal length 0', optional: true }],
  onClose: [{ send: 'exit' }, { send: 'logout' }],
  pagers: [{ prompt: /^.{0,10}Press ?any ?key ?to ?continue ?\(Q ?to ?quit\)$/, reply: ' ' }, ...morePagers],
  captures: {
    running: { command: 'show running-config', complete: { lastLine: /^end$/ } },
    serial: { command: 'show system-info' },
    os: { command: 'show system-info' },
  },
  facts: [
    { of: 'os', pattern: /^ {0,4}Software Version {1,12}- (?<version>[^\n]{1,60})/ },
    { of: 'os', pattern: /^ {0,4}Hardware Version {1,12}- (?<model>[^\n]{1,60})/ },
    { of: 'os', pattern: /^ {0,4}Serial Number {1,12}- (?<serial>\S{1,40})/ },
    { of: 'os', pattern: /^ {0,4}System Name {1,12}- (?<hostname>\S{1,64})/ },
  ],
  identify: { answer: { command: 'show system-info', line: /System Description {1,12}- / } },
  rejections: [/^ {0,4}Error: ?(?:Bad command|Invalid|Incomplete|Unrecognized)/, ...cliRefusals],
  volatile: [],
  secrets: [...lineSecrets],
}
