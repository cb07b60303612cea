import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

type Received = { headers: IncomingHttpHeaders; body: string }
export type Receiver = { port: number; received: Received[]; stop(): Promise<void> }

/** A receiver of webhooks; answers what it is told to, one after the other, then 204. */
export async function startWebhookReceiver(answers: readonly number[] = []): Promise<Receiver> {
  const received: Received[] = []
  const left = [...answers]
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body })
      response.writeHead(left.shift() ?? 204).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { port: (server.address() as AddressInfo).port, received, stop }
}

type Mail = {
  from: string
  to: string[]
  text: string
  user: string | undefined
  isEncrypted: boolean
}
export type MailReceiver = { port: number; mails: Mail[]; stop(): Promise<void> }

/** A real SMTP server. Without `offersTls` it takes plain connections only. */
export async function startMailReceiver(
  given: {
    offersTls?: boolean
    tls?: { key: string; cert: string }
    login?: { username: string; password: string }
  } = {},
): Promise<MailReceiver> {
  const mails: Mail[] = []
  const { login, tls, offersTls = tls !== undefined } = given
  const server = new SMTPServer({
    ...tls,
    authOptional: login === undefined,
    hideSTARTTLS: !offersTls,
    disableReverseLookup: true,
    logger: false,
    onAuth(auth, _session, done) {
      const isKnown = auth.username === login?.username && auth.password === login?.password
      if (isKnown) done(null, { user: auth.username ?? '' })
      else done(Object.assign(new Error('wrong login'), { responseCode: 535 }))
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString('utf8'),
          user: session.user,
          isEncrypted: session.secure,
        })
        done()
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const stop = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()))
  return { port: (server.server.address() as AddressInfo).port, mails, stop }
}
