import { DecryptCommand, EncryptCommand, KMSClient } from './kms-sdk.ts'
import { AppError } from '../../shared/errors.ts'
import type { KeyService } from '../../shared/backups/keyring.ts'
import { available } from './unavailable.ts'

/** The keyring's key in KMS. Encrypt and decrypt are separate grants: most functions hold the first at most. */
export function kmsKeys(keyId: string): KeyService {
  const client = new KMSClient({ requestHandler: { connectionTimeout: 1000, requestTimeout: 3000 } })
  return {
    encrypt: async (plaintext, context) => {
      const command = new EncryptCommand({ KeyId: keyId, Plaintext: plaintext, EncryptionContext: context })
      const { CiphertextBlob } = await available('KMS', () => client.send(command))
      return present(CiphertextBlob)
    },
    decrypt: async (ciphertext, context) => {
      const command = new DecryptCommand({
        KeyId: keyId,
        CiphertextBlob: ciphertext,
        EncryptionContext: context,
      })
      const { Plaintext } = await available('KMS', () => client.send(command))
      return present(Plaintext)
    },
  }
}

function present(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new AppError('unavailable', 'KMS answered without bytes')
  return bytes
}
