import { areas } from '../../shared/areas.ts'
import { AppError } from '../../shared/errors.ts'
import { getRow } from '../../shared/model/records.ts'
import { createToken } from '../../shared/users/create-token.ts'
import { showNewToken } from '../../shared/users/show-token.ts'
import { user } from '../../shared/users/models/user.ts'
import { httpLambda } from '../lib/http.ts'

export const handler = httpLambda(areas.users, (deps) => ({
  createToken: async ({ body, caller, request }) => {
    const { text, row } = await createToken(
      deps.engine,
      { ...body, user: body.user ?? caller.userId },
      { actor: caller },
    )
    const owner = await getRow(deps.engine, user, row.user)
    if (owner === undefined) throw new AppError('reference_missing')
    return showNewToken(request.links, { text, row, owner })
  },
}))
