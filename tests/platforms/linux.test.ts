import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSshMissing, startOpenSsh, type OpenSshServer } from '../../local/lab/openssh.ts'
import { collectDevice } from '../../shared/collect/collect-device.ts'

const missing = openSshMissing()

describe.skipIf(missing !== undefined).each(['/bin/bash', '/bin/sh'])(
  'a real Linux machine with %s',
  (shell) => {
    let server: OpenSshServer
    beforeAll(async () => {
      server = await startOpenSsh({ shell })
    })
    afterAll(() => server?.stop())

    test('gives its network configuration, with its end', async () => {
      const { host, port, username, password } = server

      const outcome = await collectDevice(
        { host, port, deviceType: 'linux', credentials: [{ id: 1, username, password }] },
        { now: () => new Date() },
      )

      expect(outcome).toMatchObject({ ok: true, os: expect.stringContaining('Linux') })
      const lines = outcome.ok ? outcome.running.trimEnd().split('\n') : []
      expect(lines[0]).toBe('# /etc/os-release')
      expect(lines).toContain('# ip address')
      expect(lines.at(-1)).toBe('# end of configuration')
    })
  },
)
