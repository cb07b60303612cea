import type { LineDialect, RestoreGuide, RestoreWay } from './guide.ts'

const single: readonly RegExp[] = [
  /^(?:hostname|description|mtu|bandwidth|speed|duplex|encapsulation|delay|name) /,
  /^(?:ip address) (?!.*\bsecondary$)/,
  /^switchport (?:mode|access vlan|trunk native vlan|trunk allowed vlan(?! add)) /,
  /^(?:exec-timeout|transport (?:input|output|preferred)|spanning-tree mode|logging buffered) /,
  /^ip (?:default-gateway|domain[ -]name) /,
]

const iosLines: LineDialect = {
  form: 'sections',
  enter: ['configure terminal revert timer 10'],
  leave: ['end', 'configure confirm', 'copy running-config startup-config'],
  negate: 'no',
  exit: 'exit',
  single,
  whole: [{ begins: /^ip(?:v6)? access-list / }, { begins: /^policy-map / }],
}

const startupAndReload: RestoreWay = {
  name: 'startup configuration and reload',
  result: 'exact',
  reboot: true,
  steps: ['> copy {server}/{file} startup-config', 'Do not save the running configuration.', '> reload'],
  undo: ['Keep the former startup configuration beside it before, and do the same with it.'],
  dangers: [
    'The device is down while it boots; a file with a fault leaves it out of reach but for the console.',
  ],
}

/** @see https://www.cisco.com/c/en/us/td/docs/ios-xml/ios/config-mgmt/configuration/xe-16/config-mgmt-xe-16-book/cm-config-rollback.html */
export const ios: RestoreGuide = {
  sources: [
    'https://www.cisco.com/c/en/us/td/docs/ios-xml/ios/config-mgmt/configuration/xe-16/config-mgmt-xe-16-book/cm-config-rollback.html',
  ],
  ways: [
    {
      name: 'configure replace',
      result: 'exact',
      reboot: false,
      steps: [
        '> copy running-config flash:before-restore.cfg',
        '> copy {server}/{file} flash:{file}',
        '> configure replace flash:{file} list revert trigger timer 10',
        'Log in anew. Within ten minutes:',
        '> configure confirm',
        '> copy running-config startup-config',
      ],
      undo: ['> configure revert now', '> configure replace flash:before-restore.cfg'],
      dangers: [
        'Without `configure confirm` it goes back by itself; the timer needs `archive` with a `path` to be configured.',
        'The file must be whole, from a device with the same modules: what cannot be applied is listed, and the rest stays applied.',
        'Keys of SSH and certificates are no part of the text.',
      ],
    },
    startupAndReload,
  ],
  check: ['show archive config differences flash:{file} system:running-config', 'show running-config'],
  lines: iosLines,
  unsure: [
    'whether `archive` with a `path` is configured: without it the device refuses `configure terminal revert timer`, and `reload in 10` before the lines, `reload cancel` after them, is the way back',
  ],
}

/** @see https://www.cisco.com/c/en/us/td/docs/iosxr/ncs5500/system-management/b-system-management-cg-ncs5500.html */
export const xr: RestoreGuide = {
  sources: [
    'https://www.cisco.com/c/en/us/td/docs/iosxr/ncs5500/system-management/b-system-management-cg-ncs5500.html',
  ],
  ways: [
    {
      name: 'load and commit replace',
      result: 'exact',
      reboot: false,
      steps: [
        '> copy {server}/{file} harddisk:/{file}',
        '> configure',
        '> load harddisk:/{file}',
        '> show configuration failed load',
        '> show commit changes diff',
        '> commit replace',
      ],
      undo: ['> rollback configuration last 1'],
      dangers: [
        '`commit replace` asks once and then removes all that is not in the file, the access to the device included.',
        'Users of the administration plane and keys are no part of the text.',
      ],
    },
  ],
  check: ['show configuration commit list', 'show configuration commit changes last 1'],
  lines: {
    form: 'sections',
    enter: ['configure'],
    leave: ['show commit changes diff', 'commit confirmed 600', 'commit', 'end'],
    negate: 'no',
    exit: 'exit',
    single: [/^(?:hostname|description|mtu|bandwidth) /, /^ipv4 address (?!.*\bsecondary$)/],
    whole: [
      { begins: /^route-policy /, closes: 'end-policy', isReplaced: true },
      {
        begins: /^(?:prefix-set|as-path-set|community-set|extcommunity-set|rd-set) /,
        closes: 'end-set',
        isReplaced: true,
      },
    ],
  },
  unsure: ['whether `commit replace` takes `confirmed` on this release'],
}

