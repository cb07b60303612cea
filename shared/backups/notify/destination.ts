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

/** https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html: what a name may hold. The other parts as AWS writes them. */
export const topicArnPattern =
  /^arn:aws(?:-[a-z]+)*:sns:(?<region>[a-z]{2,}(?:-[a-z0-9]+)+):\d{12}:(?<name>[A-Za-z0-9_-]{1,251}\.fifo|[A-Za-z0-9_-]{1,256})$/

/** @returns undefined for what is no ARN of a topic. */
export function topicOf(arn: string): { region: string; isFifo: boolean } | undefined {
  const { region, name } = topicArnPattern.exec(arn)?.groups ?? {}
  if (region === undefined || name === undefined) return undefined
  return { region, isFifo: name.endsWith('.fifo') }
}

/** What is wrong with where a subscription sends to, by its channel. */
export function destinationProblems(row: Row): Issue[] {
  const destination = String(row['destination'])
  if (row['channel'] === 'webhook') {
    const message = urlProblem(destination)
    return message === undefined ? [] : [{ path: 'destination', message }]
  }
  if (row['channel'] === 'sns') {
    const message = topicProblem(destination)
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

function topicProblem(text: string): string | undefined {
  if (topicOf(text) !== undefined) return undefined
  if (/^arn:[^:]*:sns:[^:]*:[^:]*:[^:]*:/.test(text))
    return 'That is the ARN of a subscription to a topic: give that of the topic, which ends with its name.'
  return 'The ARN of an SNS topic is needed, such as arn:aws:sns:eu-central-1:123456789012:network.'
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
