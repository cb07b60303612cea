import { describe, expect, onTestFinished, test } from 'vitest'
import { dialects } from '../../local/lab/dialects.ts'
import { startReplay } from '../../local/lab/replay.ts'
import { collectDevice } from '../../shared/collect/collect-device.ts'
import { collectFrom, credential, login, startDevice } from '../support/ssh-lab.ts'

/** The simulated IOS device shows the version of an IOS XE. */
const shownAs: Record<string, string> = { cisco_ios: 'cisco_xe' }

describe.concurrent('a device without a platform', () => {
  test.each(dialects.map(({ deviceType }) => deviceType))(
    'that is a %s is recognised and backed up',
    async (deviceType) => {
      const router = await startDevice({ deviceType })

      const outcome = await collectFrom(router, { deviceType: '' })

      expect(outcome).toMatchObject({
        ok: true,
        detected: {
          deviceType: shownAs[deviceType] ?? deviceType,
          evidence: expect.arrayContaining([expect.stringMatching(/\w/)]),
        },
      })
      expect(outcome.detected?.confidence).toBeGreaterThanOrEqual(0.95)
      // One login to recognise it, one to back it up.
      expect(router.sessions).toBe(2)
    },
  )

  test('is recognised with the first credential that it takes, and backed up with that one', async () => {
    const router = await startDevice({ deviceType: 'arista_eos' })
    const wrong = { id: 8, username: 'netops', password: 'battery-staple' }

    const outcome = await collectFrom(router, { deviceType: 'autodetect', credentials: [wrong, credential] })

    expect(outcome).toMatchObject({ ok: true, credentialId: 1, detected: { deviceType: 'arista_eos' } })
    expect(router.refused).toEqual(['password'])
  })

  test('that refuses every credential ends as auth, one that answers to nothing as platform_unknown', async () => {
    const refusing = await startDevice()
    const strange = await startReplay(
      { model: 'none', device: 'none', ordered: false, greeting: 'strange# ', exchanges: [] },
      { logins: [login] },
    )
    onTestFinished(() => strange.stop())

    const refused = await collectFrom(refusing, {
      deviceType: '',
      credentials: [{ ...credential, password: 'wrong' }],
    })
    const unknown = await collectDevice(
      { host: strange.host, port: strange.port, deviceType: '', credentials: [credential] },
      { now: () => new Date() },
    )

    expect(refused).toMatchObject({ ok: false, category: 'auth', attempts: [{ accepted: false }] })
    expect(unknown).toMatchObject({ ok: false, category: 'platform_unknown' })
    expect(
      strange.unknown.every((command) =>
        /^(?:show|display|get|uname|version|opnsense|\/|cat|exit)/.test(command),
      ),
    ).toBe(true)
  })

  test('behind telnet is recognised as well', async () => {
    const router = await startDevice({ deviceType: 'huawei_vrp', transport: 'telnet' })

    const outcome = await collectFrom(router, { deviceType: 'autodetect_telnet' })

    expect(outcome).toMatchObject({ ok: true, detected: { deviceType: 'huawei_vrp' } })
  })
})
