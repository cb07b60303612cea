import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { s3Objects } from '../../functions/lib/s3-objects.ts'
import type { ObjectStore } from '../../shared/objects.ts'
import { removeDir, type SmallCloud, startSmallCloud } from '../support/small-cloud.ts'

let cloud: SmallCloud
let objects: ObjectStore

beforeAll(async () => {
  cloud = await startSmallCloud()
  const { endpoint, region, credentials } = cloud.host.sdk({ kind: 'operator' })
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint)
  vi.stubEnv('AWS_REGION', region)
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey)
  objects = s3Objects(cloud.nameOf('Bucket'))
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await cloud.stop()
  removeDir(cloud.dataDir)
})

test('any number of objects is deleted, with those that are not there, and no other', async () => {
  const keys = Array.from({ length: 1005 }, (_, n) => `old/${String(n).padStart(4, '0')}`)
  for (const key of [keys[0] ?? '', keys[999] ?? '', keys[1004] ?? '', 'old', 'old/1005'])
    await objects.put(key, 'text')

  await objects.delete(keys)
  await objects.delete([])

  expect((await Array.fromAsync(objects.list('old'))).map(({ key }) => key)).toEqual(['old', 'old/1005'])
  expect(await objects.get(keys[999] ?? '')).toBeUndefined()
})
