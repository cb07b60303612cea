import type { Platform } from './definition.ts'

/** Common ways to say that a command is unknown or forbidden. */
const refusals = [
  /^ ?\^ *$/,
  /^ ?(?:%|\^|!|#|\?|\*)? ?(?:Error: ?)?(?:Invalid|Unknown|Unrecogni[sz]ed|Incomplete|Ambiguous|Illegal|Bad) (?:input|command|cmd|parameter|keyword|token|syntax|option|argument)/i,
  /^ ?%? ?(?:Error: ?)?(?:Permission|Access|Authorization|Command authorization|Command) (?:denied|failed|is not authorized|not (?:found|allowed|authorized|permitted|recognized))/i,
  /\b(?:command not found|not found|no such command|syntax error|parse error)\b/i,
]

/**
 * For devices of which we do not know how they show their configuration. It tries the usual commands and keeps what
 * one of them shows, if it is a text of some lines that ends in the prompt twice; it knows no end of a configuration.
 */
export const generic: Platform = {
  id: 'generic',
  name: 'Generic: prompt and usual commands',
  aliases: [
    'autodetect',
    'cisco_tp',
    'cloudgenix_ion',
    'dell_isilon',
    'ericsson_mltn63',
    'ericsson_mltn66',
    'generic_termserver',
    'genexis_solt33',
    'keymile',
    'mikrotik_switchos',
    'netapp_cdot',
    'optilink_eolt11444',
    'sophos_sfos',
    'terminal_server',
    'vertiv_mph',
  ],
  sources: ['what most command lines have in common; no manual'],
  missing: {
    generic: 'everything that is particular to a platform: paging, privilege, end of the configuration',
    autodetect: 'recognised first; this is only how the version commands are asked',
    cisco_tp: 'xConfiguration has no prompt and no end that a source describes',
    cloudgenix_ion: 'a command that shows the whole configuration; the controller holds it',
    dell_isilon: 'the configuration is spread over many commands',
    ericsson_mltn63: 'a configuration command; it is exported to a file server',
    ericsson_mltn66: 'a configuration command; it is exported to a file server',
    genexis_solt33: 'a configuration command in any source',
    keymile: 'a configuration command; it is exported to a file server',
    mikrotik_switchos: 'a command line; the configuration is a binary file over HTTP',
    netapp_cdot: 'the configuration is spread over many commands',
    optilink_eolt11444: 'a configuration command in any source',
    sophos_sfos: 'a command line: the login leads to a menu, the configuration is exported as a file',
    vertiv_mph: 'a configuration command in any source',
    generic_termserver: 'a terminal server leads to other devices and has no configuration of its own here',
    terminal_server: 'a terminal server leads to other devices and has no configuration of its own here',
  },
  prompt: /^(?:[\w.@<[(*~/].{0,80})?[#>$%\]]$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [
    { prompt: /^ ?-{1,6} ?\(?more\b.{0,60}$/i, reply: ' ' },
    { prompt: /^(?:<-{2,4} ?More ?-{2,4}>|lines \d{1,6}-\d{1,6}.{0,40}|:|\(END\))$/i, reply: ' ' },
    { prompt: /press (?:any|space|enter) ?(?:key|bar)?.{0,40}(?:continue|more).{0,40}$/i, reply: ' ' },
  ],
  captures: {
    running: {
      command: 'show running-config',
      alternatives: [
        'show running-configuration',
        'show configuration',
        'display current-configuration',
        'show config',
        '/export',
      ],
      complete: { contains: [/^ {0,8}(?:hostname|interface|system|ip|set|add|vlan|version)\b/] },
    },
    os: { command: 'show version' },
  },
  facts: [{ of: 'prompt', pattern: /^[<[(]?(?:[\w.-]{1,64}@)?(?<hostname>[A-Za-z][\w.-]{0,62})/ }],
  rejections: refusals,
  volatile: [
    /^Building configuration\.\.\.$/,
    /^Current configuration ?:/,
    /^[!#] ?(?:Time|Date|Last (?:configuration )?change)\b/i,
  ],
  secrets: [],
}
