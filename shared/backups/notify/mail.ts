import { createTransport } from 'nodemailer'
import { DeliveryError } from './delivery.ts'
import { mailOf, type Message } from './message.ts'

export type Relay = {
  host: string
  port: number
  security: 'starttls' | 'tls' | 'none'
  sender: string
  ca_certificate: string
  username: string
  password: string | undefined
}

const timeoutMs = 10_000

/**
 * Hands a mail to a relay. With STARTTLS a server that does not offer it gets nothing; certificates are checked.
 * @throws DeliveryError
 */
export async function sendMail(
  { host, port, security, sender, ca_certificate, username, password }: Relay,
  mail: { to: readonly string[]; id: string; message: Message },
): Promise<void> {
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    ...(ca_certificate === '' ? {} : { tls: { ca: ca_certificate } }),
    ...(username === '' ? {} : { auth: { user: username, pass: password ?? '' } }),
  })
  const { subject, text } = mailOf(mail.message)
  const messageId = `<${mail.id}@${sender.split('@')[1] ?? 'netkeep'}>`
  try {
    // A relay that was handed the same mail twice can tell by its id.
    await transport.sendMail({ from: sender, to: [...mail.to], subject, text, messageId })
  } catch (cause) {
    throw failureOf(cause)
  } finally {
    transport.close()
  }
}

/** Answers of 5xx are meant: https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1 */
function failureOf(cause: unknown): DeliveryError {
  const { message = String(cause), responseCode = 0 } = cause as { message?: string; responseCode?: number }
  return new DeliveryError(`the mail was not taken: ${message.slice(0, 300)}`, responseCode < 500)
}
