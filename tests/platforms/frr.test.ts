import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { frrMissing, startFrrRouter, type FrrRouter } from '../../local/lab/frr-router.ts'
import { startReplay } from '../../local/lab/replay.ts'
import { collectDevice } from '../../shared/collect/collect-device.ts'
import { recordSession } from '../../shared/collect/recording/recording.ts'
import { renderConfig } from '../../shared/collect/render-config.ts'
import { frr } from '../../shared/platforms/frr.ts'

const missing = frrMissing()

describe.skipIf(missing !== undefined)(
  `a real FRR router behind OpenSSH${missing ? ` (${missing})` : ''}`,
  () => {
    let router: FrrRouter
    beforeAll(async () => {
      router = await startFrrRouter()
    })
    afterAll(() => router?.stop())

    const collect = (password: string) =>
      collectDevice(
        {
          host: router.host,
          port: router.port,
          deviceType: 'frr',
          credentials: [{ id: 7, username: router.username, password }],
        },
        { now: () => new Date() },
      )

    test('shows a neighbour added by hand as exactly that change, and never its password', async () => {
      const secret = 'xyzzy-plugh-42'
      const before = await collect(router.password)

      await router.addNeighbor('192.0.2.7', 65007, secret)
      const after = await collect(router.password)

      expect(before).toMatchObject({ ok: true, credentialId: 7, hostKey: { type: 'ssh-ed25519' } })
      expect(after.ok && after.os).toContain('FRRouting')
      const [old, changed] = [before, after].map((outcome) =>
        renderConfig(frr, outcome.ok ? outcome.running : '', 'key'),
      )
      const known = new Set(old?.text.split('\n'))
      const added = (changed?.text ?? '').split('\n').filter((line) => !known.has(line))
      expect(added).toEqual([
        ' neighbor 192.0.2.7 remote-as 65007',
        expect.stringMatching(/^ neighbor 192\.0\.2\.7 password <secret:[0-9a-f]{8}>$/),
      ])
      expect(after.ok && after.running).toContain(secret)
      expect(JSON.stringify([changed, after.events])).not.toContain(secret)
    })

    test('is recorded as a session that replays, its secrets masked', async () => {
      const asked = { deviceType: 'frr', limits: { idleMs: 3000, startMs: 3000, promptMs: 3000 } }
      const login = { id: 7, username: router.username }
      const recordAt = ({ host, port }: { host: string; port: number }, password: string) =>
        recordSession(
          { ...asked, host, port, credentials: [{ ...login, password }] },
          { now: () => new Date() },
          'core1',
        )

      await router.addNeighbor('192.0.2.8', 65008, 'plugh-xyzzy-43')
      const { outcome, recording } = await recordAt(router, router.password)
      const replay = await startReplay(recording, { logins: [{ ...login, password: 'another' }] })
      onTestFinished(() => replay.stop())
      const again = await recordAt(replay, 'another')

      expect(outcome.ok).toBe(true)
      expect(recording.config).toContainEqual(
        expect.stringMatching(/^ neighbor 192\.0\.2\.8 password masked-\d$/),
      )
      expect(again.recording).toMatchObject({ config: recording.config, facts: recording.facts })
      expect(JSON.stringify(recording)).not.toMatch(new RegExp(`plugh-xyzzy-43|${router.password}`))
    })

    test('refuses a wrong password once', async () => {
      const outcome = await collect('wrong')

      expect(outcome).toMatchObject({
        ok: false,
        category: 'auth',
        attempts: [{ credentialId: 7, accepted: false }],
      })
      expect(JSON.stringify(outcome)).not.toContain('wrong')
    })
  },
)
