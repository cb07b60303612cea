import * as z from 'zod'
import { device } from '../../dcim/models/device.ts'
import type { RowOf } from '../../model/define.ts'
import type { Engine } from '../../model/engine.ts'
import { storedSchema } from '../../model/rows.ts'
import type { ObjectStore } from '../../objects.ts'
import { keys } from '../../table/keys.ts'
import { openKeyring, openText, type KeyService } from '../keyring.ts'
import { NewlyFailing } from '../compliance/records.ts'
import { mailServer } from '../models/mail-server.ts'
import { subscription } from '../models/subscription.ts'
import { readHeads } from '../progress.ts'
import { expiryOf } from '../records.ts'
import { logRun } from '../run-log.ts'
import { readRun, type Run } from '../runs.ts'
import { messagesOf } from './compose.ts'
import { deliver, DeliveryError } from './delivery.ts'
import { recipientsOf } from './destination.ts'
import { sendMail } from './mail.ts'
import type { RunMessage } from './message.ts'
import { NotificationItem } from './records.ts'
import { selectFor, type Concerned } from './select.ts'
import { postWebhook } from './webhook.ts'

export type NotifyStores = {
  engine: Engine
  archive: ObjectStore
  keyService: KeyService
  sleep?: (ms: number) => Promise<unknown>
}
type Subscription = RowOf<typeof subscription>

/** What all messages of a run share: what is compared, and the keyring, are got once, and by the first that needs them. */
type Telling = {
  engine: Engine
  run: Run
  sleep: NotifyStores['sleep']
  compose: ReturnType<typeof messagesOf>
  openSecret: (sealed: string | null | undefined) => Promise<string | undefined>
}

function tellingOf({ engine, archive, keyService, sleep }: NotifyStores, run: Run): Telling {
  const { table } = engine
  let keyring: ReturnType<typeof openKeyring> | undefined
  return {
    engine,
    run,
    sleep,
    compose: messagesOf({ table, archive }, run),
    openSecret: async (sealed) => {
      if (sealed == null) return undefined
      keyring ??= openKeyring(table, keyService)
      return openText(await keyring, sealed)
    },
  }
}

/**
 * Tells the subscribers what a run has changed and where it failed. What cannot be delivered is noted with the run and
 * holds nothing up. May be repeated: who was told is not told again, unless the step ended in the middle of telling.
 */
export async function notifyRun(
  stores: NotifyStores,
  runId: number,
): Promise<{ sent: number; failed: number }> {
  const subscribers = await enabledSubscriptions(stores.engine)
  if (subscribers.length === 0) return { sent: 0, failed: 0 }
  const run = await readRun(stores.engine, runId)
  const concerned = await readConcerned(stores.engine, run)
  const telling = tellingOf(stores, run)
  const told: NotificationItem[] = []
  for (const one of subscribers) {
    const own = selectFor(one, concerned)
    const outcome = own.length === 0 ? undefined : await notifyOne(telling, one, own)
    if (outcome !== undefined) told.push(outcome)
  }
  const failures = told.filter(({ status }) => status === 'failed')
  if (told.length > 0) await logOutcome(stores.engine, runId, told.length - failures.length, failures)
  return { sent: told.length - failures.length, failed: failures.length }
}

async function enabledSubscriptions({ catalogs }: Engine): Promise<Subscription[]> {
  const catalog = catalogs.of(subscription)
  await catalog.refresh()
  // A catalog holds the rows of its own model.
  return [...(catalog.rows as ReadonlyMap<number, Subscription>).values()].filter(({ enabled }) => enabled)
}

