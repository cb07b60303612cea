import { type FormEvent, type ReactNode, useState } from 'react'
import { checkToken } from '../api.ts'
import { Failure } from '../parts/answer.tsx'
import { Heading } from '../parts/heading.tsx'
import { keepToken } from '../session.ts'

export function SignInPage(): ReactNode {
  const [error, setError] = useState<Error>()
  const [isChecking, setIsChecking] = useState(false)

  const signIn = async (token: string): Promise<void> => {
    setIsChecking(true)
    setError(undefined)
    try {
      await checkToken(token)
      keepToken(token)
    } catch (problem) {
      setError(problem instanceof Error ? problem : new Error(String(problem)))
      setIsChecking(false)
    }
  }
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const token = new FormData(event.currentTarget).get('token')
    void signIn(typeof token === 'string' ? token.trim() : '')
  }

  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        <Heading title="Sign in to netkeep" />
        <label htmlFor="token">API token</label>
        <input
          id="token"
          name="token"
          type="password"
          required
          autoComplete="off"
          spellCheck={false}
          aria-describedby="token-help"
          aria-invalid={error !== undefined}
        />
        <p id="token-help" className="note">
          It is kept in this browser tab only, and forgotten when the tab is closed.
        </p>
        {error === undefined ? null : <Failure error={error} what="Not signed in" />}
        <button type="submit" className="primary" disabled={isChecking}>
          {isChecking ? 'Checking …' : 'Sign in'}
        </button>
      </form>
    </main>
  )
}
