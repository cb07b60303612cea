import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const nokiaSros: Platform = {
  id: 'nokia_sros',
  name: 'Nokia SR OS',
  aliases: ['alcatel_sros'],
  sources: [
    'Nokia SR OS Basic System Configuration Guide: environment, admin display-config, admin show configuration (MD-CLI)',
    'Netmiko 4.6.0, facts of the driver NokiaSrosSSH',
    'Oxidized 0.37, facts of the model sros',
    'RANCID 3.14, facts of the type sros',
  ],
  prompt: /^[*!]{0,2}[A-D]:(?:[\w.-]{1,64}@)?[\w.-]{1,64}(?:>[\w>"*$.():-]{0,100})?[#>]$/,
  promptNoise: /^[*!]{1,2}/,
  onOpen: [
    { send: 'environment no more', optional: true },
    { send: 'environment more false', optional: true },
  ],
  onClose: [{ send: 'logout' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'admin display-config',
      alternatives: ['admin show configuration'],
      complete: { lastLine: /^# Finished / },
    },
    serial: { command: 'show chassis' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^TiMOS-(?<version>\S{1,40})/ },
    { of: 'serial', pattern: /^ {0,4}Name {1,30}: (?<hostname>\S{1,64})/ },
    { of: 'serial', pattern: /^ {0,4}Type {1,30}: (?<model>[^\n]{1,60})/ },
    { of: 'serial', pattern: /^ {0,6}Serial number {1,30}: (?<serial>\S{1,40})/ },
    { of: 'prompt', pattern: /^[*!]{0,2}[A-D]:(?:[\w.-]{1,64}@)?(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { server: /Alcatel|Nokia|TiMOS|RomSShell/, answer: { command: 'show version', line: /^TiMOS-/ } },
  rejections: [/^(?:Error|MINOR|MAJOR|CRITICAL): /, /^ {0,80}\^$/, ...cliRefusals],
  volatile: [/^# (?:Generated|Finished) /],
  secrets: [
    /^ {0,32}(?:community|secret|authentication-key|auth-key|key|password|hello-authentication-key|pre-shared-key|encryption-key|message-digest-key \d{1,3} md5) "(?<secret>[^"\n]{1,512})"(?! members)/,
    /^ {0,32}community (?!")(?<secret>\S{1,128}) (?:hash2? )?access-permissions/,
  ],
}
