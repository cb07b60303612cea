import { defineModel } from '../../model/define.ts'
import { datetime, int, ref, secret, tags, text } from '../../model/fields.ts'

/** How to log in to devices. Applies to devices that share a tag with it; without tags to every device. */
export const credential = defineModel({
  name: 'backups.credential',
  path: 'credentials',
  label: 'Credential',
  labelPlural: 'Credentials',
  fields: {
    name: text({ max: 100 }),
    username: text({ max: 128 }),
    password: secret({ optional: true, max: 1000 }),
    private_key: secret({ optional: true, max: 20_000, label: 'Private key (OpenSSH or PEM)' }),
    passphrase: secret({ optional: true, max: 1000, label: 'Passphrase of the private key' }),
    enable_secret: secret({ optional: true, max: 1000 }),
    priority: int({ min: 1, max: 1000, default: 100, help: 'Lower is tried first.' }),
    aaa_realm: ref('backups.aaarealm', {
      optional: true,
      help: 'Where its account lives, unless the access rule of a device says otherwise',
    }),
    secret_version: int({ default: 1, readOnly: true, help: 'Goes up with each rotation' }),
    former_until: datetime({
      optional: true,
      readOnly: true,
      help: 'The secrets from before the rotation are tried too, until then or until none needs them',
    }),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  onDelete: { tags: 'clear' },
  search: ['name', 'username', 'description'],
  columns: ['name', 'username', 'priority'],
  ordering: ['priority'],
  check: (row) =>
    row['has_password'] === true || row['has_private_key'] === true
      ? []
      : [{ path: 'password', message: 'A password or a private key is needed.' }],
})
