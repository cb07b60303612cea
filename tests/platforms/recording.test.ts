import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { LabDevice } from '../../local/lab/device.ts'
import { ed25519Key } from '../../local/lab/lab.ts'
import { startReplay } from '../../local/lab/replay.ts'
import { serveShell } from '../../local/lab/shell.ts'
import { startSshServer } from '../../local/lab/ssh-server.ts'
import { clean } from '../../shared/collect/clean.ts'
import type { Outcome } from '../../shared/collect/outcome.ts'
import { recordSession, type Recording } from '../../shared/collect/recording/recording.ts'
import type { CollectRequest } from '../../shared/collect/request.ts'
import { findPlatform } from '../../shared/platforms/platforms.ts'
import { credential, login, startDevice } from '../support/ssh-lab.ts'

const limits = { idleMs: 1500, startMs: 1500, promptMs: 1500, loginMs: 2000 }
const enable = { enableSecret: 'up-we-go' }

type Recorded = Awaited<ReturnType<typeof recordSession>>

/** Records one session and reads its file back. */
async function record(request: CollectRequest): Promise<Recorded & { text: string; file: Recording }> {
  const recorded = await recordSession({ limits, ...request }, { now: () => new Date() }, 'core1')
  const folder = mkdtempSync(path.join(tmpdir(), 'recording-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const name = path.join(folder, 'session.json')
  writeFileSync(name, JSON.stringify(recorded.recording))
  const text = readFileSync(name, 'utf8')
  return { ...recorded, text, file: JSON.parse(text) }
}

async function recordDevice(device: Partial<LabDevice>, request: Partial<CollectRequest> = {}) {
  const { host, port, deviceType } = await startDevice(device)
  const telnet = device.transport === 'telnet' ? '_telnet' : ''
  return record({ host, port, deviceType: deviceType + telnet, credentials: [credential], ...request })
}

/** Replays a file to a client with other passwords. */
async function replay(file: Recording): Promise<Recorded & { unknown: readonly string[] }> {
  const { transport, username, enableSecret } = file.recorded
  const suffix = findPlatform(file.model)?.usernameSuffix ?? ''
  const server = await startReplay(file, { logins: [{ username: username + suffix, password: 'another' }] })
  onTestFinished(() => server.stop())
  const secrets = { password: 'another', ...(enableSecret ? { enableSecret: 'another-2' } : {}) }
  const { host, port } = server
  const again = await record({
    host,
    port,
    deviceType: file.model + (transport === 'telnet' ? '_telnet' : ''),
    credentials: [{ id: 1, username, ...secrets }],
  })
  return { ...again, unknown: server.unknown }
}

/** What the session machine made of it, as the file has it. */
function configOf(file: Recording, outcome: Outcome): string[] {
  const platform = findPlatform(file.model)
  if (!platform) throw new Error(`${file.model} is no platform`)
  return outcome.ok ? clean(platform, outcome.running).trimEnd().split('\n') : [outcome.detail]
}

const devices: [name: string, device: Partial<LabDevice>, request?: Partial<CollectRequest>][] = [
  ['IOS', { deviceType: 'cisco_ios' }],
  [
    'IOS that pages and asks for the enable secret',
    { deviceType: 'cisco_ios', enableSecret: 'up-we-go', pager: { lines: 20, pageMs: 2 } },
    { credentials: [{ ...credential, ...enable }] },
  ],
  [
    'IOS over telnet',
    { deviceType: 'cisco_ios', transport: 'telnet', enableSecret: 'up-we-go', responseMs: 10 },
    { credentials: [{ ...credential, ...enable }] },
  ],
  ['VRP over telnet', { deviceType: 'huawei_vrp', transport: 'telnet', pager: { lines: 12 } }],
  ['RouterOS, whose login name has a tail', { deviceType: 'mikrotik_routeros' }],
  ['Junos', { deviceType: 'juniper_junos' }],
  ['EOS', { deviceType: 'arista_eos', responseMs: 20 }],
  ['FortiOS', { deviceType: 'fortinet', pager: { lines: 20 } }],
]

/** Without numbers and words of sockets. */
const told = ({ outcome }: Recording): unknown =>
  outcome.ok
    ? outcome
    : [outcome.category, outcome.detail.replace(/\d+|the connection broke.*|the device closed.*/g, '…')]

const folder = new URL('.', import.meta.url)
const written = readdirSync(folder).filter((file) => file.endsWith('#session.json'))

describe('a recorded session', () => {
  test.each(devices)('of %s gives the same when it is replayed', async (_, device, request) => {
    const { text, file, outcome } = await recordDevice(device, request)

    const again = await replay(file)

    expect(outcome).toMatchObject({ ok: true })
    expect(configOf(file, again.outcome)).toEqual(file.config)
    expect(again.outcome.ok && again.outcome.facts).toEqual(file.facts)
    expect(file.facts).toHaveProperty('version')
    expect(again.unknown).toEqual([])
    expect(file.recorded.withheld).toBe(0)
    expect(text).not.toMatch(/correct-horse-1|up-we-go/)
  })

  test.each(written)('of %s gives the same when it is replayed, whatever keys it took', async (name) => {
    const session = JSON.parse(readFileSync(new URL(encodeURIComponent(name), folder), 'utf8'))
    const device = await startReplay(session, { logins: [login] })
    onTestFinished(() => device.stop())
    const { host, port } = device
    const { file, outcome } = await record({
      host,
      port,
      deviceType: session.model,
      credentials: [credential],
    })

    const again = await replay(file)

    expect(outcome).toMatchObject({ ok: true })
    expect(file.config).toHaveLength(session.config.length)
    expect(configOf(file, again.outcome)).toEqual(file.config)
    expect(again.outcome.ok && again.outcome.facts).toEqual(file.facts)
    expect(again.unknown).toEqual([])
    expect(file.recorded.withheld).toBe(0)
  })

  const failures: [name: string, device: Partial<LabDevice>][] = [
    ['whose prompt never comes', { fault: { kind: 'prompt-never' } }],
    ['that may not see the configuration', { fault: { kind: 'unauthorized' } }],
    ['whose configuration has no end', { fault: { kind: 'no-end', afterLines: 30 } }],
    ['that hangs up', { fault: { kind: 'drop', afterLines: 30 } }],
    ['that asks for an enable secret', { enableSecret: 'up-we-go' }],
  ]
  test.each(failures)('of a device %s fails in the same way', async (_, device) => {
    const { file, outcome } = await recordDevice(device)

    const again = await replay(file)

    expect(outcome.ok).toBe(false)
    expect(file).not.toHaveProperty('config')
    // A mask is not as long as what it stands for.
    expect(told(again.recording)).toEqual(told(file))
  })

  test('of a login that is refused holds what was done, and no password', async () => {
    const wrong = { ...credential, id: 4, password: 'battery-staple-2' }
    const overSsh = await recordDevice({}, { credentials: [wrong] })
    const overTelnet = await recordDevice({ transport: 'telnet' }, { credentials: [wrong, credential] })

    expect(overSsh.file).toMatchObject({
      greeting: '',
      exchanges: [],
      outcome: { ok: false, category: 'auth' },
      attempts: [{ credentialId: 4, accepted: false }],
    })
    expect(overTelnet.file).toMatchObject({
      outcome: { ok: true },
      earlier: [{ exchanges: [{ send: 'netops\n' }, { send: expect.stringMatching(/^masked-\d\n$/) }] }],
    })
    expect(overSsh.text + overTelnet.text).not.toMatch(/battery-staple-2|correct-horse-1/)
  })

  test('of a device without a platform holds how it was recognised', async () => {
    const { file } = await recordDevice({ deviceType: 'arista_eos' }, { deviceType: 'autodetect' })

    const again = await replay(file)

    expect(file).toMatchObject({ model: 'arista_eos', earlier: [{ model: 'autodetect' }] })
    expect(configOf(file, again.outcome)).toEqual(file.config)
  })

  test('of a device without an echo gives the same', async () => {
    const answers: Record<string, string> = {
      'show version': 'Cisco IOS Software, Version 15.2(7)E8, RELEASE\r\n',
      'show running-config': 'version 15.2\r\nhostname mute1\r\nenable password Summer-2019!\r\nend\r\n',
    }
    const behaviour = {
      echo: false,
      greeting: () => [{ write: 'mute1#' }],
      prompt: () => 'mute1#',
      answer: (line: string) => [{ write: `\r\n${answers[line] ?? ''}mute1#` }],
    }
    const device = await startSshServer({
      hostKey: ed25519Key(),
      logins: [login],
      onShell: (stream, drop) => void serveShell(stream, behaviour, { responseMs: 0, drop }),
    })
    onTestFinished(() => device.close())
    const where = { host: '127.0.0.1', port: device.port, deviceType: 'cisco_ios' }
    const { file } = await record({ ...where, credentials: [credential] })

    const again = await replay(file)

    expect(file.config).toEqual(['version 15.2', 'hostname mute1', 'enable password masked-1', 'end'])
    expect(configOf(file, again.outcome)).toEqual(file.config)
  })
})
