import { AppError } from '../errors.ts'
import { storedSchema } from '../model/rows.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import type { Caller } from './caller.ts'
import { TokenItem } from './models/token.ts'
import { user } from './models/user.ts'
import { isWithin } from './networks.ts'
import { permits } from './permissions.ts'
import { isTokenText, tokenHash } from './token-text.ts'
import type { TokenUsage } from './token-usage.ts'

export type Credentials = { authorization: string | undefined; sourceAddress: string; requestId: string }
export type AuthenticationParts = { table: Table; now: () => Date; usage: TokenUsage }

/**
 * Finds out who calls.
 * @throws AppError `unauthenticated`, always with the same words: which part was wrong is not told.
 */
export async function authenticate(parts: AuthenticationParts, credentials: Credentials): Promise<Caller> {
  const text = readToken(credentials.authorization)
  if (text === undefined || !isTokenText(text)) throw new AppError('unauthenticated')
  const token = await parts.table.get(TokenItem, keys.token(tokenHash(text)))
  if (token === undefined || !isUsable(token, credentials.sourceAddress, parts.now()))
    throw new AppError('unauthenticated')
  const owner = await parts.table.get(storedSchema(user), keys.entity(user.name, token.userId))
  if (owner === undefined || !owner.is_active) throw new AppError('unauthenticated')
  await parts.usage.note(token.tokenId)
  return {
    userId: owner.id,
    username: owner.username,
    tokenId: token.tokenId,
    requestId: credentials.requestId,
    writeEnabled: token.writeEnabled,
    can: (permission) => permits(owner, permission),
  }
}

/** `Token x` and `Bearer x`, or Basic with the token as the password, as git sends it. Schemes have no case. */
function readToken(authorization: string | undefined): string | undefined {
  const match = /^(token|bearer|basic) +([^\s]+) *$/i.exec(authorization ?? '')
  const [, scheme = '', value = ''] = match ?? []
  if (scheme.toLowerCase() !== 'basic') return value === '' ? undefined : value
  const pair = Buffer.from(value, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return colon < 0 ? undefined : pair.slice(colon + 1)
}

function isUsable(token: TokenItem, sourceAddress: string, now: Date): boolean {
  if (token.expires !== null && Date.parse(token.expires) <= now.getTime()) return false
  return token.allowedNetworks.length === 0 || isWithin(sourceAddress, token.allowedNetworks)
}
