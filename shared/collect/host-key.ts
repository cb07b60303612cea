import { createHash } from 'node:crypto'
import type { Buffer } from 'node:buffer'
import type { HostKey } from './outcome.ts'

/** Reads an SSH public key blob: its type is the first string in it (RFC 4253 §6.6). */
export function hostKeyOf(blob: Buffer): HostKey {
  const length = blob.readUInt32BE(0)
  return {
    type: blob.toString('latin1', 4, 4 + length),
    sha256: createHash('sha256').update(blob).digest('base64').replace(/=+$/, ''),
  }
}

/** Trust on first use: without a pin every key will do, with pins it must be one of them. */
export function isTrusted(key: HostKey, pinned: readonly HostKey[]): boolean {
  return pinned.length === 0 || pinned.some((pin) => fingerprint(pin) === fingerprint(key))
}

/** `ssh-keygen -l` writes `SHA256:` before it; people paste it. */
const fingerprint = ({ sha256 }: HostKey): string => sha256.replace(/^SHA256:/, '').replace(/=+$/, '')
