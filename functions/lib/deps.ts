import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { KeyService, Sealer } from '../../shared/backups/keyring.ts'
import { snapshotSource } from '../../shared/catalog/snapshots.ts'
import { createEngine, type Engine } from '../../shared/model/engine.ts'
import { registry } from '../../shared/models.ts'
import type { ObjectLinks, ObjectStore } from '../../shared/objects.ts'
import { documentOptions, dynamoTable } from '../../shared/table/dynamo-table.ts'
import type { Table } from '../../shared/table/table.ts'
import { tokenUsage, type TokenUsage } from '../../shared/users/token-usage.ts'
import { env, optionalEnv } from './env.ts'
import { logger } from './log.ts'

/**
 * Limits of one request to an AWS service. The table's own retries (`shared/table/retry.ts`) come on top, and the
 * catalog's look back (`shared/catalog`) holds as long as the sum stays below it.
 */
const requestHandler = { connectionTimeout: 1000, requestTimeout: 3000 }

/** What a function works with: built when first used, once per container. */
export type Deps = {
  readonly now: () => Date
  readonly table: Table
  readonly engine: Engine
  readonly archive: ObjectStore
  readonly work: ObjectStore
  readonly snapshots: ObjectStore
  /** Links to objects of the work bucket. */
  readonly workLinks: ObjectLinks
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

// These clients are loaded when they are first used: most requests of the API need neither, and pay for neither at a
// cold start.
const archive = once(() => objectsOf('archiveBucket'))
const work = once(() => objectsOf('workBucket'))
const links = once(async () => {
  const { s3Links } = await import('./s3-links.ts')
  return s3Links(env('workBucket'))
})
const workLinks: ObjectLinks = {
  upload: async (...given) => (await links()).upload(...given),
  download: async (...given) => (await links()).download(...given),
}
const keys = once(async () => {
  const { kmsKeys } = await import('./kms-keys.ts')
  return kmsKeys(env('keyringKey'))
})
const keyService: KeyService = {
  encrypt: async (...given) => (await keys()).encrypt(...given),
  decrypt: async (...given) => (await keys()).decrypt(...given),
}

function objectsOf(bucket: 'archiveBucket' | 'workBucket' | 'snapshotBucket'): ObjectStore {
  const store = once(async () => {
    const { s3Objects } = await import('./s3-objects.ts')
    return s3Objects(env(bucket))
  })
  return {
    get: async (key) => (await store()).get(key),
    put: async (...given) => (await store()).put(...given),
    exists: async (key) => (await store()).exists(key),
    async *list(prefix) {
      yield* (await store()).list(prefix)
    },
    delete: async (keys) => (await store()).delete(keys),
  }
}

const snapshots = once(() => objectsOf('snapshotBucket'))

const engine = once(() => {
  const warn = (message: string, details: Readonly<Record<string, unknown>>): void =>
    logger.warn(message, details)
  const read = { objects: snapshots(), table: env('table'), now, warn }
  const snapshot = optionalEnv('snapshotBucket') === undefined ? {} : { snapshot: snapshotSource(read) }
  return createEngine({ table: table(), registry, now, seal, ...snapshot })
})

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
  get snapshots() {
    return snapshots()
  },
  get workLinks() {
    return workLinks
  },
  get keyService() {
    return keyService
  },
  get tokenUsage() {
    return usage()
  },
}

/** After so long a container sees that the keyring was renewed. */
const sealerMs = 5 * 60_000
let sealer: { opening: Promise<Sealer>; until: number } | undefined

/** The public key is read once; a failure is not kept. The cryptography is loaded with the first secret. */
async function seal(plaintext: string): Promise<string> {
  const { openSealer, sealText } = await import('../../shared/backups/keyring.ts')
  if (sealer === undefined || sealer.until < Date.now())
    sealer = { opening: openSealer(table(), keyService), until: Date.now() + sealerMs }
  try {
    return await sealText(await sealer.opening, plaintext)
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
