import type { RestoreGuide } from './guide.ts'

/** @see https://www.juniper.net/documentation/us/en/software/junos/cli/topics/topic-map/junos-config-files-loading.html */
export const junos: RestoreGuide = {
  sources: [
    'https://www.juniper.net/documentation/us/en/software/junos/cli/topics/topic-map/junos-config-files-loading.html',
    'https://www.juniper.net/documentation/us/en/software/junos/cli/topics/topic-map/junos-configuration-commit.html',
  ],
  ways: [
    {
      name: 'load override',
      result: 'exact',
      reboot: false,
      steps: [
        '> file copy {server}/{file} /var/tmp/{file}',
        '> configure exclusive',
        '> load override /var/tmp/{file}',
        '> show | compare',
        '> commit check',
        '> commit confirmed 10',
        'Log in anew. Within ten minutes:',
        '> commit',
      ],
      undo: ['> rollback 1', '> commit', 'or let the ten minutes pass.'],
      dangers: ['The whole configuration is read again: daemons may restart.'],
    },
  ],
  check: ['show system commit', 'show | compare rollback 1'],
  lines: {
    form: 'paths',
    enter: ['configure exclusive'],
    leave: ['show | compare', 'commit check', 'commit confirmed 10', 'commit'],
  },
  unsure: ['the order of terms and policies: where it counts, `insert … before …` is to be added'],
}

/** @see https://help.mikrotik.com/docs/display/ROS/Configuration+Management */
export const routeros: RestoreGuide = {
  sources: ['https://help.mikrotik.com/docs/display/ROS/Configuration+Management'],
  ways: [
    {
      name: 'reset and run after it',
      result: 'exact',
      reboot: true,
      steps: [
        '> /system backup save name=before-restore',
        'Put the text as {file} (with the ending .rsc) on the device, by SCP.',
        '> /system reset-configuration no-defaults=yes skip-backup=no run-after-reset={file}',
      ],
      undo: ['> /system backup load name=before-restore'],
      dangers: [
        'Users, their passwords and certificates are not in an export: after the reset the login is the default one.',
        'The first line that fails ends the file, and the rest is not applied.',
      ],
    },
    {
      name: 'import',
      result: 'merge',
      reboot: false,
      steps: [
        'Press Ctrl-X: safe mode takes all back where the session breaks.',
        '> /import file-name={file} verbose=yes dry-run',
        '> /import file-name={file}',
        'Press Ctrl-X again to keep it.',
      ],
      undo: ['> /undo'],
      dangers: [
        'What exists is not changed: an `add` of it fails. Only the sections that are wanted should be in the file.',
      ],
    },
  ],
  check: ['/export', '/log print'],
  unsure: ['how a line is taken back: `remove [find …]` needs what tells the entry from others'],
}

/** @see https://documentation.nokia.com/sr/24-3/books/md-cli-user/edit-configuration.html */
export const sros: RestoreGuide = {
  sources: [
    'https://documentation.nokia.com/sr/24-3/books/md-cli-user/edit-configuration.html',
    'https://documentation.nokia.com/sr/24-3/books/basic-system-configuration/cli-usage.html',
  ],
  ways: [
    {
      name: 'MD-CLI: load full-replace',
      result: 'exact',
      reboot: false,
      steps: [
        '> file copy {server}/{file} cf3:\\{file}',
        '> edit-config exclusive',
        '> load full-replace cf3:\\{file}',
        '> compare',
        '> validate',
        '> commit confirmed 10',
        'Log in anew. Within ten minutes:',
        '> commit confirmed accept',
      ],
      undo: ['> commit confirmed cancel', '> rollback 1', '> commit'],
      dangers: ['The text must be one of MD-CLI.'],
    },
    {
      name: 'classic CLI: boot from it',
      result: 'exact',
      reboot: true,
      steps: [
        '> admin rollback save',
        '> file copy {server}/{file} cf3:\\{file}',
        'Name it in the boot options as primary-config.',
        '> bof save',
        '> admin reboot now',
      ],
      undo: ['> admin rollback revert latest-rb'],
      dangers: ['The router is down while it boots.'],
    },
  ],
  check: ['admin display-config', 'compare'],
  lines: {
    form: 'sections',
    enter: ['admin rollback save', 'configure'],
    leave: ['exit all', 'admin save'],
    negate: 'no',
    exit: 'exit',
    single: [/^(?:name|description|mtu|address) /],
    // MD-CLI shows braces, and takes lines back otherwise.
    unless: /^\s*[\w-].* \{$/m,
  },
  unsure: [
    'Most objects must be `shutdown` before they can be taken back; the lines of the text do not tell which.',
  ],
}

/** @see https://documentation.nokia.com/srlinux/24-3/books/config-basics/configuration-management.html */
export const srlinux: RestoreGuide = {
  sources: ['https://documentation.nokia.com/srlinux/24-3/books/config-basics/configuration-management.html'],
  ways: [
    {
      name: 'a candidate from the text',
      result: 'merge',
      reboot: false,
      steps: [
        '> /tools system configuration generate-checkpoint name before-restore',
        '> enter candidate private',
        'Delete what is not wanted, then:',
        '> source {file}',
        '> diff',
        '> commit confirmed timeout 600',
        '> /tools system configuration confirmed-accept',
      ],
      undo: ['> load checkpoint name before-restore', '> commit now'],
      dangers: ['`set` lines remove nothing that is not in them.'],
    },
  ],
  check: ['diff checkpoint before-restore', 'info flat from running'],
}

/** @see https://docs.vyos.io/en/latest/cli.html */
export const vyos: RestoreGuide = {
  sources: ['https://docs.vyos.io/en/latest/cli.html'],
  ways: [
    {
      name: 'the lines that differ',
      result: 'exact',
      reboot: false,
      steps: [
        '> configure',
        'Type the lines of the proposal.',
        '> compare',
        '> commit-confirm 10',
        'Log in anew. Within ten minutes:',
        '> confirm',
        '> save',
      ],
      undo: ['> rollback-soft 1', '> commit'],
      dangers: ['Where nobody confirms, the router reboots into the saved configuration.'],
    },
  ],
  check: ['show system commit', 'compare saved'],
  lines: { form: 'flat', enter: ['configure'], leave: ['compare', 'commit-confirm 10', 'confirm', 'save'] },
  unsure: ['`load` takes a file with braces, which the stored text (`show configuration commands`) is not.'],
}

/** @see https://docs.frrouting.org/en/latest/frr-reload.html */
export const frr: RestoreGuide = {
  sources: ['https://docs.frrouting.org/en/latest/frr-reload.html'],
  ways: [
    {
      name: 'frr-reload',
      result: 'exact',
      reboot: false,
      steps: [
        'Put the text as /etc/frr/frr.conf.',
        '> /usr/lib/frr/frr-reload.py --test /etc/frr/frr.conf',
        '> /usr/lib/frr/frr-reload.py --reload /etc/frr/frr.conf',
      ],
      undo: ['Keep the former file and reload that one.'],
      dangers: ['Routing sessions that changed lines are about may be reset.'],
    },
  ],
  check: ['vtysh -c "show running-config"'],
  lines: {
    form: 'sections',
    enter: ['configure terminal'],
    leave: ['end', 'write memory'],
    negate: 'no',
    exit: 'exit',
  },
}
