import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildApp } from 'fauxqs'
import * as z from 'zod'
import type { JsonAnswer } from '../dynamodb/dynamodb-client.ts'
import type { Input, JsonCall, JsonDoor } from '../gateway/door.ts'
import { type Need, ServiceError } from '../service.ts'
import type { QueueResource } from '../template/resources.ts'

export type Sqs = { door: JsonDoor; stop(): Promise<void> }

type Options = {
  /** Where the messages are kept (SQLite). */
  folder: string
  queues: readonly QueueResource[]
  region: string
  /** Called with the queue's ARN after something was sent to it. */
  sent: (queueArn: string) => void
}

/** Batches need the permission of the single action (SQS developer guide, API permissions). */
const offered = [
  'SendMessage',
  'ReceiveMessage',
  'DeleteMessage',
  'ChangeMessageVisibility',
  'GetQueueAttributes',
  'GetQueueUrl',
  'PurgeQueue',
  'ListQueueTags',
]

/**
 * SQS by fauxqs, without its server: that one listens on every interface, and ours is the gateway.
 * Requests are injected into its router.
 */
export async function startSqs({ folder, queues, region, sent }: Options): Promise<Sqs> {
  const { SqsStore, PersistenceManager } = await loadStores()
  const persistence = new PersistenceManager(folder)
  const sqsStore = new SqsStore()
  sqsStore.region = region
  // Loaded before it is attached, as fauxqs itself does: loading must not write.
  persistence.loadSqsAndSns(sqsStore, { topics: new Map(), subscriptions: new Map() })
  sqsStore.persistence = persistence
  for (const queue of sqsStore.allQueues()) queue.persistence = persistence
  const app = buildApp({ logger: false, defaultRegion: region, stores: { sqsStore } as unknown as Stores })
  app.addHook('preClose', () => persistence.close())
  await app.ready()

  const send = async (action: string, body: string): Promise<JsonAnswer> => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` }
    const answer = await app.inject({ method: 'POST', url: '/', headers, payload: body })
    return { status: answer.statusCode, body: answer.body }
  }
  for (const queue of queues) await createQueue(send, queue)
  return { door: createDoor(send, queues, sent), stop: () => app.close() }
}

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>
type Send = (action: string, body: string) => Promise<JsonAnswer>

/** The part of fauxqs's stores that is used here; the package exports them only to itself. */
const StoreModules = z.object({
  SqsStore: z.custom<new () => SqsStore>((value) => typeof value === 'function'),
  PersistenceManager: z.custom<new (folder: string) => Persistence>((value) => typeof value === 'function'),
})
type Persistence = { loadSqsAndSns(sqs: SqsStore, sns: unknown): void; close(): void }
type SqsStore = {
  region: string
  persistence: Persistence
  allQueues(): Iterable<{ persistence: Persistence }>
}

async function loadStores(): Promise<z.infer<typeof StoreModules>> {
  const manifest = findPackageJSON('fauxqs', import.meta.url)
  if (manifest === undefined) throw new Error('fauxqs is not installed')
  const load = async (file: string): Promise<unknown> =>
    import(pathToFileURL(join(dirname(manifest), 'dist', file)).href)
  const [store, persistence] = await Promise.all([load('sqs/sqsStore.js'), load('persistence.js')])
  return StoreModules.parse({ ...Object(store), ...Object(persistence) })
}

async function createQueue(send: Send, { name, attributes }: QueueResource): Promise<void> {
  const found = await send('GetQueueUrl', JSON.stringify({ QueueName: name }))
  const QueueUrl = `/${name}`
  const answer =
    found.status === 200
      ? await send('SetQueueAttributes', JSON.stringify({ QueueUrl, Attributes: attributes }))
      : await send('CreateQueue', JSON.stringify({ QueueName: name, Attributes: attributes }))
  if (answer.status !== 200) throw new Error(`SQS refused the queue ${name}: ${answer.body}`)
}

function createDoor(send: Send, queues: readonly QueueResource[], sent: Options['sent']): JsonDoor {
  const arns = new Map(queues.map(({ name, arn }) => [name, arn]))
  const arnOf = ({ QueueUrl, QueueName }: Input): string => {
    const name =
      String(QueueUrl ?? QueueName)
        .split('/')
        .at(-1) ?? ''
    return arns.get(name) ?? `arn:aws:sqs:::${name}`
  }
  return {
    needs(action, input): Need[] {
      const single = action.replace(/Batch$/, '')
      if (!offered.includes(single))
        throw new ServiceError(
          'UnknownOperationException',
          `sqs:${action} is not offered by the local runtime`,
        )
      return [{ action: `sqs:${single}`, resource: arnOf(input) }]
    },
    async run({ action, input, body }: JsonCall) {
      // fauxqs keeps the URL of the start at which a queue was made; the gateway's own is the one that leads here.
      if (action === 'GetQueueUrl') {
        const queue = queues.find(({ name }) => name === input['QueueName'])
        if (queue !== undefined) return { status: 200, body: JSON.stringify({ QueueUrl: queue.url }) }
      }
      const answer = await send(action, body)
      if (answer.status === 200 && action.startsWith('SendMessage')) sent(arnOf(input))
      return answer
    },
  }
}
