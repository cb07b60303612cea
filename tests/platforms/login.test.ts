import ssh2 from 'ssh2'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { deviceConnector } from '../../shared/collect/connector.ts'
import { isReachable } from '../../shared/collect/reach.ts'
import { collectFrom, credential, login, startDevice } from '../support/ssh-lab.ts'

describe('credentials', () => {
  test('are tried in order until one is accepted, each once', async () => {
    const router = await startDevice()
    const wrong = { id: 8, username: 'netops', password: 'battery-staple' }

    const outcome = await collectFrom(router, { credentials: [wrong, credential] })

    expect(outcome).toMatchObject({
      ok: true,
      credentialId: 1,
      attempts: [
        { credentialId: 8, accepted: false },
        { credentialId: 1, accepted: true },
      ],
    })
    expect(router.refused).toEqual(['password'])
    expect(JSON.stringify(outcome.events)).not.toMatch(/battery-staple|correct-horse/)
  })

  test('that are all refused end as auth, with one try for each', async () => {
    const router = await startDevice()
    const wrong = [8, 9].map((id) => ({ id, username: 'netops', password: `wrong-${id}` }))

    const outcome = await collectFrom(router, { credentials: wrong })

    expect(outcome).toMatchObject({
      ok: false,
      category: 'auth',
      attempts: [{ accepted: false }, { accepted: false }],
    })
    expect(outcome).not.toHaveProperty('credentialId')
    expect(router.refused).toEqual(['password', 'password'])
  })

  test('that do not exist end as no_credentials without a connection', async () => {
    const router = await startDevice()

    const outcome = await collectFrom(router, { credentials: [] })

    expect(outcome).toMatchObject({ ok: false, category: 'no_credentials' })
    expect(router.connections).toBe(0)
  })

  test('are answered by keyboard-interactive where the server wants that, once', async () => {
    const router = await startDevice({ authentication: 'keyboard-interactive' })

    const accepted = await collectFrom(router)
    const refused = await collectFrom(router, { credentials: [{ ...credential, password: 'wrong' }] })

    expect(accepted).toMatchObject({ ok: true })
    expect(refused).toMatchObject({ ok: false, category: 'auth' })
    expect(router.refused).toEqual(['keyboard-interactive'])
  })

  test('may be a key with a passphrase', async () => {
    const passphrase = 'opens-it'
    const pair = ssh2.utils.generateKeyPairSync('ecdsa', {
      bits: 256,
      passphrase,
      cipher: 'aes256-cbc',
      rounds: 4,
    })
    const router = await startDevice({ logins: [{ username: 'backup', publicKey: pair.public }] })
    const withKey = { id: 3, username: 'backup', privateKey: pair.private }

    const accepted = await collectFrom(router, { credentials: [{ ...withKey, passphrase }] })
    const refused = await collectFrom(router, { credentials: [{ ...withKey, passphrase: 'does not' }] })

    expect(accepted).toMatchObject({ ok: true, credentialId: 3 })
    expect(refused).toMatchObject({ ok: false, category: 'auth' })
  })
})

describe('the host key', () => {
  test('is trusted on first use, and reported', async () => {
    const router = await startDevice()

    const outcome = await collectFrom(router)

    expect(outcome).toMatchObject({
      ok: true,
      hostKey: { type: 'ssh-ed25519', sha256: expect.stringMatching(/^[\w+/]{43}$/) },
    })
  })

  test('that is pinned is accepted, one of several pins is enough', async () => {
    const router = await startDevice()
    const first = await collectFrom(router)
    const pin = first.hostKey ?? { type: '', sha256: '' }
    const other = { type: 'ssh-rsa', sha256: 'A'.repeat(43) }

    const outcome = await collectFrom(router, {
      pinnedHostKeys: [other, { ...pin, sha256: `SHA256:${pin.sha256}` }],
    })

    expect(outcome).toMatchObject({ ok: true })
  })

  test('that changed fails closed: no credential is sent', async () => {
    const router = await startDevice()
    const first = await collectFrom(router)
    router.changeHostKey()

    const outcome = await collectFrom(router, { pinnedHostKeys: first.hostKey ? [first.hostKey] : [] })

    expect(outcome).toMatchObject({ ok: false, category: 'host_key_changed', attempts: [] })
    expect(outcome.hostKey?.sha256).not.toBe(first.hostKey?.sha256)
    expect(router.sessions).toBe(1)
  })
})

