import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { createClockwork } from '../scheduler/clockwork.ts'
import { type BusEvent, type Host, type LocalService, type ServiceAction, ServiceError } from '../service.ts'
import { createDeliveries } from './delivery.ts'
import { deliveriesFor, readRules, type Rule } from './rules.ts'

export type EventsOptions = {
  /** Milliseconds in a second of the back-off between retries: 1000, and less in tests. */
  secondMs?: number
}

export type EventsService = LocalService & {
  /** What `host.publishEvent` calls: resolves when every target has the event, or it is safe on disk for them. */
  publish(event: BusEvent, id?: string): Promise<void>
  /** Fires scheduled rules that are due by the host's clock; for tests that set it. */
  check(): Promise<void>
}

/**
 * EventBridge: the buses and rules of the template.
 * @throws Error at once, naming every rule that cannot be hosted.
 */
export function createEvents(host: Host, options: EventsOptions = {}): EventsService {
  const rules = readRules(host).filter(({ resource }) => resource.enabled)
  const deliveries = createDeliveries({ host, service: 'events', secondMs: options.secondMs ?? 1000 })
  const clockwork = createClockwork(host.now)
  const firing = new Set<Promise<unknown>>()

  const send = async (rule: Rule, event: Record<string, unknown>): Promise<void> => {
    await Promise.all(deliveriesFor(rule, event).map((delivery) => deliveries.deliver(delivery)))
  }
  const publish: EventsService['publish'] = async (event, id = randomUUID()) => {
    const envelope = envelopeOf(event, id, host)
    const busName = busNameOf(event.busName)
    const matching = rules.filter(
      ({ resource, matches }) => resource.busName === busName && matches?.(envelope),
    )
    await Promise.all(matching.map((rule) => send(rule, envelope)))
  }
  const fire = (rule: Rule, dueAt: Date): void => {
    const { arn } = rule.resource
    const source = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {}, resources: [arn] }
    const sent = send(rule, envelopeOf({ ...source, time: dueAt.toISOString() }, randomUUID(), host)).finally(
      () => firing.delete(sent),
    )
    firing.add(sent)
  }

  return {
    name: 'events',
    publish,
    actions: { PutEvents: putEvents(host, publish) },
    async start() {
      deliveries.resume()
      for (const rule of rules) {
        const { timing, resource } = rule
        if (timing === undefined) continue
        clockwork.set(
          resource.arn,
          { nextAfter: (after) => timing.next(after), fire: (dueAt) => fire(rule, dueAt) },
          host.now(),
        )
      }
    },
    async check() {
      clockwork.check()
      await Promise.all(firing)
    },
    async stop() {
      clockwork.stop()
      await deliveries.stop()
    },
  }
}

const busNameOf = (nameOrArn = 'default'): string => nameOrArn.split('/').at(-1) ?? 'default'

/** Times on the bus have no fractions of a second. */
const wholeSeconds = (at: string): string => `${new Date(at).toISOString().slice(0, 19)}Z`

function envelopeOf(event: BusEvent, id: string, host: Host): Record<string, unknown> {
  return {
    version: '0',
    id,
    'detail-type': event['detail-type'],
    source: event.source,
    account: host.account,
    time: wholeSeconds(event.time ?? host.now().toISOString()),
    region: host.region,
    resources: event.resources ?? [],
    detail: event.detail,
  }
}

const Entry = z.object({
  Source: z.string().min(1),
  DetailType: z.string().min(1),
  Detail: z.string(),
  EventBusName: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  /** Seconds since 1970, as the AWS JSON protocol writes times. */
  Time: z.number().optional(),
})
const PutEvents = z.object({ Entries: z.array(z.record(z.string(), z.unknown())).min(1).max(10) })

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html: all entries together. */
const requestBytesMax = 262_144

function putEvents(host: Host, publish: EventsService['publish']): ServiceAction {
  const known = new Set(['default', ...host.resources.eventBuses.map(({ name }) => name)])
  const arnOf = (bus: string): string => `arn:aws:events:${host.region}:${host.account}:event-bus/${bus}`
  return {
    resources: (input) => {
      const parsed = z
        .object({ Entries: z.array(z.object({ EventBusName: z.string().optional() })) })
        .safeParse(input)
      const buses = parsed.success
        ? parsed.data.Entries.map((entry) => busNameOf(entry.EventBusName))
        : ['default']
      return [...new Set(buses)].map(arnOf)
    },
    async run(input) {
      const parsed = PutEvents.safeParse(input)
      if (!parsed.success) throw new ServiceError('ValidationException', z.prettifyError(parsed.error))
      if (Buffer.byteLength(JSON.stringify(input)) > requestBytesMax) {
        throw new ServiceError(
          'ValidationException',
          'Total size of the entries in the request is over the limit.',
        )
      }
      const answers = await Promise.all(parsed.data.Entries.map((entry) => putEntry(entry, known, publish)))
      return { FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length, Entries: answers }
    },
  }
}

type EntryAnswer = { EventId: string } | { ErrorCode: string; ErrorMessage: string }

async function putEntry(
  given: Record<string, unknown>,
  known: ReadonlySet<string>,
  publish: EventsService['publish'],
): Promise<EntryAnswer> {
  const entry = Entry.safeParse(given)
  if (!entry.success) return { ErrorCode: 'InvalidArgument', ErrorMessage: z.prettifyError(entry.error) }
  const { Source, DetailType, Detail, EventBusName, Resources, Time } = entry.data
  if (Source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' }
  }
  if (!known.has(busNameOf(EventBusName))) {
    return {
      ErrorCode: 'ResourceNotFoundException',
      ErrorMessage: `Event bus ${EventBusName} does not exist.`,
    }
  }
  const detail = z.record(z.string(), z.unknown()).safeParse(tryJson(Detail))
  if (!detail.success) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
  const id = randomUUID()
  const event: BusEvent = {
    source: Source,
    'detail-type': DetailType,
    detail: detail.data,
    ...(Resources !== undefined && { resources: Resources }),
    ...(Time !== undefined && { time: new Date(Time * 1000).toISOString() }),
    ...(EventBusName !== undefined && { busName: EventBusName }),
  }
  await publish(event, id)
  return { EventId: id }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
