import type { Issue } from '../../errors.ts'
import type { Row } from '../../model/define.ts'
import { emailProblem } from '../../users/rules.ts'

const recipientsMax = 20

/** The addresses of a mail subscription. */
export const recipientsOf = (destination: string): string[] =>
  destination
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')

/** What is wrong with where a subscription sends to, by its channel. */
export function destinationProblems(row: Row): Issue[] {
  const destination = String(row['destination'])
  if (row['channel'] === 'webhook') {
    const message = urlProblem(destination)
    return message === undefined ? [] : [{ path: 'destination', message }]
  }
  const recipients = recipientsOf(destination)
  const wrong = recipients.find((one) => emailProblem(one) !== undefined)
  const issues: Issue[] = []
  if (recipients.length === 0 || recipients.length > recipientsMax)
    issues.push({ path: 'destination', message: `Between 1 and ${recipientsMax} mail addresses are needed.` })
  if (wrong !== undefined) issues.push({ path: 'destination', message: `"${wrong}" is not a mail address.` })
  if (row['mail_server'] === null)
    issues.push({ path: 'mail_server', message: 'Mails need a mail server to be sent through.' })
  return issues
}

function urlProblem(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol))
    return 'A URL is needed that begins with https:// or http://.'
  // It would be shown to everybody who sees the subscription.
  if (url.username !== '' || url.password !== '')
    return 'A login in the URL would be seen by all: use the secret.'
  return undefined
}
