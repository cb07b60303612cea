import type { Table } from '../table/table.ts'
import { systemActor } from '../model/change.ts'
import { createEngine, type Engine } from '../model/engine.ts'
import { createRows, updateRows } from '../model/records.ts'
import { registry } from '../models.ts'
import { createToken } from './create-token.ts'
import { findUser } from './find-user.ts'
import { user } from './models/user.ts'

/**
 * Makes a new API token for an administrator, and the administrator where there is none of that name. A user who
 * exists is made an active superuser again: who may run this owns the table anyway.
 * @returns the token's text; it is kept nowhere.
 */
export async function createAdmin(
  { table, now }: { table: Table; now: () => Date },
  username: string,
): Promise<string> {
  const seal = (): Promise<string> => Promise.reject(new Error('an administrator has no secret to seal'))
  const engine = createEngine({ table, now, registry, seal })
  const options = { actor: systemActor(crypto.randomUUID()), message: 'create-admin' }
  const id = (await findUser(engine, username)) ?? (await createUser(engine, username, options))
  await updateRows(engine, user, [{ id, values: { is_active: true, is_superuser: true } }], options)
  const { text } = await createToken(engine, { user: id, description: 'create-admin' }, options)
  return text
}

type Options = { actor: ReturnType<typeof systemActor>; message: string }

async function createUser(engine: Engine, username: string, options: Options): Promise<number> {
  const [row] = await createRows(engine, user, [{ username, is_superuser: true }], options)
  if (row === undefined) throw new Error('no user was made')
  return row.id
}
