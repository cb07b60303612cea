import { device } from '../../dcim/models/device.ts'
import type { Engine } from '../../model/engine.ts'
import { rowsOf } from '../../model/rows-of.ts'
import { storedSchema } from '../../model/rows.ts'
import type { ObjectStore } from '../../objects.ts'
import { keys } from '../../table/keys.ts'
import type { KeyService } from '../keyring.ts'
import { NewlyFailing } from '../compliance/records.ts'
import { subscription } from '../models/subscription.ts'
import { readHeads } from '../runs/progress.ts'
import { expiryOf } from '../records.ts'
import { logRun } from '../runs/run-log.ts'
import { readRun, type Run } from '../runs/runs.ts'
import { openChannel, sendersOf, type Senders, type Sent, type Subscription } from './channels.ts'
import { messagesOf } from './compose.ts'
import { deliver } from './delivery.ts'
import { NotificationItem } from './records.ts'
import { selectFor, type Concerned } from './select.ts'
import type { Topics } from './topic.ts'

export type NotifyStores = {
  engine: Engine
  archive: ObjectStore
  keyService: KeyService
  topics: Topics
  sleep?: (ms: number) => Promise<unknown>
}

/** What all messages of a run share: what is compared is got once. */
type Telling = {
  senders: Senders
  run: Run
  sleep: NotifyStores['sleep']
  compose: ReturnType<typeof messagesOf>
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
  // What is compared for it fills some memory: only where somebody wants to know.
  if (subscribers.some(({ on_conflict }) => on_conflict))
    concerned.push(...(await readConflicting(stores.engine, run)))
  const { engine, archive, sleep } = stores
  const compose = messagesOf({ table: engine.table, archive }, run)
  const telling: Telling = { senders: sendersOf(stores), run, sleep, compose }
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

const enabledSubscriptions = async (engine: Engine): Promise<Subscription[]> =>
  [...(await rowsOf(engine, subscription)).values()].filter(({ enabled }) => enabled)

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

async function readConflicting(engine: Engine, run: Run): Promise<Concerned[]> {
  const { conflictsSince } = await import('../facts/new-conflicts.ts')
  const byDevice = Map.groupBy(await conflictsSince(engine, run), (one) => one.device)
  return [...byDevice].map(([{ id, name, site, tags }, conflicts]): Concerned => ({
    deviceId: id,
    name,
    status: 'conflicting',
    siteId: site,
    tagIds: tags,
    conflicts: conflicts.map(({ field, kind, inventory, observed }) => ({
      field,
      kind,
      inventory,
      observed,
    })),
  }))
}

/** @returns undefined where the subscriber was told before. */
async function notifyOne(
  telling: Telling,
  one: Subscription,
  concerned: readonly Concerned[],
): Promise<NotificationItem | undefined> {
  const { run, sleep } = telling
  const { table, now } = telling.senders.engine
  const count = (status: string): number => concerned.filter((head) => head.status === status).length
  const counts = {
    changed: count('changed'),
    failed: count('failed'),
    noncompliant: count('noncompliant'),
    conflicts: count('conflicting'),
  }
  const started: NotificationItem = {
    runId: run.id,
    subscriptionId: one.id,
    name: one.name,
    channel: one.channel,
    status: 'sending',
    attempts: 0,
    ...counts,
    at: now().toISOString(),
  }
  const key = keys.notification(run.id, one.id)
  const earlier = await table.get(NotificationItem, key)
  if (earlier !== undefined && earlier.status !== 'sending') return undefined
  const note = (item: NotificationItem): Promise<void> =>
    table.write([{ put: { ...key, ...item, expiresAt: expiryOf(now()) }, unconditionally: true }])
  await note(started)
  // What keeps one message from being put together is told of that one: the others go out.
  const opening = openMessage(telling, one, { concerned, attributes: { run: run.id, ...counts } })
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
async function openMessage(
  { senders, run, compose }: Telling,
  one: Subscription,
  { concerned, attributes }: { concerned: readonly Concerned[]; attributes: NonNullable<Sent['attributes']> },
): Promise<() => Promise<void>> {
  const message = await compose({ subscription: one.name, includeDiff: one.include_diff, concerned })
  return openChannel(senders, one, { deliveryId: `${run.id}-${one.id}`, message, attributes })
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
