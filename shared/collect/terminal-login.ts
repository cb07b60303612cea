import type { LoginQuestions } from '../platforms/definition.ts'
import type { Dialogue } from './dialogue.ts'
import { lockedIn } from './login-gate.ts'
import { CollectFailure } from './failure.ts'
import type { Credential } from './request.ts'

/** How most devices ask. Tried on the unfinished last line. */
const usualQuestions = {
  username: /(?:user ?name|user ?id|login(?: name)?|user|account) ?[:>]$/i,
  password: /(?:pass ?word|passwd|pass ?code|pwd)(?: for [\w.@-]{1,64})? ?[:>]$/i,
}

/** A terminal that shows nothing may be waiting for an empty line. */
const wakeMs = 2000
/** A refusal stands alone for so long before it is believed. */
const refusalMs = 2000
/** A line without a password takes nobody in; said instead of a question. */
const noPasswordSet = /password required, but none set/i
/** How a device says no. Tried on whole lines, after the password was sent. */
const refusals = [
  /\b(?:login|logon|authentication|authorization|password|access|username) ?(?:is |was |has )?(?:incorrect|invalid|failed|failure|failed!|denied|rejected|error|wrong)\b/i,
  /\b(?:bad|invalid|incorrect|wrong|unknown) (?:passwords?|password|secret|login|user ?name|user|credentials?)\b/i,
  /\bfail(?:ed|ure)? to (?:log|auth)/i,
  /\b(?:account|user) (?:is |has been |was )?locked\b/i,
  /^% ?(?:Access denied|Login invalid|Authentication failed|Bad passwords)/i,
]

/**
 * A login in the terminal itself: over telnet, or where a device asks again inside SSH. Each question is answered once;
 * a question that comes back means no. Ends at what looks like a prompt. `auth`, `timeout`, `connection_lost`.
 */
export async function logInAtTerminal(
  dialogue: Dialogue,
  credential: Pick<Credential, 'username' | 'password'> & { onOffer?: () => void },
  questions: LoginQuestions = {},
): Promise<void> {
  const asks = { ...usualQuestions, ...questions }
  const { inbox } = dialogue
  const answered = { username: false, password: false }
  let isAwake = false
  const asked = (): 'username' | 'password' | undefined => {
    const line = inbox.lastLine()
    return asks.password.test(line) ? 'password' : asks.username.test(line) ? 'username' : undefined
  }
  const refused = (): string | undefined => {
    const wanted = answered.password ? [...refusals, noPasswordSet] : [noPasswordSet]
    return inbox
      .text()
      .split('\n')
      .find((line) => wanted.some((refusal) => refusal.test(line)))
  }
  try {
    for (;;) {
      const shown = (): boolean => asked() !== undefined || refused() !== undefined || dialogue.looksReady()
      // Some terminals show nothing before a key is pressed.
      if (!isAwake && !(await inbox.wait(shown, () => wakeMs))) dialogue.write('')
      isAwake = true
      await dialogue.expect(shown)
      const isAnswered = (): boolean => asked() !== undefined || dialogue.looksReady()
      // A message of the day may read like a refusal: only one that nothing follows is one.
      if (!isAnswered() && !(await inbox.wait(isAnswered, () => refusalMs)))
        throw refusedLogin(refused()?.trim() ?? '')
      if (!(await dialogue.settled(isAnswered))) continue
      const question = asked()
      if (question === undefined) {
        if (dialogue.answerPager()) continue
        return
      }
      if (answered[question]) {
        const refusal = refused()?.trim() ?? `it asked for the ${question} again`
        throw refusedLogin(refusal)
      }
      const answer = credential[question]
      if (answer === undefined) throw new CollectFailure('auth', `the credential has no ${question}`)
      answered[question] = true
      if (question === 'password') credential.onOffer?.()
      inbox.clear()
      dialogue.write(answer)
    }
  } catch (error) {
    // Many devices hang up on a wrong password instead of refusing it.
    if (error instanceof CollectFailure && error.category === 'connection_lost' && answered.password)
      throw new CollectFailure('auth', 'the device hung up on the login')
    throw error
  }
}

const refusedLogin = (refusal: string): CollectFailure =>
  new CollectFailure(
    lockedIn(refusal) === undefined ? 'auth' : 'account_locked',
    `the login was refused: ${refusal}`,
  )
