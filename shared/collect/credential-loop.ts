import type { ConnectorState } from './device-connector.ts'
import type { Note } from './dialogue.ts'
import { CollectFailure } from './failure.ts'
import type { Credential } from './request.ts'

/** After these the next credential may still do; any other failure ends the login. */
const refusals: ReadonlySet<string> = new Set(['auth', 'account_locked', 'login_budget'])

/**
 * Tries credentials in their order until one is accepted. One that may not be tried, because its username has failed too
 * often, is passed by; where none was accepted that is the reason given, for it passes.
 */
export async function tryCredentials<T>(
  credentials: readonly Credential[],
  tryOne: (credential: Credential) => Promise<T>,
  about: { state: ConnectorState; note: Note; expired: () => CollectFailure | undefined },
): Promise<{ value: T; credential: Credential }> {
  let refusal: CollectFailure | undefined
  for (const credential of credentials) {
    const expired = about.expired()
    if (expired) throw expired
    const attempt = { credentialId: credential.id, accepted: false }
    try {
      const value = await tryOne(credential)
      about.state.attempts.push({ ...attempt, accepted: true })
      about.state.credentialId = credential.id
      about.state.former = credential.former === true
      about.note('info', `logged in with ${nameOf(credential)}`)
      return { value, credential }
    } catch (error) {
      if (!(error instanceof CollectFailure) || !refusals.has(error.category) || about.expired()) throw error
      // Only what was sent is an attempt.
      if (!error.isBeforeLogin) about.state.attempts.push(attempt)
      about.note('warn', `${nameOf(credential)}: ${error.message}`)
      if (refusal === undefined || error.category !== 'auth') refusal = error
    }
  }
  if (refusal === undefined) throw new CollectFailure('no_credentials', 'no credential applies to the device')
  throw refusal
}

const nameOf = ({ id, former }: Credential): string =>
  `credential ${id}${former === true ? ' as it was before its rotation' : ''}`
