import type { RestoreGuide } from './guide.ts'

/** @see https://docs.fortinet.com/document/fortigate/7.4.0/administration-guide/702257/configuration-backups */
export const fortios: RestoreGuide = {
  sources: [
    'https://docs.fortinet.com/document/fortigate/7.4.0/administration-guide/702257/configuration-backups',
  ],
  ways: [
    {
      name: 'restore of a file',
      result: 'exact',
      reboot: true,
      steps: [
        '> execute backup config flash before-restore',
        '> execute restore config tftp {file} {server}',
      ],
      undo: ['> execute revision list config', '> execute restore config flash <revision>'],
      dangers: [
        'The firewall reboots at once; in a cluster all members do.',
        'The first line of the file (`#config-version=…`) must be of this model and release.',
        'Secrets written as `ENC …` hold only where the key of `private-data-encryption` is the same.',
      ],
    },
  ],
  check: ['diagnose debug config-error-log read', 'show'],
  lines: {
    form: 'edit',
    enter: ['config system global', 'set cfg-save revert', 'set cfg-revert-timeout 600', 'end'],
    leave: ['execute cfg save', 'config system global', 'set cfg-save automatic', 'end'],
  },
  unsure: ['the order of policies: where it counts, `move <id> before <id>` is to be added'],
}

/** @see https://docs.paloaltonetworks.com/pan-os/11-1/pan-os-cli-quick-start/use-the-cli/load-configurations */
export const panos: RestoreGuide = {
  sources: [
    'https://docs.paloaltonetworks.com/pan-os/11-1/pan-os-cli-quick-start/use-the-cli/load-configurations',
  ],
  ways: [
    {
      name: 'a version that the firewall keeps itself',
      result: 'exact',
      reboot: false,
      steps: ['> configure', '> load config version <number>', '> validate full', '> commit'],
      undo: ['> load config version <the one before>', '> commit'],
      dangers: ['What Panorama has pushed is no part of it.'],
    },
  ],
  check: ['show config diff', 'show jobs all'],
  unsure: [
    'The stored text (`show config running`) is not the XML that `load config from` takes: it tells what to look for.',
  ],
}

/** @see https://techdocs.f5.com/kb/en-us/products/big-ip_ltm/manuals/product/bigip-system-essentials-15-0-0/02.html */
export const f5: RestoreGuide = {
  sources: [
    'https://techdocs.f5.com/kb/en-us/products/big-ip_ltm/manuals/product/bigip-system-essentials-15-0-0/02.html',
  ],
  ways: [
    {
      name: 'load of an archive or a single configuration file',
      result: 'exact',
      reboot: false,
      steps: [
        '> save sys ucs before-restore',
        '> load sys config file {file} verify',
        '> load sys config file {file}',
        '> save sys config',
      ],
      undo: ['> load sys ucs before-restore'],
      dangers: [
        'Traffic is interrupted while all is loaded.',
        'A single configuration file is one of `save sys config file`: whether the stored text can be loaded is not known.',
      ],
    },
  ],
  check: ['show sys config', 'list'],
}

/** @see https://docs.netgate.com/pfsense/en/latest/backup/restore.html */
export const configXml: RestoreGuide = {
  sources: [
    'https://docs.netgate.com/pfsense/en/latest/backup/restore.html',
    'https://docs.opnsense.org/manual/backups.html',
  ],
  ways: [
    {
      name: 'restore of config.xml',
      result: 'exact',
      reboot: true,
      steps: [
        'In the web interface: backup and restore, restore the file; it must be the whole config.xml.',
        'The firewall reboots.',
      ],
      undo: ['Configuration history in the web interface keeps the one before.'],
      dangers: ['Names of interfaces that are other ones now must be assigned on the console.'],
    },
  ],
  check: ['the configuration history of the web interface'],
}
