import type { Platform } from './definition.ts'

export const juniperJunos: Platform = {
  id: 'juniper_junos',
  name: 'Juniper Junos',
  aliases: ['juniper'],
  sources: [
    'Junos CLI Reference: set cli screen-length, show configuration | display omit',
    'a captured session of an SRX300 (oxidized, spec/model/data)',
  ],
  prompt: /^[\w.-]{1,64}@[\w.-]{1,64}[>#%]$/,
  onOpen: [{ send: 'set cli screen-length 0' }, { send: 'set cli screen-width 0', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [{ prompt: /^---\(more(?: \d{1,3}%)?\)---$/, reply: ' ' }],
  captures: {
    running: {
      // `display omit` also shows what is marked to be left out, such as the base of a template.
      command: 'show configuration | display omit',
      alternatives: ['show configuration'],
      complete: { balanced: '{}', blocks: 1 },
    },
    serial: { command: 'show chassis hardware' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'os', pattern: /^Junos: (?<version>\S{1,40})/ },
    { of: 'os', pattern: /^Model: (?<model>\S{1,40})/ },
    { of: 'os', pattern: /^Hostname: (?<hostname>\S{1,64})/ },
    { of: 'serial', pattern: /^Chassis {1,60}(?<serial>[A-Z0-9]{6,20}) {1,20}\S/ },
    { of: 'prompt', pattern: /@(?<hostname>[\w.-]{1,64})/ },
  ],
  identify: { greeting: /^--- JUNOS /, answer: { command: 'show version', line: /^(?:Junos: |JUNOS )/ } },
  rejections: [
    /^unknown command\.?$/,
    /^syntax error/,
    /^error: (?:permission denied|command is not valid)/,
    /is ambiguous\.?$/,
    /^No valid completions$/,
  ],
  volatile: [/^## Last (?:commit|changed): /],
  lastChange: /^## Last commit: (?<at>[\w :+-]{8,40}) by (?<by>[\w.@\\-]{1,64})$/,
  secrets: [
    // Junos marks them itself.
    /^[^\n]{0,200}? (?<secret>"[^"\n]{1,1024}"|[^"\s;]{1,1024}); ## SECRET-DATA$/,
    /"(?<secret>\$(?:1|5|6|8|9|sha1)\$[^"\n]{1,512})"/,
    // In policies a community is followed by its members; in SNMP by a block.
    /^ {0,16}community "?(?<secret>[^\s"{;]{1,256})"? \{/,
  ],
  blocks: 'braces',
}
