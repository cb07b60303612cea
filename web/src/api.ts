import { forgetToken, readToken } from './session.ts'

/** An answer that is none of those hoped for. `requestId` finds it in the logs. */
export class ApiError extends Error {
  readonly status: number
  readonly requestId: string | undefined

  constructor(message: string, status: number, requestId?: string) {
    super(message)
    this.status = status
    this.requestId = requestId
  }
}

/** Query parameters; those that are undefined or empty are left out. */
type Query = Record<string, string | number | undefined>

export function urlOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`
}

export async function getJson<T>(path: string, query?: Query): Promise<T> {
  const answer = await ask(path, query)
  return (await answer.json()) as T
}

export async function getText(path: string): Promise<string> {
  return (await ask(path)).text()
}

/** A file, of which an answer may hold only a part: all of them, one after the other. */
export async function getFile(parts: readonly string[], media: string): Promise<Blob> {
  const bytes: Blob[] = []
  for (const path of parts) bytes.push(await (await ask(path)).blob())
  return new Blob(bytes, { type: media })
}

export async function postJson<T>(path: string, body: unknown): Promise<T> {
  const answer = await ask(path, {}, { method: 'POST', body: JSON.stringify(body) })
  return (await answer.json()) as T
}

export async function postText(path: string, body: unknown, signal: AbortSignal): Promise<string> {
  return (await ask(path, {}, { method: 'POST', body: JSON.stringify(body), signal })).text()
}

const notAccepted = 'This token is not accepted: it is mistyped, expired or revoked.'

/** Whether the API knows the token. @throws ApiError saying why not. */
export async function checkToken(token: string): Promise<void> {
  // Anything else cannot even be sent in a header.
  if (!/^[!-~]+$/.test(token)) throw new ApiError(notAccepted, 401)
  const answer = await request('/api/backups/runs/?limit=1', token)
  if (answer.status === 401) throw new ApiError(notAccepted, 401, requestIdOf(answer))
  // Known, but may not see runs: it is still a token to work with.
  if (!answer.ok && answer.status !== 403) throw await errorOf(answer)
}

async function ask(path: string, query: Query = {}, init: RequestInit = {}): Promise<Response> {
  const answer = await request(urlOf(`/api${path}`, query), readToken() ?? '', init)
  if (answer.ok) return answer
  // Revoked or expired meanwhile: the sign-in shows instead of the page, and the address stays.
  if (answer.status === 401) forgetToken()
  throw await errorOf(answer)
}

async function request(url: string, token: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Token ${token}`, 'content-type': 'application/json' }
  try {
    return await fetch(url, { ...init, headers })
  } catch {
    throw new ApiError('netkeep cannot be reached. Check the connection and try again.', 0)
  }
}

async function errorOf(answer: Response): Promise<ApiError> {
  const problem = (await answer.json().catch(() => ({}))) as { detail?: unknown; title?: unknown }
  const said = [problem.detail, problem.title].find((text) => typeof text === 'string')
  return new ApiError(said ?? `The API answered ${answer.status}.`, answer.status, requestIdOf(answer))
}

const requestIdOf = (answer: Response): string | undefined => answer.headers.get('x-request-id') ?? undefined