/** Devices that were changed, failed, or fail rules since, with what they are chosen by. One that was deleted meanwhile has neither site nor tags. */
async function readConcerned({ table }: Engine, run: Run): Promise<Concerned[]> {
  const heads = (await readHeads(table, run)).filter(
    ({ status }) => status === 'changed' || status === 'failed',
  )
  const rows = await table.getMany(
    storedSchema(device),
    heads.map(({ deviceId }) => keys.entity(device.name, deviceId)),
  )
  const concerned = heads.map(({ deviceId, name, status, significant }, index): Concerned => ({
    deviceId,
    name,
    status,
    significant,
    siteId: rows[index]?.site,
    tagIds: rows[index]?.tags ?? [],
  }))
  const failing = new Map<number, NewlyFailing>()
  for await (const item of table.query(NewlyFailing, { partition: keys.newlyFailingIn(run.id) }))
    failing.set(item.deviceId, item)
  const noncompliant = concerned.flatMap((one): Concerned[] => {
    const rules = failing.get(one.deviceId)?.rules
    return rules === undefined ? [] : [{ ...one, status: 'noncompliant', rules }]
  })
  return [...concerned, ...noncompliant]
}

/** @returns undefined where the subscriber was told before. */
async function notifyOne(
  telling: Telling,
  one: Subscription,
  concerned: readonly Concerned[],
): Promise<NotificationItem | undefined> {
  const { run, sleep } = telling
  const { table, now } = telling.engine
  const count = (status: string): number => concerned.filter((head) => head.status === status).length
  const started: NotificationItem = {
    runId: run.id,
    subscriptionId: one.id,
    name: one.name,
    channel: one.channel,
    status: 'sending',
    attempts: 0,
    changed: count('changed'),
    failed: count('failed'),
    noncompliant: count('noncompliant'),
    at: now().toISOString(),
  }
  const key = keys.notification(run.id, one.id)
  const earlier = await table.get(NotificationItem, key)
  if (earlier !== undefined && earlier.status !== 'sending') return undefined
  const note = (item: NotificationItem): Promise<void> =>
    table.write([{ put: { ...key, ...item, expiresAt: expiryOf(now()) }, unconditionally: true }])
  await note(started)
  // What keeps one message from being put together is told of that one: the others go out.
  const opening = openChannel(telling, one, concerned)
  const { attempts, error } = await deliver(async () => (await opening)(), sleep)
  const ended: NotificationItem = {
    ...started,
    attempts,
    status: error === undefined ? 'sent' : 'failed',
    at: now().toISOString(),
    ...(error === undefined ? {} : { error: error.slice(0, 500) }),
  }
  await note(ended)
  return ended
}

/** What an attempt does: the message is put together once. */
async function openChannel(
  telling: Telling,
  one: Subscription,
  concerned: readonly Concerned[],
): Promise<() => Promise<void>> {
  const { table, now } = telling.engine
  const message = await telling.compose({
    subscription: one.name,
    includeDiff: one.include_diff,
    concerned,
  })
  const deliveryId = `${telling.run.id}-${one.id}`
  if (one.channel === 'webhook') {
    const sealed = await table.get(
      z.object({ secret: z.string().nullish() }),
      keys.entity(subscription.name, one.id),
    )
    const secret = await telling.openSecret(sealed?.secret)
    return () => postWebhook({ url: one.destination, secret, deliveryId, at: now() }, message)
  }
  return openMail(telling, one, { id: deliveryId, message })
}

const SealedMailServer = z.object({ password: z.string().nullish() })

async function openMail(
  telling: Telling,
  { mail_server, destination }: Subscription,
  mail: { id: string; message: RunMessage },
): Promise<() => Promise<void>> {
  const { table } = telling.engine
  const key = keys.entity(mailServer.name, mail_server ?? 0)
  const [relay, sealed] = await Promise.all([
    table.get(storedSchema(mailServer), key),
    table.get(SealedMailServer, key),
  ])
  const password = await telling.openSecret(sealed?.password)
  return async () => {
    if (relay === undefined) throw new DeliveryError('the mail server is gone', false)
    await sendMail({ ...relay, password }, { to: recipientsOf(destination), ...mail })
  }
}

async function logOutcome(
  { table, now }: Engine,
  runId: number,
  sent: number,
  failures: readonly NotificationItem[],
): Promise<void> {
  const reasons = failures.map(({ name, error }) => `${name}: ${error ?? ''}`).join('; ')
  const message = `${sent} notified${failures.length === 0 ? '' : `, ${failures.length} not: ${reasons}`}`
  const level = failures.length === 0 ? 'info' : 'warn'
  await logRun(table, runId, { at: now().toISOString(), level, message: message.slice(0, 2000) })
}
