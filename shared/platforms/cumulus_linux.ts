import { lessPagers, shellRefusals } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const cumulusLinux: Platform = {
  id: 'cumulus_linux',
  name: 'NVIDIA Cumulus Linux',
  sources: [
    'captured sessions of an MSN2010 and a VX (oxidized, spec/model/data)',
    'Cumulus Linux User Guide: nv config show (NVUE), net show configuration commands (NCLU), /etc/frr/frr.conf',
    'Netmiko 4.6.0, facts of the driver CumulusLinuxSSH',
    'Oxidized 0.37, facts of the model cumulus',
  ],
  prompt: /^[\w.+-]{1,64}@[\w.-]{1,64}(?::mgmt\w{0,8})?:?[~\w/.-]{0,80}[$#]$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...lessPagers],
  captures: {
    running: {
      command: 'nv config show --color off',
      alternatives: ['net show configuration commands', 'cat /etc/network/interfaces /etc/frr/frr.conf'],
      complete: { contains: [/^(?:- (?:set|header):|net (?:add|del) |auto |iface |frr |source )/] },
    },
    serial: { command: 'decode-syseeprom' },
    os: { command: 'cat /etc/os-release' },
  },
  facts: [
    { of: 'os', pattern: /^VERSION_ID="?(?<version>[\w.]{1,20})/ },
    { of: 'serial', pattern: /^Serial Number {1,20}0x\w{2} {1,6}\d+ (?<serial>\S{1,40})/ },
    { of: 'serial', pattern: /^Product Name {1,20}0x\w{2} {1,6}\d+ (?<model>\S{1,40})/ },
    { of: 'prompt', pattern: /@(?<hostname>[\w.-]{1,64}?):/ },
  ],
  identify: { greeting: /Welcome to (?:NVIDIA )?Cumulus/ },
  rejections: [...shellRefusals, /^ERROR: /],
  volatile: [/^ {0,8}(?:rev-api-version|nvue-api-version)/],
  secrets: [
    // NVUE writes these secrets as the names of what they hold.
    /^ {2,40}(?:auth-(?:sha|md5)|encrypt-(?:aes|des)|readonly-community(?:-v6)?): ?\n {2,44}(?<secret>[^\s:]{1,128}):/,
    /^ {2,40}(?:encrypt-(?:aes|des)): ?\n {2,44}(?<secret>[^\s:]{1,128}):/,
    /^net add snmp-server readonly-community(?:-v6)? (?<secret>\S{1,128})/,
  ],
}
