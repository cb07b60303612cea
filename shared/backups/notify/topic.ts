import { isPassing } from '../../table/retry.ts'
import { DeliveryError } from './delivery.ts'
import { topicOf } from './destination.ts'
import { fitted } from './fit.ts'
import { mailOf, type Message } from './message.ts'

/** What a topic is given, as SNS takes it: `message` is JSON with a text for each protocol. */
export type Publication = {
  topicArn: string
  region: string
  subject: string
  message: string
  attributes: Record<string, string | number>
  /** Of FIFO topics only. */
  order?: { groupId: string; deduplicationId: string }
}

/** @throws Error as SNS names it, such as `NotFoundException`. */
export type Topics = { publish(publication: Publication): Promise<void> }

export type TopicDelivery = {
  topicArn: string
  subscriptionId: number
  deliveryId: string
  /** For the filter policies of who listens to the topic, beside the event and the subscription. */
  attributes: Record<string, string | number>
}

/**
 * Message, subject and attributes together, in UTF-8.
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
const publicationBytesMax = 256 * 1024

/** "Less than 100 characters long": the same page. */
const subjectCharactersMax = 99

/** @throws DeliveryError */
export async function publish(topics: Topics, delivery: TopicDelivery, message: Message): Promise<void> {
  try {
    await topics.publish(publicationOf(delivery, message))
  } catch (cause) {
    throw failureOf(delivery.topicArn, cause)
  }
}

/** What does not fit is left out, and said. */
export function publicationOf(delivery: TopicDelivery, message: Message): Publication {
  const drafted = draftOf(delivery, message)
  if (message.event !== 'backup_run' || bytesOf(drafted) <= publicationBytesMax) return drafted
  const shorter = fitted(message, (one) => bytesOf(draftOf(delivery, one)) <= publicationBytesMax)
  return draftOf(delivery, shorter)
}

/**
 * Programs get the JSON of a webhook and people the text of a mail. The JSON is the default: in copies for queues,
 * functions and endpoints it would count as often.
 */
function draftOf({ topicArn, subscriptionId, deliveryId, attributes }: TopicDelivery, message: Message) {
  const { region = '', isFifo = false } = topicOf(topicArn) ?? {}
  const mail = mailOf(message)
  const subject = asciiOf(mail.subject)
  // A diff that was cut in the middle of a character would be no text.
  const email = mail.text.toWellFormed()
  const order = { groupId: `subscription-${subscriptionId}`, deduplicationId: deliveryId }
  return {
    topicArn,
    region,
    subject,
    message: JSON.stringify({ default: JSON.stringify(message), email, sms: subject }),
    attributes: { event: message.event, subscription: message.subscription, ...attributes },
    ...(isFifo ? { order } : {}),
  } satisfies Publication
}

/** Names lose their accents, what is no letter at all becomes a question mark. */
function asciiOf(subject: string): string {
  const ascii = subject
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\x20-\x7e]/gu, '?')
  return ascii.length <= subjectCharactersMax ? ascii : `${ascii.slice(0, subjectCharactersMax - 3)}...`
}

export const attributeType = (value: string | number): 'Number' | 'String' =>
  typeof value === 'number' ? 'Number' : 'String'

function bytesOf({ subject, message, attributes }: Publication): number {
  const said = Object.entries(attributes).flatMap(([name, value]) => [
    name,
    attributeType(value),
    String(value),
  ])
  return [subject, message, ...said].reduce((bytes, text) => bytes + Buffer.byteLength(text), 0)
}

/** By the names of https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors, in words of the deployment. */
function failureOf(topicArn: string, cause: unknown): DeliveryError {
  if (!(cause instanceof Error)) return new DeliveryError(`SNS: ${String(cause).slice(0, 300)}`, false)
  const reason = cause.name.replace(/Exception$/, '')
  const said = `${reason}: ${cause.message}`.slice(0, 300)
  if (/Throttl/.test(reason) || isPassing(cause))
    return new DeliveryError(`SNS did not take the message: ${said}`, true)
  if (/^(?:AuthorizationError|AccessDenied)$/.test(reason))
    return new DeliveryError(
      `the deployment may not publish to ${topicArn}: add it to notificationTopicArns (a topic of another account must allow it in its own policy as well)`,
      false,
    )
  if (reason === 'NotFound') return new DeliveryError(`there is no topic ${topicArn}`, false)
  if (reason.startsWith('KMS'))
    return new DeliveryError(`the key that encrypts ${topicArn} cannot be used: ${said}`, false)
  return new DeliveryError(`SNS refused the message: ${said}`, false)
}
