import ssh2 from 'ssh2'
import { describe, expect, test } from 'vitest'
import { offeredAlgorithms } from '../../../shared/collect/algorithms.ts'
import { hostKeyOf, isTrusted } from '../../../shared/collect/host-key.ts'

/** Made by `ssh-keygen -t ed25519`; `ssh-keygen -l` shows the fingerprint. */
const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINNhdHy3zliYdFDo/wGTp6Uxsg3TloeMkGnlqHC0f8vJ'

describe('a host key', () => {
  test('has the type and fingerprint that ssh-keygen shows', () => {
    const parsed = ssh2.utils.parseKey(publicKey)
    if (parsed instanceof Error) throw parsed

    const key = hostKeyOf(parsed.getPublicSSH())

    expect(key).toEqual({ type: 'ssh-ed25519', sha256: 'VldS7nawrrzx3N1wJChNcQFUNoHnU7J8oYBPn851k+A' })
    expect(isTrusted(key, [{ ...key, sha256: `SHA256:${key.sha256}=` }])).toBe(true)
  })

  test('is trusted without a pin, and with a pin only if it is that one', () => {
    const key = { type: 'ssh-ed25519', sha256: 'abc' }

    expect(isTrusted(key, [])).toBe(true)
    expect(isTrusted(key, [{ type: 'ssh-ed25519', sha256: 'abd' }])).toBe(false)
  })
})

describe('the offered algorithms', () => {
  test('begin with those of the pinned key, so that a server with several keys shows it', () => {
    const { serverHostKey } = offeredAlgorithms([{ type: 'ssh-rsa', sha256: 'x' }], false)

    expect(serverHostKey).toEqual(expect.arrayContaining(['ssh-ed25519']))
    expect(Array.isArray(serverHostKey) && serverHostKey.slice(0, 3)).toEqual([
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-rsa',
    ])
  })

  test('hold nothing of the SHA-1 age unless it is asked for', () => {
    const modern = JSON.stringify(offeredAlgorithms([], false))
    const legacy = JSON.stringify(offeredAlgorithms([], true))

    expect(modern).not.toMatch(/group1-sha1|cbc|ssh-dss|md5/)
    expect(legacy).toMatch(/group1-sha1.*cbc.*md5/)
  })
})
