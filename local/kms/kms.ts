import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { type LocalService, ServiceError } from '../service.ts'
import type { KeyResource } from '../template/resources.ts'

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'))
const EncryptionContext = z.record(z.string(), z.string()).default({})
const KeyOnly = z.object({ KeyId: z.string() })
const EncryptInput = KeyOnly.extend({ Plaintext: base64, EncryptionContext })
const DecryptInput = z.object({ CiphertextBlob: base64, EncryptionContext, KeyId: z.string().optional() })
const DataKeyInput = KeyOnly.extend({
  EncryptionContext,
  KeySpec: z.enum(['AES_256', 'AES_128']).optional(),
  NumberOfBytes: z.int().min(1).max(1024).optional(),
})

const KeyFile = z.record(z.string(), z.string())

/** What Encrypt takes at most (KMS API reference). */
const plaintextBytesMax = 4096
const ivBytes = 12
const tagBytes = 16
const keyIdBytes = 36

/**
 * A stand-in for KMS: one AES-256 key per key of the template, in a file only its owner can read.
 * A ciphertext is `key id, iv, tag, bytes`; the encryption context is authenticated with it, as in KMS.
 */
export function createKms(dataDir: string, keys: readonly KeyResource[], now: () => Date): LocalService {
  const keyring = createKeyring(join(dataDir, 'kms'), keys)
  const resources = ({ KeyId }: Record<string, unknown>): string[] => [keyring.find(String(KeyId)).arn]
  const sealedKey = { resources, conditions }
  return {
    name: 'kms',
    actions: {
      Encrypt: { ...sealedKey, run: async (input) => encrypt(keyring, EncryptInput.parse(input)) },
      Decrypt: {
        resources: ({ CiphertextBlob }) => [keyring.find(keyIdOf(base64.parse(CiphertextBlob))).arn],
        conditions,
        run: async (input) => decrypt(keyring, DecryptInput.parse(input)),
      },
      GenerateDataKey: {
        ...sealedKey,
        run: async (input) => {
          const { plaintext, ...answer } = dataKey(keyring, DataKeyInput.parse(input))
          return { ...answer, Plaintext: plaintext.toString('base64') }
        },
      },
      GenerateDataKeyWithoutPlaintext: {
        ...sealedKey,
        run: async (input) => {
          const { CiphertextBlob, KeyId } = dataKey(keyring, DataKeyInput.parse(input))
          return { CiphertextBlob, KeyId }
        },
      },
      DescribeKey: {
        resources,
        run: async (input) => describe(keyring.find(KeyOnly.parse(input).KeyId), now()),
      },
    },
  }
}

type Keyring = {
  find(name: string): KeyResource
  seal(key: KeyResource, plaintext: Buffer, context: Record<string, string>): string
  open(key: KeyResource, blob: Buffer, context: Record<string, string>): Buffer
}

function createKeyring(folder: string, keys: readonly KeyResource[]): Keyring {
  const material = loadMaterial(folder, keys)
  const bytesOf = ({ id }: KeyResource): Buffer => Buffer.from(material[id] ?? '', 'base64')
  return {
    find(name) {
      // By id, ARN, alias or the alias's ARN.
      const key = keys.find(({ id, arn, aliases }) =>
        [id, arn, ...aliases].includes(name.replace(/^arn:.*:(?=alias\/)/, '')),
      )
      if (key === undefined) throw new ServiceError('NotFoundException', `Key '${name}' does not exist`)
      return key
    },
    seal(key, plaintext, context) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', bytesOf(key), iv).setAAD(authenticated(context))
      const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()])
      return Buffer.concat([Buffer.from(key.id), iv, cipher.getAuthTag(), sealed]).toString('base64')
    },
    open: (key, blob, context) => openSealed(blob, bytesOf(key), context),
  }
}

