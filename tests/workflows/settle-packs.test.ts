import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { expect, test } from 'vitest'
import { mainTable } from '../../local/runtime.ts'
import { environmentNames } from '../../shared/environment.ts'
import { commitFiles } from '../../shared/git/commit.ts'
import { listPacks, readPacks } from '../../shared/git/repositories.ts'
import { documentOptions, dynamoTable } from '../../shared/table/dynamo-table.ts'
import { commitRequest, git } from '../support/git-repository.ts'
import { startProduct, type Product } from '../support/product.ts'

/** As its schedule invokes it, in the hosted product with its own role. */
async function settle({ runtime }: Product): Promise<unknown> {
  const settler = runtime.resources.functions.find(({ entry }) => entry === 'functions/on/settle-packs.ts')
  const clock = runtime.resources.roles.find(({ logicalId }) => logicalId.startsWith('ClockRole'))
  const caller = { kind: 'role', roleArn: clock?.arn ?? '' } as const
  return runtime.host.invoke(settler?.arn ?? '', {}, { caller, mode: 'sync' })
}

test(
  'the hosted product settles packs by the clock, and git clones the same history',
  { timeout: 180_000 },
  async () => {
    const product = await startProduct()
    const { host, resources } = product.runtime
    const sdk = host.sdk({ kind: 'operator' })
    const low = new DynamoDBClient(sdk)
    const s3 = new S3Client({ ...sdk, forcePathStyle: true })
    const Bucket = resources.functions
      .map(({ environment }) => environment[environmentNames.archiveBucket])
      .find(Boolean)
    const table = dynamoTable({
      client: DynamoDBDocumentClient.from(low, documentOptions),
      name: mainTable(resources) ?? '',
    })
    const objects = {
      get: async (Key: string) =>
        (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray(),
      put: async (Key: string, Body: Uint8Array | string) =>
        void (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))),
      exists: () => Promise.reject(new Error('nobody asks')),
      delete: () => Promise.reject(new Error('nothing is deleted here')),
      async *list() {},
    }
    const stores = { table, objects, now: () => new Date() }
    const orphan = `git/configs/packs/pack-${'a'.repeat(40)}-${(Date.now() - 8 * 24 * 3600_000).toString(36)}-00000000.pack`
    await objects.put(orphan, 'lost')
    for (let version = 0; version < 20; version += 1)
      await commitFiles(
        stores,
        commitRequest([{ path: 'ams/sw1.cfg', content: `version ${version}\n` }], `${version}`),
      )

    const outcome = await settle(product)
    await git(product.dataDir, 'clone', product.cloneUrl, 'clone')
    const [listed, all] = [await listPacks(table, 'configs'), await readPacks(table, 'configs')]
    const left = await s3.send(new HeadObjectCommand({ Bucket, Key: orphan })).then(
      () => 'is there',
      () => 'is gone',
    )
    const log = await git(`${product.dataDir}/clone`, 'log', '--format=%s', '--', 'ams/sw1.cfg')
    const fsck = await git(`${product.dataDir}/clone`, 'fsck', '--strict', '--full')
    low.destroy()
    s3.destroy()
    await product.stop()

    expect(outcome).toMatchObject({ statusCode: 200, payload: 'null' })
    expect([listed.length, all.length]).toEqual([9, 21])
    expect(log.trim().split('\n')).toEqual(Array.from({ length: 20 }, (_, place) => String(19 - place)))
    expect(fsck).not.toMatch(/error|warning|missing|dangling/)
    expect(left).toBe('is gone')
  },
)
