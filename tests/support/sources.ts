import type { LocalService } from '../../local/service.ts'
import { createSources } from '../../local/sources/service.ts'
import type {
  EventSourceMappingResource,
  FunctionResource,
  QueueResource,
} from '../../local/template/resources.ts'
import { declared, functionArn, type SmallHost, startSmallHost } from './small-host.ts'
import { attachStores, type HostStores, table, tableName } from './stores.ts'

export const readerRole = 'arn:aws:iam::000000000000:role/reader'

const reader: FunctionResource = {
  ...declared,
  name: 'reader',
  arn: functionArn('reader'),
  roleArn: readerRole,
  environment: {},
  timeoutSeconds: 3,
  memoryMegabytes: 128,
  entry: '',
  handler: 'handler',
  asyncRetries: 2,
  permissions: [],
}

export const queueOf = (name: string, attributes: Record<string, string> = {}): QueueResource => ({
  ...declared,
  name,
  arn: `arn:aws:sqs:eu-central-1:000000000000:${name}`,
  url: `http://127.0.0.1/000000000000/${name}`,
  attributes,
})

export const dead = queueOf('dead')

export const mappingOf = (
  eventSourceArn: string,
  properties: Record<string, unknown> = {},
): EventSourceMappingResource => ({
  ...declared,
  id: 'mapping',
  functionArn: reader.arn,
  eventSourceArn,
  enabled: true,
  properties,
})

type StreamRecord = {
  eventName: string
  dynamodb: { SequenceNumber: string; Keys: { pk: { S: string } } }
}
export type Batch = { Records: StreamRecord[] }

export const keysOf = (payload: unknown): string[] =>
  (payload as Batch).Records.map(({ dynamodb }) => dynamodb.Keys.pk.S)

export type SourcesBench = {
  host: SmallHost
  stores: HostStores
  sources: LocalService
  put: (...keys: string[]) => Promise<void>
  /** Bodies of the messages in a queue, which are then in flight. */
  messagesIn: (queue: QueueResource) => Promise<string[]>
  close: () => Promise<void>
}

/** One event source mapping over real stores; `read` is the function behind it. */
export async function startSources(
  mapping: EventSourceMappingResource,
  read: (payload: unknown) => unknown,
  queues: QueueResource[] = [],
): Promise<SourcesBench> {
  const host = await startSmallHost({
    tables: [table],
    functions: [reader],
    queues: [dead, ...queues],
    eventSourceMappings: [mapping],
  })
  host.functions.set('reader', read)
  const stores = await attachStores(host)
  const sources = createSources(host, { secondMs: 20 })
  await sources.start?.()
  return {
    host,
    stores,
    sources,
    async put(...keys) {
      for (const key of keys) {
        await stores.send('dynamodb', 'PutItem', { TableName: tableName, Item: { pk: { S: key } } })
      }
    },
    async messagesIn(queue) {
      const answer = await stores.send('sqs', 'ReceiveMessage', {
        QueueUrl: queue.url,
        MaxNumberOfMessages: 10,
      })
      return ((answer['Messages'] ?? []) as { Body: string }[]).map(({ Body }) => Body)
    },
    async close() {
      await sources.stop?.()
      await stores.close()
      await host.close()
    },
  }
}
