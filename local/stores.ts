import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createDynamoDbClient } from './dynamodb/dynamodb-client.ts'
import type { DynamoDbServer } from './dynamodb/dynoxide.ts'
import { createTables } from './dynamodb/tables.ts'
import type { JsonDoor } from './gateway/door.ts'
import { createDynamoDbDoor, createStreamsDoor } from './gateway/dynamodb-door.ts'
import type { Signals } from './host.ts'
import { createS3, type S3 } from './s3/s3.ts'
import type { Host, HostLog } from './service.ts'
import { startSqs } from './sqs/sqs.ts'
import type { TemplateResources } from './template/resources.ts'

export type Stores = { s3: S3; doors: Map<string, JsonDoor>; stop(): Promise<void> }

type Options = {
  dataDir: string
  region: string
  resources: TemplateResources
  database: DynamoDbServer
  signals: Signals
  now: () => Date
  publish: Host['publishEvent']
  log: HostLog
}

/** Tables, queues and buckets of the template, on disk. */
export async function openStores(options: Options): Promise<Stores> {
  const { dataDir, region, resources, database, signals, now, log } = options
  const client = createDynamoDbClient(database.endpoint)
  const sqsDir = join(dataDir, 'sqs')
  mkdirSync(sqsDir, { recursive: true })
  const [sqs] = await Promise.all([
    startSqs({ folder: sqsDir, queues: resources.queues, region, sent: (arn) => signals.emit(arn) }),
    createTables(client, resources.tables),
  ])
  const publish: Parameters<typeof createS3>[0]['publish'] = (event) => {
    options
      .publish(event)
      .catch((error: unknown) => log('error', 'an event of S3 was lost', { error: String(error) }))
  }
  const s3 = createS3({ folder: join(dataDir, 's3'), buckets: resources.buckets, region, now, publish })
  return {
    s3,
    doors: new Map([
      ['dynamodb', createDynamoDbDoor(client, resources.tables, (name) => signals.emit(name))],
      ['dynamodbstreams', createStreamsDoor(client)],
      ['sqs', sqs.door],
    ]),
    async stop() {
      await sqs.stop()
      s3.close()
      client.close()
    },
  }
}
