import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const ruckusFastiron: Platform = {
  id: 'ruckus_fastiron',
  name: 'Ruckus FastIron, ICX',
  aliases: ['brocade_fastiron'],
  sources: [
    'Ruckus FastIron Command Reference: skip-page-display, show running-config',
    'a captured session of an ICX7150 stack (oxidized, spec/model/data)',
    'Netmiko 4.6.0, facts of the driver RuckusFastironSSH',
    'Oxidized 0.37, facts of the model fastiron',
    'RANCID 3.14, facts of the type foundry',
  ],
  prompt: /^(?:(?:SSH|ssh|telnet|TELNET)@)?[\w.@#/+-]{1,80}(?:\([\w.:/-]{1,64}\))?[#>]$/,
  promptNoise: /#{1,2}$/,
  enter: '\r\n',
  privilege: {
    from: />$/,
    command: 'enable',
    secretPrompt: /^(?:Enable )?Password ?:$/i,
    usernamePrompt: /^User ?Name: ?$/i,
    refused: [/^Error ?- ?incorrect/i, /^Error ?- /i, /authentication (?:failed|failure)/i],
  },
  onOpen: [
    { send: 'skip-page-display', optional: true },
    { send: 'terminal length 0', optional: true },
  ],
  onClose: [{ send: 'exit' }, { send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: { command: 'show running-config', complete: { lastLine: /^end$/ } },
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /SW: Version (?<version>\S{1,40})/ },
    { of: 'os', pattern: /IronWare : Version (?<version>\S{1,40})/ },
    { of: 'os', pattern: /HW: (?:Stackable |Chassis )?(?<model>[^\n]{1,40}?)$/ },
    { of: 'os', pattern: /Serial {0,3}#:? {0,4}(?<serial>[\w-]{4,40})/ },
    { of: 'os', pattern: /^System Mode: (?<model>\S{1,20})/ },
    { of: 'prompt', pattern: /^(?:(?:SSH|telnet)@|(?!SSH@|telnet@))(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: {
    server: /RomSShell|mpSSH|Foundry|Ruckus/,
    answer: { command: 'show version', line: /Ruckus (?:Networks|Wireless)|UNIT 1: compiled on/ },
  },
  rejections: [
    ...cliRefusals,
    /^(?:Invalid input|Unrecognized command|Incomplete command|Ambiguous input) ?->?/,
    /^Error ?- /,
  ],
  volatile: [/^!?Building configuration\.{0,3}$/, /^Current configuration ?: \d+ bytes$/],
  secrets: [
    ...lineSecrets,
    /^ {0,8}snmp-server host \S{1,64} version v?[12]c? (?:\d )?(?<secret>\S{1,256})/,
    /^ {0,8}snmp-server community \d (?<secret>\S{1,256})/,
    /^ {0,8}enable (?:super-user|port-config|read-only)-password (?:\d )?(?<secret>\S{1,256})/,
    /^ {0,8}neighbor \S{1,64} password \d (?<secret>\S{1,256})/,
  ],
}
