import type * as z from 'zod'
import type { RowOf } from '../model/define.ts'
import { urlOf, type Links } from '../model/output.ts'
import { displayOf } from '../model/rows.ts'
import { token } from './models/token.ts'
import { user } from './models/user.ts'
import type { NewTokenShown } from './routes.ts'

type Made = { text: string; row: RowOf<typeof token>; owner: Pick<RowOf<typeof user>, 'id' | 'username'> }

/** A token in the only answer that holds its text. */
export const showNewToken = (links: Links, { text, row, owner }: Made): z.input<typeof NewTokenShown> => ({
  id: row.id,
  url: urlOf(links, token, row.id),
  display: displayOf(token, row),
  key: text,
  start: row.start,
  user: {
    id: owner.id,
    url: urlOf(links, user, owner.id),
    display: owner.username,
    username: owner.username,
  },
  description: row.description,
  write_enabled: row.write_enabled,
  expires: row.expires,
  allowed_ips: row.allowed_ips,
  created: row.created,
  last_used: null,
})
