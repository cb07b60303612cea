import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import * as z from 'zod'
import { AppError } from '../errors.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'

/**
 * How device secrets are sealed: HPKE (RFC 9180) to a public key that anybody may read from the table. The private
 * key is stored too, but encrypted under KMS: who may write a credential needs no right to read one, and a batch of
 * any size costs the collector a single KMS call.
 */
export type KeyService = {
  encrypt(plaintext: Uint8Array, context: Record<string, string>): Promise<Uint8Array>
  decrypt(ciphertext: Uint8Array, context: Record<string, string>): Promise<Uint8Array>
}

/** What was sealed for one purpose cannot be opened as another: the purpose is authenticated. */
type Purpose = 'credential' | 'raw-config'

export type Sealer = { seal(purpose: Purpose, plaintext: Uint8Array): Promise<Uint8Array> }

export type Opener = Sealer & {
  open(purpose: Purpose, sealed: Uint8Array): Promise<Uint8Array>
  /** Keys the tags that stand for secrets in shown configurations; the same for the life of the keyring. */
  redactionKey: Uint8Array
}

const KeyringItem = z.object({ version: z.int(), publicKey: z.string(), wrapped: z.string() })
const PrivatePart = z.object({ privateKey: z.string(), redactionKey: z.string() })

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
})

const kmsContext = { purpose: 'netkeep-keyring' }
const formatByte = 1
const encapsulatedBytes = 32

/**
 * The sealing half of the keyring; made on first use.
 * @throws AppError `unavailable` when the table or KMS does not answer.
 */
export async function openSealer(table: Table, keyService: Pick<KeyService, 'encrypt'>): Promise<Sealer> {
  const item = await keyringItem(table, keyService)
  return { seal: await sealTo(item.publicKey) }
}

/** The whole keyring; costs one KMS call. Keep it for one batch, not longer. */
export async function openKeyring(table: Table, keyService: KeyService): Promise<Opener> {
  const item = await keyringItem(table, keyService)
  const unwrapped = await keyService.decrypt(fromBase64(item.wrapped), kmsContext)
  const parts = PrivatePart.parse(JSON.parse(new TextDecoder().decode(unwrapped)))
  const recipientKey = await suite.kem.deserializePrivateKey(bufferOf(fromBase64(parts.privateKey)))
  return {
    seal: await sealTo(item.publicKey),
    open: async (purpose, sealed) => {
      if (sealed[0] !== formatByte) throw new AppError('internal', `sealed ${purpose}: unknown format`)
      const enc = bufferOf(sealed.subarray(1, 1 + encapsulatedBytes))
      const ciphertext = bufferOf(sealed.subarray(1 + encapsulatedBytes))
      const info = bufferOf(new TextEncoder().encode(purpose))
      try {
        return new Uint8Array(await suite.open({ recipientKey, enc, info }, ciphertext))
      } catch (cause) {
        throw new AppError('internal', `a sealed ${purpose} cannot be opened with this keyring`, { cause })
      }
    },
    redactionKey: fromBase64(parts.redactionKey),
  }
}

/** Sealed secrets as they stand in an item: base64 of what `seal` gave. */
export const sealText = async (sealer: Sealer, plaintext: string): Promise<string> =>
  toBase64(await sealer.seal('credential', new TextEncoder().encode(plaintext)))

export const openText = async (opener: Opener, sealed: string): Promise<string> =>
  new TextDecoder().decode(await opener.open('credential', fromBase64(sealed)))

async function keyringItem(
  table: Table,
  keyService: Pick<KeyService, 'encrypt'>,
): Promise<z.infer<typeof KeyringItem>> {
  const found = await table.get(KeyringItem, keys.keyring())
  if (found !== undefined) return found
  const made = await makeKeyring(keyService)
  try {
    await table.write([{ put: { ...keys.keyring(), ...made }, ifAbsent: 'duplicate' }])
    return made
  } catch (cause) {
    // Another first use was quicker: its keyring is the one.
    const winner = await table.get(KeyringItem, keys.keyring())
    if (winner === undefined) throw cause
    return winner
  }
}

async function makeKeyring(keyService: Pick<KeyService, 'encrypt'>): Promise<z.infer<typeof KeyringItem>> {
  const pair = await suite.kem.generateKeyPair()
  const privateKey = new Uint8Array(await suite.kem.serializePrivateKey(pair.privateKey))
  const publicKey = new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey))
  const redactionKey = crypto.getRandomValues(new Uint8Array(32))
  const secret = JSON.stringify({ privateKey: toBase64(privateKey), redactionKey: toBase64(redactionKey) })
  const wrapped = await keyService.encrypt(new TextEncoder().encode(secret), kmsContext)
  return { version: 1, publicKey: toBase64(publicKey), wrapped: toBase64(wrapped) }
}

async function sealTo(publicKey: string): Promise<Sealer['seal']> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(bufferOf(fromBase64(publicKey)))
  return async (purpose, plaintext) => {
    const info = bufferOf(new TextEncoder().encode(purpose))
    const { enc, ct } = await suite.seal({ recipientPublicKey, info }, bufferOf(plaintext))
    const sealed = new Uint8Array(1 + enc.byteLength + ct.byteLength)
    sealed[0] = formatByte
    sealed.set(new Uint8Array(enc), 1)
    sealed.set(new Uint8Array(ct), 1 + enc.byteLength)
    return sealed
  }
}

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))
/** HPKE takes an ArrayBuffer of its own, not a view. */
const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
