import { statSync } from 'node:fs'
import { join } from 'node:path'
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeDir, type SmallCloud, startSmallCloud } from '../support/small-cloud.ts'

let cloud: SmallCloud
let kms: KMSClient
let KeyId: string
const Plaintext = Buffer.from('device password')
const EncryptionContext = { credential: '7', version: '1' }

beforeAll(async () => {
  cloud = await startSmallCloud()
  kms = new KMSClient({
    ...cloud.host.sdk({ kind: 'role', roleArn: cloud.arnOf('ProbeRole') }),
    maxAttempts: 1,
  })
  KeyId = cloud.arnOf('Key')
})
afterAll(async () => {
  kms.destroy()
  await cloud.stop()
  removeDir(cloud.dataDir)
})

test('what was encrypted is decrypted with the same context, in any order', async () => {
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }))
  const back = await kms.send(
    new DecryptCommand({ CiphertextBlob, EncryptionContext: { version: '1', credential: '7' } }),
  )

  expect(Buffer.from(back.Plaintext ?? []).toString()).toBe('device password')
  expect(back.KeyId).toBe(KeyId)
  expect(Buffer.from(CiphertextBlob ?? []).includes('device password')).toBe(false)
})

test.each([
  ['another context', { credential: '8', version: '1' }, 0],
  ['no context', {}, 0],
  ['one bit turned', EncryptionContext, 1],
])('with %s it is not', async (_what, context, flip) => {
  const { CiphertextBlob = new Uint8Array() } = await kms.send(
    new EncryptCommand({ KeyId, Plaintext, EncryptionContext }),
  )
  const last = CiphertextBlob.length - 1
  CiphertextBlob[last] = (CiphertextBlob[last] ?? 0) ^ flip

  const decrypted = kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }))
  await expect(decrypted).rejects.toMatchObject({ name: 'InvalidCiphertextException' })
})

test('a data key comes in clear and sealed', async () => {
  const operator = new KMSClient(cloud.host.sdk({ kind: 'operator' }))
  const { Plaintext: clear, CiphertextBlob } = await operator.send(
    new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }),
  )
  const { Plaintext: opened } = await operator.send(new DecryptCommand({ CiphertextBlob }))
  operator.destroy()

  expect(clear).toHaveLength(32)
  expect(opened).toEqual(clear)
})

test('an action the role does not have is denied by name', async () => {
  await expect(kms.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`kms:DescribeKey on resource: ${KeyId}`) as unknown,
  })
})

test('more than 4096 bytes are refused', async () => {
  const refused = kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(4097) }))

  await expect(refused).rejects.toMatchObject({ name: 'ValidationException' })
})

test('the key file is for its owner only', () => {
  expect(statSync(join(cloud.dataDir, 'kms', 'keys.json')).mode & 0o777).toBe(0o600)
})
