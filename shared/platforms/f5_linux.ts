import { cliRefusals, lessPagers, morePagers, shellRefusals } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const f5Linux: Platform = {
  id: 'f5_linux',
  name: 'F5 BIG-IP shell',
  sources: [
    'F5 BIG-IP TMSH Reference: tmsh -q list',
    'Netmiko 4.6.0, facts of the driver F5LinuxSSH',
    'Oxidized 0.37, facts of the model tmos',
    'RANCID 3.14, facts of the type bigip',
  ],
  prompt:
    /^(?:\[[\w.-]{1,64}@[\w.-]{1,64}:[\w .:/-]{1,80}\] [\w~./-]{1,40} #|[\w.-]{1,64}@\([\w.-]{1,64}\)(?:\([\w .:/-]{0,80}\)){1,6}#|[\w.-]{1,64}@[\w.-]{1,64}:[~\w./-]{0,80}[#$])$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [
    { prompt: /^---\(less \d{1,3}%\)---$/, reply: ' ' },
    { prompt: /^Display all \d+ items\? \(y\/n\)$/, reply: 'y' },
    ...morePagers,
    ...lessPagers,
  ],
  captures: {
    running: {
      command: 'tmsh -q -c list | cat',
      alternatives: ['tmsh -q list'],
      complete: { balanced: '{}', blocks: 1 },
    },
    serial: { command: 'tmsh -q -c "show sys hardware" | cat' },
    os: { command: 'tmsh -q -c "show sys version" | cat' },
  },
  facts: [
    { of: 'os', pattern: /^ {1,4}Version {2,20}(?<version>\d[\w.]{1,20})/ },
    { of: 'serial', pattern: /^ {1,8}(?:Chassis Serial|Appliance Serial) {1,24}(?<serial>\S{1,40})/ },
    { of: 'serial', pattern: /^Platform\n(?:[^\n]{0,80}\n)?^ {1,4}Name {1,24}(?<model>[^\n]{1,40})/ },
    {
      of: 'running',
      pattern: /^sys global-settings \{\n(?:[^}\n]{0,200}\n){0,20}? {4}hostname (?<hostname>[\w.-]{1,64})/,
    },
    { of: 'prompt', pattern: /@\(?(?<hostname>[\w-]{1,64})/ },
  ],
  rejections: [...shellRefusals, /^Syntax Error: /, /^Unexpected Error: /, ...cliRefusals],
  volatile: [/^ {4,8}(?:last-fetch-time|last-login|checksum SHA1:|create-time|last-update-time) /],
  secrets: [
    /^ {4,24}(?:secret|password|passphrase|encrypted-password|auth-password|privacy-password|bind-pw|community-name|preshared-key(?:-encrypted)?|key-passphrase|service-account-password|client-secret|proxy-server-password|default-key) "?(?<secret>[^\s"{}]{1,1024})"?$/,
    /^ {4,12}community (?!none)(?<secret>[^\s{}]{1,128})$/,
    /^auth user[^{\n]{0,80}\{\n(?:[^}\n]{0,200}\n){0,8}? {4}encrypted-password (?<secret>\S{1,256})/,
  ],
  blocks: 'braces',
}
