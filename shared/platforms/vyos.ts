import type { Platform } from './definition.ts'

export const vyos: Platform = {
  id: 'vyos',
  name: 'VyOS',
  aliases: ['vyatta_vyos', 'brocade_vyos'],
  sources: [
    'VyOS documentation: command line interface, show configuration commands',
    'a captured session of VyOS 1.4.3 (oxidized, spec/model/data)',
  ],
  prompt: /^[\w.-]{1,64}@[\w.-]{1,64}(?::[\w~/.-]{1,80})?[$#>]$/,
  onOpen: [{ send: 'set terminal length 0', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [{ prompt: /^(?:--More--|:|lines \d+-\d+.{0,40}|\(END\))$/, reply: ' ' }],
  captures: {
    running: { command: 'show configuration commands | no-more', complete: { contains: [/^set \S/] } },
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^Version: {1,20}(?:VyOS )?(?<version>\S{1,40})/ },
    { of: 'os', pattern: /^Hardware model: {1,20}(?<model>[^\n]{1,60})/ },
    { of: 'os', pattern: /^Hardware S\/N: {1,20}(?<serial>[^\n]{1,40})/ },
    { of: 'prompt', pattern: /@(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: {
    greeting: /Welcome to VyOS/,
    answer: { command: 'show version', line: /^Version: {1,20}VyOS/ },
  },
  rejections: [
    /^ {0,4}Invalid command: /,
    /^ {0,4}(?:Ambiguous|Incomplete) command: /,
    /^Permission denied$/,
    /^-?vbash: /,
  ],
  volatile: [],
  secrets: [
    /^set (?![^\n]{0,300} public-keys )[^\n]{1,300}? (?:encrypted-password|plaintext-password|password|pre-shared-secret|shared-secret|secret|private-key|preshared-key|passphrase|auth-key|md5-key|key) (?<secret>'[^'\n]{1,8192}'|\S{1,8192})$/,
    /^set service snmp (?:v3 [^\n]{1,120}? (?:plaintext-key|encrypted-key|plaintext-password|encrypted-password)|community) (?<secret>'[^'\n]{1,256}'|\S{1,256})/,
  ],
  blocks: 'lines',
}
