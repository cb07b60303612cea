import { usersArea } from '../../shared/users/area.ts'
import { AppError } from '../../shared/errors.ts'
import { getRow } from '../../shared/model/records.ts'
import { createToken } from '../../shared/users/create-token.ts'
import { showNewToken } from '../../shared/users/show-token.ts'
import { user } from '../../shared/users/models/user.ts'
import { httpLambda } from '../lib/http.ts'

export const handler = httpLambda(usersArea, (deps) => ({
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
  provisionToken: async ({ body: { username, password, ...values }, request }) => {
    const { signIn } = await import('../../shared/users/sign-in.ts')
    const owner = await signIn(deps.engine, { username, password })
    const actor = { userId: owner.id, username: owner.username, tokenId: null, requestId: request.requestId }
    const { text, row } = await createToken(deps.engine, { ...values, user: owner.id }, { actor })
    return showNewToken(request.links, { text, row, owner })
  },
  readConfig: async () => ({}),
}))
