import * as z from 'zod'
import type { RowOf } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import { storedSchema } from '../../model/rows.ts'
import { keys } from '../../table/keys.ts'
import { openKeyring, openText, type KeyService } from '../keyring.ts'
import { mailServer } from '../models/mail-server.ts'
import { subscription } from '../models/subscription.ts'
import { DeliveryError } from './delivery.ts'
import { recipientsOf } from './destination.ts'
import { sendMail } from './mail.ts'
import type { Message } from './message.ts'
import { publish, type Topics } from './topic.ts'
import { postWebhook } from './webhook.ts'

export type Subscription = RowOf<typeof subscription>

/** What the ways out need. */
export type Senders = {
  engine: Engine
  topics: Topics
  openSecret: (sealed: string | null | undefined) => Promise<string | undefined>
}

/** One message for one subscriber. */
export type Sent = {
  /** The same for every copy of it: receivers tell them by it. */
  deliveryId: string
  message: Message
  /** By which who listens to a topic may choose. */
  attributes?: Record<string, string | number>
}

type Attempt = () => Promise<void>

/** The keyring is got once, and by the first that needs it. */
export function sendersOf(stores: { engine: Engine; keyService: KeyService; topics: Topics }): Senders {
  const { engine, keyService, topics } = stores
  let keyring: ReturnType<typeof openKeyring> | undefined
  return {
    engine,
    topics,
    openSecret: async (sealed) => {
      if (sealed == null) return undefined
      keyring ??= openKeyring(engine.table, keyService)
      return openText(await keyring, sealed)
    },
  }
}

const channels: Record<
  Subscription['channel'],
  (senders: Senders, to: Subscription, sent: Sent) => Promise<Attempt>
> = { mail: openMail, webhook: openWebhook, sns: openTopic }

/** @returns what one attempt does; secrets are opened before the first. */
export const openChannel = (senders: Senders, to: Subscription, sent: Sent): Promise<Attempt> =>
  channels[to.channel](senders, to, sent)

const SealedSubscription = z.object({ secret: z.string().nullish() })

async function openWebhook(
  { engine, openSecret }: Senders,
  { id, destination: url }: Subscription,
  { deliveryId, message }: Sent,
): Promise<Attempt> {
  const sealed = await engine.table.get(SealedSubscription, keys.entity(subscription.name, id))
  const secret = await openSecret(sealed?.secret)
  return () => postWebhook({ url, secret, deliveryId, at: engine.now() }, message)
}

const SealedMailServer = z.object({ password: z.string().nullish() })

async function openMail(
  { engine, openSecret }: Senders,
  { mail_server, destination }: Subscription,
  { deliveryId: id, message }: Sent,
): Promise<Attempt> {
  const { table } = engine
  const key = keys.entity(mailServer.name, mail_server ?? 0)
  const [relay, sealed] = await Promise.all([
    table.get(storedSchema(mailServer), key),
    table.get(SealedMailServer, key),
  ])
  const password = await openSecret(sealed?.password)
  return async () => {
    if (relay === undefined) throw new DeliveryError('the mail server is gone', false)
    await sendMail({ ...relay, password }, { to: recipientsOf(destination), id, message })
  }
}

async function openTopic(
  { topics }: Senders,
  { id: subscriptionId, destination: topicArn }: Subscription,
  { deliveryId, message, attributes = {} }: Sent,
): Promise<Attempt> {
  return () => publish(topics, { topicArn, subscriptionId, deliveryId, attributes }, message)
}
