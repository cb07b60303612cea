import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { KeyService } from '../../shared/backups/keyring.ts'

/** AES-GCM under a key of its own, bound to the context, as KMS does it. */
export function keyServiceOf(key: Buffer = randomBytes(32)): KeyService & { decrypted: number } {
  const service = {
    decrypted: 0,
    encrypt: async (plaintext: Uint8Array, context: Record<string, string>) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(JSON.stringify(context)))
      return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
    },
    decrypt: async (ciphertext: Uint8Array, context: Record<string, string>) => {
      service.decrypted += 1
      const bytes = Buffer.from(ciphertext)
      const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      cipher.setAAD(Buffer.from(JSON.stringify(context))).setAuthTag(bytes.subarray(-16))
      return Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()])
    },
  }
  return service
}
