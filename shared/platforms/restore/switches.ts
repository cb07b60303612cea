import type { RestoreGuide } from './guide.ts'

/** @see https://www.arista.com/en/um-eos/eos-configure-session */
export const eos: RestoreGuide = {
  sources: [
    'https://www.arista.com/en/um-eos/eos-configure-session',
    'https://www.arista.com/en/um-eos/eos-managing-switch-configuration-settings',
  ],
  ways: [
    {
      name: 'a configuration session',
      result: 'exact',
      reboot: false,
      steps: [
        '> copy {server}/{file} flash:{file}',
        '> configure session restore',
        '> rollback clean-config',
        '> copy flash:{file} session-config',
        '> show session-config diffs',
        '> commit timer 00:10:00',
        'Log in anew. Within ten minutes:',
        '> configure session restore commit',
        '> write',
      ],
      undo: ['> configure session restore abort', 'or let the timer run out.'],
      dangers: ['Keys and certificates are no part of the text.'],
    },
  ],
  check: ['show running-config diffs', 'show configuration sessions detail'],
  lines: {
    form: 'sections',
    enter: ['configure session restore'],
    leave: [
      'show session-config diffs',
      'commit timer 00:10:00',
      'configure session restore commit',
      'write',
    ],
    negate: 'no',
    exit: 'exit',
    single: [
      /^(?:hostname|description|mtu|speed|ip address(?! .* secondary$)) /,
      /^switchport (?:mode|access vlan|trunk native vlan|trunk allowed vlan) /,
    ],
    whole: [{ begins: /^ip(?:v6)? access-list / }],
  },
}

/** @see https://support.huawei.com/enterprise/en/doc/EDOC1100278261 */
export const vrp: RestoreGuide = {
  sources: [
    'https://support.huawei.com/enterprise/en/doc/EDOC1100278261',
    'https://support.huawei.com/enterprise/en/doc/EDOC1000178121',
  ],
  ways: [
    {
      name: 'the file of the next startup',
      result: 'exact',
      reboot: true,
      steps: [
        '> save before-restore.cfg',
        '> tftp {server} get {file}',
        '> startup saved-configuration {file}',
        '> reboot',
        'Answer N to saving the present configuration.',
      ],
      undo: ['> startup saved-configuration before-restore.cfg', '> reboot'],
      dangers: [
        'The device is down while it boots.',
        'Passwords that the device has enciphered may hold on this device only.',
      ],
    },
  ],
  check: ['display startup', 'compare configuration', 'display current-configuration'],
  lines: {
    form: 'sections',
    enter: ['schedule reboot delay 15', 'system-view'],
    leave: ['return', 'undo schedule reboot', 'save'],
    negate: 'undo',
    exit: 'quit',
    single: [/^(?:sysname|description|mtu|port link-type|port default vlan|ip address(?! .* sub$)) /],
  },
  unsure: ['On VRP 8 changes need `commit`, and `rollback configuration to file` may be there.'],
}

/** @see https://techhub.hpe.com/eginfolib/networking/docs/switches/5130ei/5200-3937_fundamentals_cg/content/index.htm */
export const comware: RestoreGuide = {
  sources: [
    'https://techhub.hpe.com/eginfolib/networking/docs/switches/5130ei/5200-3937_fundamentals_cg/content/index.htm',
  ],
  ways: [
    {
      name: 'configuration replace',
      result: 'exact',
      reboot: false,
      steps: [
        '> save flash:/before-restore.cfg',
        '> tftp {server} get {file}',
        '> system-view',
        '> configuration commit delay 10',
        '> configuration replace file flash:/{file}',
        'Log in anew. Within ten minutes:',
        '> configuration commit',
        '> save',
      ],
      undo: ['> configuration replace file flash:/before-restore.cfg'],
      dangers: [
        'Lines that the device cannot take back stay, and are told.',
        '`configuration commit delay` is not on every release.',
      ],
    },
    {
      name: 'the file of the next startup',
      result: 'exact',
      reboot: true,
      steps: ['> startup saved-configuration {file}', '> reboot'],
      undo: ['> startup saved-configuration before-restore.cfg', '> reboot'],
      dangers: ['The device is down while it boots.'],
    },
  ],
  check: ['display current-configuration diff', 'display startup'],
  lines: {
    form: 'sections',
    enter: ['system-view'],
    leave: ['return', 'save'],
    negate: 'undo',
    exit: 'quit',
    single: [/^(?:sysname|description|port link-type|port access vlan|ip address(?! .* sub$)) /],
  },
}

