import type { AnyAuthMethod, AuthHandlerMiddleware, AuthenticationType, Prompt } from 'ssh2'
import type { Credential } from './request.ts'

/** What came of a login: filled while it goes on, read when it has ended. */
export type LoginProgress = {
  /** A key, password or answer was sent. */
  offered: boolean
  /** Texts that came after something was offered: a reason for a refusal may be among them. */
  said: string[]
  /** A password was sent, and the server asked for it again. */
  askedAgain: boolean
}

/**
 * Chooses what to offer, one thing once. `none` is skipped: devices log it as a failed login. A password goes out a
 * single time: by `password`, or by `keyboard-interactive` where the server does not take `password`. A server that
 * still lists `password` after it was offered has seen it and said no.
 */
export function authenticationFor(
  credential: Credential,
  username: string,
  progress: LoginProgress,
  onOffer: () => void,
): AuthHandlerMiddleware {
  const plan: ('publickey' | 'password' | 'keyboard-interactive')[] = []
  if (credential.privateKey !== undefined) plan.push('publickey')
  if (credential.password !== undefined) plan.push('password', 'keyboard-interactive')
  let last: AuthenticationType | undefined

  const next = (
    methods: readonly AuthenticationType[] | null,
    partial: boolean | null,
  ): AnyAuthMethod | false => {
    if (last === 'password' && !partial && methods?.includes('password')) return false
    for (;;) {
      const method = plan.shift()
      if (method === undefined) return false
      if (methods && !methods.includes(method)) continue
      last = method
      progress.offered = true
      onOffer()
      return offer(method, credential, username, progress)
    }
  }
  return (methods, partial, callback) => {
    // The typings know no way to end the list; ssh2 documents `false` for it.
    ;(callback as (choice: AnyAuthMethod | false) => void)(next(methods, partial))
  }
}

function offer(
  method: 'publickey' | 'password' | 'keyboard-interactive',
  credential: Credential,
  username: string,
  progress: LoginProgress,
): AnyAuthMethod {
  if (method === 'publickey') {
    const passphrase = credential.passphrase === undefined ? {} : { passphrase: credential.passphrase }
    return { type: 'publickey', username, key: credential.privateKey ?? '', ...passphrase }
  }
  const password = credential.password ?? ''
  if (method === 'password') return { type: 'password', username, password }
  return { type: 'keyboard-interactive', username, prompt: answerPrompts(password, progress) }
}

/** Name and instructions may say why (RFC 4256 §3.2). */
type Interaction = [string, string, string, prompts: Prompt[], finish: (answers: string[]) => void]

/** Answers the first hidden question with the password. Asked again means that it was refused: nothing is sent then. */
function answerPrompts(password: string, progress: LoginProgress) {
  let answered = false
  return (...[title, instructions, , prompts, finish]: Interaction): void => {
    progress.said.push(title, instructions, ...prompts.map(({ prompt }) => prompt))
    const hidden = prompts.findIndex(({ echo }) => !echo)
    if (hidden === -1) return finish(prompts.map(() => ''))
    if (answered) {
      progress.askedAgain = true
      return finish([])
    }
    answered = true
    finish(prompts.map((_prompt, index) => (index === hidden ? password : '')))
  }
}
