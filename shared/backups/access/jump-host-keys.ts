import { AppError } from '../../errors.ts'
import { getRow } from '../../model/records.ts'
import type { Engine } from '../../model/engine.ts'
import { keys } from '../../table/keys.ts'
import { jumpHost } from '../models/jump-host.ts'

/** The next key that the jump host shows is pinned anew. @throws AppError `not_found` */
export async function forgetJumpHostKey(engine: Engine, id: number): Promise<void> {
  if ((await getRow(engine, jumpHost, id)) === undefined)
    throw new AppError('not_found', `There is no jump host ${id}.`)
  await engine.table.write([{ remove: keys.jumpHostKeys(id), unconditionally: true }])
}