function encrypt(
  keyring: Keyring,
  { KeyId, Plaintext, EncryptionContext }: z.infer<typeof EncryptInput>,
): unknown {
  if (Plaintext.length > plaintextBytesMax)
    throw new ServiceError('ValidationException', `Plaintext is at most ${plaintextBytesMax} bytes`)
  const key = keyring.find(KeyId)
  const CiphertextBlob = keyring.seal(key, Plaintext, EncryptionContext)
  return { CiphertextBlob, KeyId: key.arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
}

function decrypt(
  keyring: Keyring,
  { KeyId, CiphertextBlob, EncryptionContext }: z.infer<typeof DecryptInput>,
): unknown {
  const key = keyring.find(keyIdOf(CiphertextBlob))
  if (KeyId !== undefined && keyring.find(KeyId) !== key)
    throw new ServiceError('IncorrectKeyException', 'The ciphertext was made with another key')
  const Plaintext = keyring.open(key, CiphertextBlob, EncryptionContext).toString('base64')
  return { Plaintext, KeyId: key.arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
}

function dataKey(
  keyring: Keyring,
  { KeyId, EncryptionContext, KeySpec, NumberOfBytes }: z.infer<typeof DataKeyInput>,
): { CiphertextBlob: string; KeyId: string; plaintext: Buffer } {
  const plaintext = randomBytes(NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32))
  const key = keyring.find(KeyId)
  return { CiphertextBlob: keyring.seal(key, plaintext, EncryptionContext), KeyId: key.arn, plaintext }
}

function describe({ id, arn }: KeyResource, now: Date): unknown {
  const state = { Enabled: true, KeyState: 'Enabled', KeyUsage: 'ENCRYPT_DECRYPT', KeyManager: 'CUSTOMER' }
  const CreationDate = Math.floor(now.getTime() / 1000)
  return { KeyMetadata: { KeyId: id, Arn: arn, CreationDate, KeySpec: 'SYMMETRIC_DEFAULT', ...state } }
}

/** The encryption context also counts in policies. */
function conditions(input: Record<string, unknown>): Record<string, string | string[]> {
  const context = EncryptionContext.safeParse(input['EncryptionContext'])
  const names = context.success ? Object.keys(context.data) : []
  if (!context.success || names.length === 0) return {}
  const named = Object.entries(context.data).map(([name, value]) => [`kms:EncryptionContext:${name}`, value])
  return { ...Object.fromEntries(named), 'kms:EncryptionContextKeys': names }
}

function openSealed(blob: Buffer, key: Buffer, context: Record<string, string>): Buffer {
  const iv = blob.subarray(keyIdBytes, keyIdBytes + ivBytes)
  const tag = blob.subarray(keyIdBytes + ivBytes, keyIdBytes + ivBytes + tagBytes)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(authenticated(context)).setAuthTag(tag)
    return Buffer.concat([decipher.update(blob.subarray(keyIdBytes + ivBytes + tagBytes)), decipher.final()])
  } catch (cause) {
    // KMS says no more than this either, whether the bytes or the context are wrong.
    throw Object.assign(new ServiceError('InvalidCiphertextException', ''), { cause })
  }
}

function keyIdOf(blob: Buffer): string {
  if (blob.length < keyIdBytes + ivBytes + tagBytes) throw new ServiceError('InvalidCiphertextException', '')
  return blob.toString('latin1', 0, keyIdBytes)
}

function authenticated(context: Record<string, string>): Buffer {
  const pairs = Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(pairs)).digest()
}

/** Losing this file makes every secret in the data folder unreadable, which is also what it is for. */
function loadMaterial(folder: string, keys: readonly KeyResource[]): Record<string, string> {
  const file = join(folder, 'keys.json')
  const before = KeyFile.parse(JSON.parse(readIfThere(file) ?? '{}'))
  const material = { ...before }
  for (const { id } of keys) material[id] ??= randomBytes(32).toString('base64')
  if (Object.keys(material).length > Object.keys(before).length) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(file, JSON.stringify(material), { mode: 0o600 })
  }
  return material
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
