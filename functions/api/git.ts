import { gitArea } from '../../shared/git/area.ts'
import { serveGit, type GitRequest } from '../../shared/git/serve.ts'
import type { RawReply } from '../../shared/http/request.ts'
import type { Deps } from '../lib/deps.ts'
import { httpLambda } from '../lib/http.ts'

const answer = async (deps: Deps, request: GitRequest): Promise<RawReply> =>
  serveGit({ table: deps.table, objects: deps.archive }, request)

export const handler = httpLambda(gitArea, (deps) => ({
  read: async ({ params, query, request }) => {
    const { range } = request.headers
    return answer(deps, { method: request.method, path: params.rest, query, range })
  },
  push: async ({ params }) => answer(deps, { method: 'POST', path: params.rest, query: {} }),
}))