describe('a server that knows only SHA-1 and CBC', () => {
  test('is refused, and accepted where legacy algorithms are asked for', async () => {
    const router = await startDevice({ legacyOnly: true })

    const refused = await collectFrom(router)
    const accepted = await collectFrom(router, { legacy: true })

    expect(refused).toMatchObject({ ok: false, category: 'algorithms' })
    expect(accepted).toMatchObject({ ok: true, hostKey: { type: 'ssh-rsa' } })
  })
})

describe('privilege', () => {
  const enabled = { enableSecret: 'up-we-go' }

  test('is raised with the enable secret of the credential', async () => {
    const router = await startDevice(enabled)

    const outcome = await collectFrom(router, { credentials: [{ ...credential, ...enabled }] })

    expect(outcome).toMatchObject({ ok: true })
  })

  test.each([
    ['a wrong secret', { enableSecret: 'not-that' }],
    ['no secret', {}],
  ])('with %s ends as privilege', async (_what, given) => {
    const router = await startDevice(enabled)

    const outcome = await collectFrom(router, { credentials: [{ ...credential, ...given }] })

    expect(outcome).toMatchObject({ ok: false, category: 'privilege', credentialId: 1 })
    expect(JSON.stringify(outcome)).not.toContain('not-that')
  })
})

describe('the connector', () => {
  const now = (): Date => new Date()

  test('connects, reads and disconnects; disconnecting twice is safe', async () => {
    const router = await startDevice()
    const { host, port, deviceType } = router
    const connector = deviceConnector(
      { host, port, deviceType: `${deviceType}_ssh`, credentials: [credential] },
      { now },
    )

    const before = connector.isConnected
    const connected = await connector.connect()
    const during = connector.isConnected
    const [os, serial, running] = [
      await connector.getOs(),
      await connector.getSerial(),
      await connector.getRunning(),
    ]
    await connector.disconnect()
    await connector.disconnect()

    expect([before, connected, during, connector.isConnected]).toEqual([false, { ok: true }, true, false])
    expect(os.ok && os.text).toContain('Version 17.09.04a')
    expect(serial.ok && serial.text).toContain('Processor board ID')
    expect(running.ok && running.text).toMatch(/\nend\n$/)
    await expect(connector.getRunning()).resolves.toMatchObject({ ok: false, category: 'connection_lost' })
    await expect.poll(() => router.connections).toBe(0)
  })

  test.each([
    ['no host', { host: '' }],
    ['a port out of range', { port: 70_000 }],
    ['a credential with neither password nor key', { credentials: [{ id: 1, username: 'netops' }] }],
    ['a limit that is no number', { limits: { idleMs: Number.NaN } }],
  ])('refuses %s as validation_failed', (_what, wrong) => {
    const parameters = { host: '127.0.0.1', deviceType: 'cisco_ios', credentials: [credential], ...wrong }

    expect(() => deviceConnector(parameters, { now })).toThrowError(AppError)
    expect(() => deviceConnector(parameters, { now })).toThrowError(
      expect.objectContaining({ code: 'validation_failed' }),
    )
  })

  test('is not needed to see whether a port answers', async () => {
    const alive = await startDevice()
    const dead = await startDevice({ fault: { kind: 'dead' } })

    expect(await isReachable(alive.host, alive.port)).toBe(true)
    expect(await isReachable(dead.host, dead.port)).toBe(false)
    expect(login.password).toBeTruthy()
  })
})
