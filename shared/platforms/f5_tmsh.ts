import { cliRefusals, lessPagers, morePagers, shellRefusals } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const f5Tmsh: Platform = {
  id: 'f5_tmsh',
  name: 'F5 BIG-IP tmsh',
  aliases: ['f5_ltm'],
  sources: [
    'F5 BIG-IP TMSH Reference: list, show sys version, show sys hardware',
    'Netmiko 4.6.0, facts of the driver F5TmshSSH',
    'Oxidized 0.37, facts of the model tmos',
    'RANCID 3.14, facts of the type bigip13',
    'RANCID 3.14, facts of the type bigip',
  ],
  unsure: ['how long a list with all properties takes on large systems'],
  prompt:
    /^(?:\[[\w.-]{1,64}@[\w.-]{1,64}:[\w .:/-]{1,80}\] [\w~./-]{1,40} #|[\w.-]{1,64}@\([\w.-]{1,64}\)(?:\([\w .:/-]{0,80}\)){1,6}#|[\w.-]{1,64}@[\w.-]{1,64}:[~\w./-]{0,80}[#$])$/,
  // `modify cli preference` would change what is kept for the user: the pager is answered.
  onOpen: [{ send: 'tmsh', changesPrompt: true, optional: true }],
  onClose: [{ send: 'quit' }, { send: 'exit' }],
  pagers: [
    { prompt: /^---\(less \d{1,3}%\)---$/, reply: ' ' },
    { prompt: /^Display all \d+ items\? \(y\/n\)$/, reply: 'y' },
    ...morePagers,
    ...lessPagers,
  ],
  captures: {
    running: {
      command: 'list all-properties recursive',
      alternatives: ['list'],
      complete: { balanced: '{}', blocks: 1 },
    },
    serial: { command: 'show sys hardware' },
    os: { command: 'show sys version' },
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
  identify: {
    greeting: /\(tmos\)#$/,
    answer: { command: 'show sys version', line: /^ {1,4}Product {2,20}BIG-IP/ },
  },
  rejections: [...shellRefusals, /^Syntax Error: /, /^Unexpected Error: /, ...cliRefusals],
  volatile: [/^ {4,8}(?:last-fetch-time|last-login|checksum SHA1:|create-time|last-update-time) /],
  secrets: [
    /^ {4,24}(?:secret|password|passphrase|encrypted-password|auth-password|privacy-password|bind-pw|community-name|preshared-key(?:-encrypted)?|key-passphrase|service-account-password|client-secret|proxy-server-password|default-key) "?(?<secret>[^\s"{}]{1,1024})"?$/,
    /^ {4,12}community (?!none)(?<secret>[^\s{}]{1,128})$/,
    /^auth user[^{\n]{0,80}\{\n(?:[^}\n]{0,200}\n){0,8}? {4}encrypted-password (?<secret>\S{1,256})/,
  ],
  limits: { startMs: 120_000, outputBytes: 67_108_864 },
  blocks: 'braces',
}
