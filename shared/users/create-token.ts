import type { RowOf } from '../model/define.ts'
import type { Engine, WriteOptions } from '../model/engine.ts'
import { createRows } from '../model/records.ts'
import { token } from './models/token.ts'
import { newTokenText, tokenHash, tokenStart } from './token-text.ts'

export type NewToken = {
  user: number
  description?: string | undefined
  write_enabled?: boolean | undefined
  expires?: string | null | undefined
  allowed_ips?: string[] | undefined
}

/** Makes a token. Its text is known here only once: the table keeps the hash. */
export async function createToken(
  engine: Engine,
  values: NewToken,
  options: Pick<WriteOptions, 'actor' | 'message'>,
): Promise<{ text: string; row: RowOf<typeof token> }> {
  const text = newTokenText()
  const input = { ...values, hash: tokenHash(text), start: tokenStart(text) }
  const [row] = await createRows(engine, token, [input], { ...options, bySystem: true })
  if (row === undefined) throw new Error('no token was made')
  return { text, row }
}
