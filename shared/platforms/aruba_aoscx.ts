import type { Platform } from './definition.ts'

export const arubaAoscx: Platform = {
  id: 'aruba_aoscx',
  name: 'Aruba AOS-CX',
  sources: [
    'AOS-CX Fundamentals Guide: no page, show running-config',
    'captured sessions of a 6100 and an 8325H (oxidized, spec/model/data)',
  ],
  prompt: /^[\w.@/+-]{1,64}(?:\([\w.@:/+-]{1,64}\))?[#>]$/,
  onOpen: [{ send: 'no page' }],
  onClose: [{ send: 'exit' }],
  pagers: [
    { prompt: /^-- MORE --, next page: Space/, reply: ' ' },
    { prompt: /Press any key to continue$/, reply: ' ' },
  ],
  captures: {
    running: {
      command: 'show running-config',
      complete: { contains: [/^Current configuration:$/, /^!Version \S/] },
    },
    serial: { command: 'show system' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^Version {1,20}: (?<version>\S{1,40})/ },
    { of: 'serial', pattern: /^Hostname {1,40}: (?<hostname>\S{1,64})/ },
    { of: 'serial', pattern: /^Chassis Serial Nbr {1,40}: (?<serial>\S{1,40})/ },
    { of: 'serial', pattern: /^Product Name {1,40}: (?<model>[^\n]{1,80}?) *$/ },
  ],
  identify: { answer: { command: 'show version', line: /^(?:ArubaOS-CX|AOS-CX)/ } },
  rejections: [
    /^Invalid input: /,
    /^% Command incomplete\.?$/,
    /^% Unknown command/,
    /^Cannot execute command\./,
  ],
  volatile: [],
  secrets: [
    /^[^\n]{1,300}? (?:ciphertext|plaintext) (?<secret>\S{1,1024})/,
    // A second one on the same line, as for SNMPv3 users.
    /(?<= (?:ciphertext|plaintext) \S{1,1024} [^\n]{1,80} (?:ciphertext|plaintext) )(?<secret>\S{1,1024})/,
    /^snmp-server community (?<secret>\S{1,256})/,
    /^snmp-server host \S{1,64} (?:[^\n]{0,80} )?community (?<secret>\S{1,256})/,
  ],
}
