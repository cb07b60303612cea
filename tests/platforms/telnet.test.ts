import net from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startTelnetServer } from '../../local/lab/telnet-server.ts'
import { telnetChannel } from '../../shared/collect/telnet.ts'
import { collectFrom, credential, login, startDevice } from '../support/ssh-lab.ts'

describe('a device behind telnet', () => {
  test.each(['cisco_ios', 'huawei_vrp', 'juniper_junos', 'arista_eos'])(
    '%s is logged in to by its questions and backed up whole, as over SSH',
    async (deviceType) => {
      const wired = await startDevice({ deviceType })
      const bare = await startDevice({ deviceType, transport: 'telnet', responseMs: 10 })

      const overSsh = await collectFrom(wired)
      const overTelnet = await collectFrom(bare, { deviceType: `${deviceType}_telnet` })

      expect(overTelnet).toMatchObject({ ok: true, credentialId: 1 })
      expect(overTelnet).not.toHaveProperty('hostKey')
      expect(stable(overTelnet.ok ? overTelnet.running : '')).toBe(
        stable(overSsh.ok ? overSsh.running : 'none'),
      )
      expect(JSON.stringify(overTelnet.events)).toContain('telnet')
      expect(JSON.stringify(overTelnet)).not.toContain(login.password)
      await expect.poll(() => bare.connections).toBe(0)
    },
  )

  test('that refuses a password gets the next credential, each once', async () => {
    const router = await startDevice({ transport: 'telnet' })
    const wrong = { id: 8, username: 'netops', password: 'battery-staple' }

    const outcome = await collectFrom(router, {
      deviceType: 'cisco_ios_telnet',
      credentials: [wrong, credential],
    })

    expect(outcome).toMatchObject({
      ok: true,
      attempts: [
        { credentialId: 8, accepted: false },
        { credentialId: 1, accepted: true },
      ],
    })
    expect(router.refused).toEqual(['telnet'])
    expect(JSON.stringify(outcome.events)).not.toMatch(/battery-staple|correct-horse/)
  })

  test('that refuses all credentials ends as auth, one that drops as connection_lost', async () => {
    const refusing = await startDevice({ transport: 'telnet' })
    const dropping = await startDevice({ transport: 'telnet', fault: { kind: 'drop', afterLines: 50 } })

    const refused = await collectFrom(refusing, {
      deviceType: 'cisco_ios_telnet',
      credentials: [{ ...credential, password: 'wrong' }],
    })
    const dropped = await collectFrom(dropping, { deviceType: 'cisco_ios_telnet' })

    expect(refused).toMatchObject({ ok: false, category: 'auth', attempts: [{ accepted: false }] })
    expect(dropped).toMatchObject({ ok: false, category: 'connection_lost' })
  })

  test('raises its privilege and pages as over SSH', async () => {
    const router = await startDevice({
      transport: 'telnet',
      enableSecret: 'up-we-go',
      pager: { lines: 20, pageMs: 5 },
    })

    const outcome = await collectFrom(router, {
      deviceType: 'cisco_ios_telnet',
      credentials: [{ ...credential, enableSecret: 'up-we-go' }],
    })

    expect(outcome).toMatchObject({ ok: true, running: expect.stringMatching(/\nend\n$/) })
  })
})

describe('the telnet protocol', () => {
  async function connect(said: readonly Uint8Array[]) {
    const server = await startTelnetServer({
      onShell: (stream) => {
        for (const bytes of said) stream.write(bytes)
        stream.on('data', (bytes: Uint8Array) => heard.push(...bytes))
      },
    })
    const heard: number[] = []
    onTestFinished(() => server.close())
    const socket = net.connect({ host: '127.0.0.1', port: server.port, noDelay: true })
    onTestFinished(() => void socket.destroy())
    return { server, heard, channel: telnetChannel(socket) }
  }

  test('agrees to echo, terminal type and window size, declines the rest, and says each thing once', async () => {
    const { server } = await connect([])

    await expect.poll(() => server.negotiated.length).toBeGreaterThanOrEqual(8)

    expect([...server.negotiated].sort()).toEqual(
      [
        'DO 1',
        'DO 3',
        'WILL 24',
        'WILL 31',
        'WONT 34',
        'WONT 39',
        'SB 31 1 255 255 3 232',
        'SB 24 0 86 84 49 48 48',
      ].sort(),
    )
  })

  test('hands out data bytes as they are, also 255 and those cut between two packets', async () => {
    const received: number[] = []
    const said = Uint8Array.from([65, 255, 66, 13, 10, 67])

    const { channel } = await connect([said])
    channel.onData((chunk) => received.push(...chunk))

    await expect.poll(() => received).toEqual([...said])
  })

  test('ends lines with CR LF, sends a bare CR as CR NUL and doubles what looks like a command', async () => {
    const { channel, heard } = await connect([])

    channel.write('show\n')
    channel.write('next\r')

    await expect.poll(() => String.fromCharCode(...heard)).toBe('show\r\nnext\r')
  })
})

/** Without what differs between two devices and two moments. */
const stable = (text: string): string => text.replaceAll(/^.*(?:\d\d:\d\d:\d\d|Time).*$/gm, '…')
