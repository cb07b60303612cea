import * as z from 'zod'
import { defineModel, type Row } from '../../model/define.ts'
import { bool, datetime, json, ref, text } from '../../model/fields.ts'
import { keys } from '../../table/keys.ts'
import { networkProblem } from '../networks.ts'

/** Networks a token may be used from, in CIDR notation. */
export const AllowedNetworks = z
  .array(
    z.string().refine((network) => networkProblem(network) === undefined, 'not a network in CIDR notation'),
  )
  .max(50)

/** What authentication needs of a token, found by the hash of what the caller sends. */
export const TokenItem = z.object({
  tokenId: z.int(),
  userId: z.int(),
  writeEnabled: z.boolean(),
  expires: z.string().nullable(),
  allowedNetworks: AllowedNetworks,
})
export type TokenItem = z.infer<typeof TokenItem>

/** When a token was used last: noted now and then (`shared/users/token-usage.ts`). */
const TokenUse = z.object({ last_used: z.string() })

/** The right to call the API in a user's name. Only the SHA-256 of the token is kept. */
export const token = defineModel({
  name: 'users.token',
  path: 'tokens',
  label: 'Token',
  labelPlural: 'Tokens',
  fields: {
    user: ref('users.user', {}),
    description: text({ default: '' }),
    write_enabled: bool({ default: true }),
    expires: datetime({ optional: true }),
    allowed_ips: json(AllowedNetworks, { default: [] }),
    /** The first characters, to tell tokens apart. */
    start: text({ max: 12, readOnly: true, default: '' }),
    hash: text({ max: 64, hidden: true }),
  },
  onDelete: { user: 'cascade' },
  search: ['description', 'start'],
  columns: ['start', 'user', 'description', 'write_enabled', 'expires'],
  display: (row: Row) => `${String(row['start'])}…`,
  brief: ['start', 'write_enabled'],
  ordering: ['-id'],
  // Made by the operation `createToken`: a token has a text, and shows it once.
  verbs: ['view', 'change', 'delete'],
  referrers: 'none',
  live: { key: keys.tokenUse, schema: TokenUse, empty: { last_used: null } },
  companions: (stored) => [{ ...keys.token(String(stored['hash'])), ...tokenItemOf(stored) }],
})

function tokenItemOf(stored: Row): TokenItem {
  return TokenItem.parse({
    tokenId: stored.id,
    userId: stored['user'],
    writeEnabled: stored['write_enabled'],
    expires: stored['expires'],
    allowedNetworks: stored['allowed_ips'],
  })
}
