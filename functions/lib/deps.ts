import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { openSealer, sealText, type KeyService, type Sealer } from '../../shared/backups/keyring.ts'
import { createEngine, type Engine } from '../../shared/model/engine.ts'
import { registry } from '../../shared/models.ts'
import type { ObjectStore } from '../../shared/objects.ts'
import { documentOptions, dynamoTable } from '../../shared/table/dynamo-table.ts'
import type { Table } from '../../shared/table/table.ts'
import { tokenUsage, type TokenUsage } from '../../shared/users/authenticate.ts'
import { env } from './env.ts'
import { kmsKeys } from './kms-keys.ts'
import { logger } from './log.ts'
import { s3Objects } from './s3-objects.ts'

/**
 * Limits of one request to an AWS service. The table's own retries (`shared/table/retry.ts`) come on top, and the
 * catalog's look back (`shared/catalog`) holds as long as the sum stays below it.
 */
const requestHandler = { connectionTimeout: 1000, requestTimeout: 3000 }
const objectHandler = { connectionTimeout: 1000, requestTimeout: 30_000 }

/** What a function works with: built when first used, once per container. */
export type Deps = {
  readonly now: () => Date
  readonly table: Table
  readonly engine: Engine
  readonly archive: ObjectStore
  readonly work: ObjectStore
  readonly keyService: KeyService
  readonly tokenUsage: TokenUsage
}

const now = (): Date => new Date()

const table = once(() => {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ maxAttempts: 2, requestHandler }),
    documentOptions,
  )
  return dynamoTable({ client, name: env('table') })
})

const s3 = once(() => new S3Client({ requestHandler: objectHandler }))
const archive = once(() => s3Objects(s3(), env('archiveBucket')))
const work = once(() => s3Objects(s3(), env('workBucket')))
const keyService = once(() => kmsKeys(new KMSClient({ requestHandler }), env('keyringKey')))

const engine = once(() => createEngine({ table: table(), registry, now, seal }))

const usage = once(() =>
  tokenUsage({ table: table(), now }, (cause) => {
    logger.warn('the use of a token was not noted', { cause: String(cause) })
  }),
)

/** Everything by its name; nothing is built before it is asked for. */
export const deps: Deps = {
  now,
  get table() {
    return table()
  },
  get engine() {
    return engine()
  },
  get archive() {
    return archive()
  },
  get work() {
    return work()
  },
  get keyService() {
    return keyService()
  },
  get tokenUsage() {
    return usage()
  },
}

let sealer: Promise<Sealer> | undefined

/** The public key is read once; a failure is not kept. */
async function seal(plaintext: string): Promise<string> {
  sealer ??= openSealer(table(), keyService())
  try {
    return await sealText(await sealer, plaintext)
  } catch (cause) {
    sealer = undefined
    throw cause
  }
}

function once<T>(build: () => T): () => T {
  let built: { value: T } | undefined
  return () => {
    built ??= { value: build() }
    return built.value
  }
}
