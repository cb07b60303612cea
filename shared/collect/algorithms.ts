import type { Algorithms, ServerHostKeyAlgorithm } from 'ssh2'
import type { HostKey } from './outcome.ts'

const modernHostKeys = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
] as const satisfies readonly ServerHostKeyAlgorithm[]

/** Signatures by which a key type is shown: one RSA key serves three algorithms (RFC 8332). */
const algorithmsOf = (type: string): readonly string[] =>
  type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type]

/**
 * What to offer. Host keys of the pinned types come first: a server with several keys shows the pinned one then.
 * `legacy` appends what old devices need and nobody should use: SHA-1 key exchange, CBC, MD5 and DSA, after everything
 * modern, so that only a server without any modern algorithm gets them (tried with ssh2 1.17 on OpenSSL 3).
 */
export function offeredAlgorithms(pinned: readonly HostKey[], legacy: boolean): Algorithms {
  const wanted = new Set(pinned.flatMap(({ type }) => algorithmsOf(type)))
  const known: ServerHostKeyAlgorithm[] = legacy ? [...modernHostKeys, 'ssh-dss'] : [...modernHostKeys]
  const serverHostKey = [
    ...known.filter((name) => wanted.has(name)),
    ...known.filter((name) => !wanted.has(name)),
  ]
  if (!legacy) return { serverHostKey }
  return {
    serverHostKey,
    kex: {
      append: [
        'diffie-hellman-group-exchange-sha1',
        'diffie-hellman-group14-sha1',
        'diffie-hellman-group1-sha1',
      ],
      prepend: [],
      remove: [],
    },
    cipher: { append: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'], prepend: [], remove: [] },
    hmac: { append: ['hmac-sha1-96', 'hmac-md5', 'hmac-md5-96'], prepend: [], remove: [] },
  }
}