/** @see https://www.cisco.com/c/en/us/td/docs/dcn/nx-os/nexus9000/103x/configuration/system-management/cisco-nexus-9000-series-nx-os-system-management-configuration-guide-103x/m-performing-configuration-replace.html */
export const nxos: RestoreGuide = {
  sources: [
    'https://www.cisco.com/c/en/us/td/docs/dcn/nx-os/nexus9000/103x/configuration/system-management/cisco-nexus-9000-series-nx-os-system-management-configuration-guide-103x/m-performing-configuration-replace.html',
  ],
  ways: [
    {
      name: 'configure replace',
      result: 'exact',
      reboot: false,
      steps: [
        '> checkpoint before-restore',
        '> copy {server}/{file} bootflash:{file}',
        '> configure replace bootflash:{file} show-patch',
        '> configure replace bootflash:{file} best-effort commit-timeout 600',
        'Log in anew. Within ten minutes:',
        '> configure replace commit',
        '> copy running-config startup-config',
      ],
      undo: ['> rollback running-config checkpoint before-restore'],
      dangers: [
        'Features that are switched off take their configuration along.',
        'Where `configure replace` is not known, `rollback running-config file bootflash:{file}` may be.',
      ],
    },
    startupAndReload,
  ],
  check: [
    'show config-replace status',
    'show config-replace log verify',
    'show diff rollback-patch file bootflash:{file} running-config',
  ],
  lines: {
    form: 'sections',
    enter: ['checkpoint before-restore', 'configure terminal'],
    leave: ['end', 'copy running-config startup-config'],
    negate: 'no',
    exit: 'exit',
    single,
  },
}

/** @see https://www.cisco.com/c/en/us/td/docs/security/asa/asa-cli-reference/A-H/asa-command-ref-A-H.html */
export const asa: RestoreGuide = {
  sources: [
    'https://www.cisco.com/c/en/us/td/docs/security/asa/asa-cli-reference/A-H/asa-command-ref-A-H.html',
    'https://www.cisco.com/c/en/us/td/docs/security/asa/asa914/configuration/general/asa-914-general-config/admin-swconfig.html',
  ],
  ways: [
    startupAndReload,
    {
      name: 'copy into the running configuration',
      result: 'merge',
      reboot: false,
      steps: ['> reload in 15', '> copy {server}/{file} running-config', '> reload cancel', '> write memory'],
      undo: ['Let the reload come: the startup configuration was not touched.'],
      dangers: [
        'Access lists and NAT rules that are not in the file stay; lines come behind those that are there.',
      ],
    },
  ],
  check: ['show running-config', 'show startup-config errors'],
  lines: {
    form: 'sections',
    enter: ['reload in 15', 'configure terminal'],
    leave: ['end', 'reload cancel', 'write memory'],
    negate: 'no',
    exit: 'exit',
    single: [/^(?:hostname|description|nameif|security-level|mtu \S+|domain-name) /, /^ip address /],
  },
  unsure: ['the place of a line in an access list: `line <n>` is to be added where the order counts'],
}

/** @see https://www.cisco.com/c/en/us/td/docs/wireless/controller/8-10/config-guide/b_cg810/managing_configuration.html */
export const aireos: RestoreGuide = {
  sources: [
    'https://www.cisco.com/c/en/us/td/docs/wireless/controller/8-10/config-guide/b_cg810/managing_configuration.html',
  ],
  ways: [
    {
      name: 'download of a file that the controller had uploaded',
      result: 'exact',
      reboot: true,
      steps: [
        '> transfer download datatype config',
        '> transfer download mode tftp',
        '> transfer download serverip {server}',
        '> transfer download filename {file}',
        '> transfer download start',
      ],
      undo: ['Upload the present configuration before, and download that one.'],
      dangers: [
        'All access points leave the controller while it boots.',
        'The file is one of `transfer upload`: the stored text, of `show run-config commands`, is not.',
      ],
    },
    {
      name: 'the lines that differ, typed',
      result: 'merge',
      reboot: false,
      steps: ['Compare both versions, and type the `config …` lines that are missing.', '> save config'],
      undo: ['> reset system', 'without saving.'],
      dangers: ['WLANs must be switched off (`config wlan disable`) for most changes.'],
    },
  ],
  check: ['show run-config commands'],
  unsure: ['how a `config` line is taken back: it differs from line to line'],
}