/** @see https://www.arubanetworks.com/techdocs/AOS-CX/10.13/HTML/fundamentals_83xx/Content/Chp_Cfg_mgmt/cfg-mgmt.htm */
export const aoscx: RestoreGuide = {
  sources: [
    'https://www.arubanetworks.com/techdocs/AOS-CX/10.13/HTML/fundamentals_83xx/Content/Chp_Cfg_mgmt/cfg-mgmt.htm',
  ],
  ways: [
    {
      name: 'startup configuration and boot',
      result: 'exact',
      reboot: true,
      steps: [
        '> copy running-config checkpoint before-restore',
        '> copy {server}/{file} startup-config vrf mgmt',
        '> boot system',
        'Answer n to saving the present configuration.',
      ],
      undo: ['> checkpoint rollback before-restore'],
      dangers: ['The switch is down while it boots.'],
    },
    {
      name: 'a checkpoint of the switch',
      result: 'exact',
      reboot: false,
      steps: [
        '> show checkpoint list all',
        '> checkpoint auto 10',
        '> checkpoint rollback <name>',
        '> checkpoint auto confirm',
      ],
      undo: ['Let the ten minutes of `checkpoint auto` pass.'],
      dangers: [],
    },
  ],
  check: ['checkpoint diff before-restore running-config'],
  lines: {
    form: 'sections',
    enter: ['checkpoint auto 10', 'configure terminal'],
    leave: ['end', 'checkpoint auto confirm', 'write memory'],
    negate: 'no',
    exit: 'exit',
    single: [/^(?:hostname|description|vlan access|vlan trunk native|ip address(?! .* secondary$)|ip mtu) /],
  },
}

/** @see https://arubanetworking.hpe.com/techdocs/AOS-S/16.11/BOG/YC/content/common%20files/cop-con-tra.htm */
export const procurve: RestoreGuide = {
  sources: [
    'https://arubanetworking.hpe.com/techdocs/AOS-S/16.11/BOG/YC/content/common%20files/cop-con-tra.htm',
  ],
  ways: [
    {
      name: 'startup configuration from a server',
      result: 'exact',
      reboot: true,
      steps: [
        '> copy startup-config tftp {server} before-restore.cfg',
        '> copy tftp startup-config {server} {file}',
      ],
      undo: ['> copy tftp startup-config {server} before-restore.cfg'],
      dangers: [
        'The switch reboots by itself when the file has come.',
        'The first line (`; … Configuration Editor`) must stand and be of this model.',
      ],
    },
  ],
  check: ['show running-config', 'show config status'],
  lines: {
    form: 'sections',
    enter: ['reload after 15', 'configure'],
    leave: ['end', 'no reload', 'write memory'],
    negate: 'no',
    exit: 'exit',
    single: [/^(?:hostname|name|ip address) /],
  },
}

/** ASCII configurations, of the user guide's chapter on software upgrade and boot options. */
export const exos: RestoreGuide = {
  sources: [
    'https://documentation.extremenetworks.com/exos_32.6/ (Software Upgrade and Boot Options: ASCII-formatted configuration files)',
  ],
  ways: [
    {
      name: 'unconfigure, then load the script',
      result: 'exact',
      reboot: true,
      steps: [
        '> save configuration before-restore',
        '> tftp get {server} {file}',
        'The name must end in .xsf.',
        '> unconfigure switch all',
        'After the boot, on the console:',
        '> load script {file}',
        '> save configuration',
      ],
      undo: ['> use configuration before-restore', '> reboot'],
      dangers: ['From `unconfigure` on the switch answers on its console only.'],
    },
    {
      name: 'load script',
      result: 'merge',
      reboot: false,
      steps: ['> load script {file}'],
      undo: ['> use configuration before-restore', '> reboot'],
      dangers: ['What is not in the file stays.'],
    },
  ],
  check: ['show configuration', 'show switch'],
  unsure: ['how a line is taken back: `unconfigure`, `delete` and `disable` differ from line to line'],
}
