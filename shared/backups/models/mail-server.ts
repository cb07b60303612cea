import { defineModel } from '../../model/define.ts'
import { choice, int, secret, text } from '../../model/fields.ts'
import { addressProblem } from '../../dcim/rules.ts'
import { emailProblem } from '../../users/rules.ts'

/** A relay that notifications are mailed through, such as the SMTP endpoint of SES. */
export const mailServer = defineModel({
  name: 'backups.mailserver',
  path: 'mail-servers',
  label: 'Mail server',
  labelPlural: 'Mail servers',
  fields: {
    name: text({ max: 100 }),
    host: text({ max: 253, check: addressProblem, help: 'IP address or host name' }),
    port: int({ min: 1, max: 65_535, default: 587 }),
    security: choice(
      { starttls: 'STARTTLS', tls: 'TLS from the start', none: 'None' },
      { default: 'starttls', help: 'With STARTTLS nothing is sent to a server that does not offer it.' },
    ),
    sender: text({ max: 254, check: emailProblem, help: 'Address that the mails are from' }),
    ca_certificate: text({
      multiline: true,
      default: '',
      help: 'PEM of the authority that vouches for the server, where it is no public one',
    }),
    username: text({ max: 200, default: '' }),
    password: secret({ optional: true, max: 1000 }),
    description: text({ default: '' }),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  search: ['name', 'host', 'sender', 'description'],
  columns: ['name', 'host', 'port', 'security', 'sender'],
  referrers: 'few',
  check: (row) =>
    row['has_password'] === true && row['security'] === 'none'
      ? [{ path: 'security', message: 'A password is not sent without encryption.' }]
      : [],
})
