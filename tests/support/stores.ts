import { join } from 'node:path'
import { createDynamoDbClient } from '../../local/dynamodb/dynamodb-client.ts'
import { startDynamoDb } from '../../local/dynamodb/dynoxide.ts'
import { outputOf } from '../../local/gateway/json-calls.ts'
import { createSignals } from '../../local/host.ts'
import { openStores } from '../../local/stores.ts'
import { declared, type SmallHost } from './small-host.ts'

export const tableName = 'things'
export const streamArn = `arn:aws:dynamodb:eu-central-1:000000000000:table/${tableName}/stream/local`

export const table = {
  ...declared,
  name: tableName,
  arn: `arn:aws:dynamodb:eu-central-1:000000000000:table/${tableName}`,
  streamArn,
  streamView: 'NEW_AND_OLD_IMAGES',
  partition: { name: 'pk', type: 'S' as const },
  indexes: [],
}

const targets: Record<string, string> = {
  dynamodb: 'DynamoDB_20120810',
  dynamodbstreams: 'DynamoDBStreams_20120810',
  sqs: 'AmazonSQS',
}

export type HostStores = {
  /** A call to a store, as the operator. */
  send: (service: string, action: string, input: Record<string, unknown>) => Promise<Record<string, unknown>>
  /** Behind the gateway's back: nobody is told of the write. */
  putQuietly: (pk: string) => Promise<void>
  /** The host of a restarted runtime uses the same stores. */
  lend: (host: SmallHost) => void
  close: () => Promise<void>
}

/** Gives the host its real table and queues, with the doors the gateway uses. */
export async function attachStores(host: SmallHost): Promise<HostStores> {
  const database = await startDynamoDb(join(host.dataDir, 'table.sqlite'))
  const signals = createSignals()
  const stores = await openStores({
    dataDir: host.dataDir,
    region: host.region,
    resources: host.resources,
    database,
    signals,
    now: () => new Date(),
    log: () => {},
    publish: async () => {},
  })
  const direct = createDynamoDbClient(database.endpoint)
  const send: HostStores['send'] = async (service, action, input) => {
    const door = stores.doors.get(service)
    if (door === undefined) throw new Error(`no store ${service}`)
    const context = { caller: { kind: 'operator' as const }, requestId: 'test' }
    const target = `${targets[service]}.${action}`
    return outputOf(await door.run({ target, action, input, body: JSON.stringify(input), context }))
  }
  const listen = (name: string, listener: () => void): (() => void) => {
    signals.on(name, listener)
    return () => signals.off(name, listener)
  }
  const lend: HostStores['lend'] = (to) => {
    to.onTableWrite = listen
    to.onQueueSend = listen
    to.answer = ({ service, action, input }) => send(service, action, input)
  }
  lend(host)
  return {
    send,
    lend,
    async putQuietly(pk) {
      const body = JSON.stringify({ TableName: tableName, Item: { pk: { S: pk } } })
      await direct.send('DynamoDB_20120810.PutItem', body)
    },
    async close() {
      direct.close()
      await stores.stop()
      await database.stop()
    },
  }
}
