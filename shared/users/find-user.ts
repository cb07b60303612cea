import type { Engine } from '../model/engine.ts'
import { GuardItem } from '../model/prepare.ts'
import { keys } from '../table/keys.ts'
import { user } from './models/user.ts'

/** The id of a user by name, of whatever case. Sees one that was made a moment ago: the guard is read by its key. */
export async function findUser(
  { table }: Pick<Engine, 'table'>,
  username: string,
): Promise<number | undefined> {
  const guard = await table.get(
    GuardItem,
    keys.unique(user.name, ['username'], [username.normalize('NFC').toLowerCase()]),
  )
  return guard?.owner
}
