import type { Issue } from '../../errors.ts'
import type { Row } from '../../model/define.ts'

/** Where a token in the clear is seen by nobody but this machine. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host)

/** What is wrong with where a remote is, and with sending its token there. */
export function remoteProblems(row: Row): Issue[] {
  const problem = urlProblem(String(row['remote_url']), row['has_token'] === true)
  return problem === undefined ? [] : [{ path: 'remote_url', message: problem }]
}

function urlProblem(text: string, hasToken: boolean): string | undefined {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol))
    return 'A URL is needed that begins with https:// or http://; SSH is not spoken.'
  // It would be shown to everybody who sees the remote.
  if (url.username !== '' || url.password !== '')
    return 'A login in the URL would be seen by all: use the username and the token.'
  if (url.search !== '' || url.hash !== '') return 'The URL of a repository has neither ? nor #.'
  if (hasToken && url.protocol === 'http:' && !isLoopback(url.hostname))
    return 'A token is not sent without encryption: use https://.'
  return undefined
}

/** The rules of names: https://git-scm.com/docs/git-check-ref-format */
export function branchProblem(branch: string): string | undefined {
  const isGood =
    !/[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|\/$|^\/|\.$|^-/u.test(branch) &&
    branch !== '@' &&
    branch.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock')) &&
    !branch.startsWith('refs/')
  return isGood ? undefined : 'This is not the name of a branch.'
}
