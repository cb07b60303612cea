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
  /** Of the key pair that is sealed to. */
  version: number
  open(purpose: Purpose, sealed: Uint8Array): Promise<Uint8Array>
  /** Keys the tags that stand for secrets in shown configurations; the same for the life of the keyring. */
  redactionKey: Uint8Array
}

const KeyringItem = z.object({ version: z.int(), publicKey: z.string(), wrapped: z.string() })
type KeyringItem = z.infer<typeof KeyringItem>
const PrivatePart = z.object({ privateKey: z.string(), redactionKey: z.string() })

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
})

type RecipientKey = Awaited<ReturnType<typeof suite.kem.deserializePrivateKey>>

const kmsContext = { purpose: 'netkeep-keyring' }
/** Sealed to the first key pair: format, then the text. To a later one: format, the version in four bytes, the text. */
const firstFormat = 1
const versionedFormat = 2
const versionBytes = 4
const encapsulatedBytes = 32

/**
 * The sealing half of the keyring; made on first use.
 * @throws AppError `unavailable` when the table or KMS does not answer.
 */
export async function openSealer(table: Table, keyService: Pick<KeyService, 'encrypt'>): Promise<Sealer> {
  const item = await keyringItem(table, keyService)
  return { seal: await sealTo(item) }
}

/**
 * The whole keyring; costs one KMS call, and one for each older key pair that something is sealed to. Keep it for one
 * batch, not longer.
 */
export async function openKeyring(table: Table, keyService: KeyService): Promise<Opener> {
  const item = await keyringItem(table, keyService)
  const parts = await unwrap(item, keyService)
  const recipients = new Map([[item.version, recipientKeyOf(parts)]])
  const recipientOf = (version: number): Promise<RecipientKey> => {
    const known = recipients.get(version) ?? formerRecipient(table, keyService, version)
    recipients.set(version, known)
    return known
  }
  return {
    seal: await sealTo(item),
    version: item.version,
    open: async (purpose, sealed) => {
      const version = versionOf(sealed)
      if (version === undefined) throw new AppError('internal', `sealed ${purpose}: unknown format`)
      const body = sealed.subarray(sealed[0] === firstFormat ? 1 : 1 + versionBytes)
      const recipientKey = await recipientOf(version)
      const enc = bufferOf(body.subarray(0, encapsulatedBytes))
      const ciphertext = bufferOf(body.subarray(encapsulatedBytes))
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

/**
 * Gives the keyring another key pair, which everything is sealed to from now on; the one before stays to open what was
 * sealed to it. The redaction key stays: the tags in shown texts are the same.
 * @returns the new version. @throws AppError `version_conflict` where somebody else did it at the same time.
 */
export async function renewKeyring(table: Table, keyService: KeyService): Promise<number> {
  const before = await keyringItem(table, keyService)
  const { redactionKey } = await unwrap(before, keyService)
  const next = await makeKeyring(keyService, before.version + 1, redactionKey)
  await table.write([
    { put: { ...keys.formerKeyring(before.version), ...before }, ifAbsent: 'version_conflict' },
    { put: { ...keys.keyring(), ...next }, ifVersion: before.version, otherwise: 'version_conflict' },
  ])
  return next.version
}

/** Which key pair a text was sealed to; undefined for what is no sealed text. */
function versionOf(sealed: Uint8Array): number | undefined {
  if (sealed[0] === firstFormat) return 1
  if (sealed[0] !== versionedFormat || sealed.length <= 1 + versionBytes) return undefined
  return new DataView(sealed.buffer, sealed.byteOffset + 1, versionBytes).getUint32(0)
}

export const versionOfText = (sealed: string): number | undefined => versionOf(fromBase64(sealed))

async function unwrap(
  { wrapped }: Pick<KeyringItem, 'wrapped'>,
  keyService: Pick<KeyService, 'decrypt'>,
): Promise<z.infer<typeof PrivatePart>> {
  const unwrapped = await keyService.decrypt(fromBase64(wrapped), kmsContext)
  return PrivatePart.parse(JSON.parse(new TextDecoder().decode(unwrapped)))
}

const recipientKeyOf = ({ privateKey }: { privateKey: string }): Promise<RecipientKey> =>
  suite.kem.deserializePrivateKey(bufferOf(fromBase64(privateKey)))

async function formerRecipient(table: Table, keyService: KeyService, version: number): Promise<RecipientKey> {
  const item = await table.get(KeyringItem, keys.formerKeyring(version))
  if (item === undefined) throw new AppError('internal', `the keyring has no version ${version}`)
  return recipientKeyOf(await unwrap(item, keyService))
}

/** Sealed secrets as they stand in an item: base64 of what `seal` gave. */
export const sealText = async (sealer: Sealer, plaintext: string): Promise<string> =>
  toBase64(await sealer.seal('credential', new TextEncoder().encode(plaintext)))

export const openText = async (opener: Opener, sealed: string): Promise<string> =>
  new TextDecoder().decode(await opener.open('credential', fromBase64(sealed)))

async function keyringItem(table: Table, keyService: Pick<KeyService, 'encrypt'>): Promise<KeyringItem> {
  const found = await table.get(KeyringItem, keys.keyring())
  if (found !== undefined) return found
  const made = await makeKeyring(keyService, 1, toBase64(crypto.getRandomValues(new Uint8Array(32))))
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

async function makeKeyring(
  keyService: Pick<KeyService, 'encrypt'>,
  version: number,
  redactionKey: string,
): Promise<KeyringItem> {
  const pair = await suite.kem.generateKeyPair()
  const privateKey = new Uint8Array(await suite.kem.serializePrivateKey(pair.privateKey))
  const publicKey = new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey))
  const secret = JSON.stringify({ privateKey: toBase64(privateKey), redactionKey })
  const wrapped = await keyService.encrypt(new TextEncoder().encode(secret), kmsContext)
  return { version, publicKey: toBase64(publicKey), wrapped: toBase64(wrapped) }
}

async function sealTo({ publicKey, version }: KeyringItem): Promise<Sealer['seal']> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(bufferOf(fromBase64(publicKey)))
  const head = new Uint8Array(version === 1 ? 1 : 1 + versionBytes)
  head[0] = version === 1 ? firstFormat : versionedFormat
  if (version > 1) new DataView(head.buffer).setUint32(1, version)
  return async (purpose, plaintext) => {
    const info = bufferOf(new TextEncoder().encode(purpose))
    const { enc, ct } = await suite.seal({ recipientPublicKey, info }, bufferOf(plaintext))
    return new Uint8Array(Buffer.concat([head, new Uint8Array(enc), new Uint8Array(ct)]))
  }
}

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))
/** HPKE takes an ArrayBuffer of its own, not a view. */
const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
