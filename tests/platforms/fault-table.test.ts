import { describe, expect, test, vi } from 'vitest'
import type { Fault } from '../../local/lab/device.ts'
import { dialects } from '../../local/lab/dialects.ts'
import type { FailureCategory } from '../../shared/collect/outcome.ts'
import { findPlatform } from '../../shared/platforms/platforms.ts'
import { collectFrom, credential, login, startDevice } from '../support/ssh-lab.ts'

/** With an end marker, with braces, without an end, with a pager that cannot be switched off, with a prompt in brackets. */
const platforms = [
  'cisco_ios',
  'arista_eos',
  'cisco_nxos',
  'juniper_junos',
  'huawei_vrp',
  'fortinet',
] as const

const failing: [what: string, fault: Fault, category: FailureCategory][] = [
  ['a drop in mid configuration', { kind: 'drop', afterLines: 30 }, 'connection_lost'],
  ['silence in mid configuration', { kind: 'silence', afterLines: 30, ms: 60_000 }, 'timeout'],
  ['an authorisation that fails', { kind: 'unauthorized' }, 'command_rejected'],
  ['a dead host', { kind: 'dead' }, 'refused'],
  ['a host that never speaks', { kind: 'mute' }, 'timeout'],
]

const falsePrompts = [
  ['its own prompt in the banner', 'greeting', 'own'],
  ["another host's prompt in the banner", 'greeting', 'foreign'],
  ['its own prompt in the configuration', 'config', 'own'],
  ["another host's prompt in the configuration", 'config', 'foreign'],
] as const

describe.concurrent.each(platforms)('%s', (deviceType) => {
  test.each(failing)('with %s gives no configuration, and says so', async (_what, fault, category) => {
    const router = await startDevice({ deviceType, fault })

    const outcome = await collectFrom(router)

    expect(outcome).toMatchObject({ ok: false, category })
    expect(outcome).not.toHaveProperty('running')
    expect(JSON.stringify(outcome)).not.toContain(login.password)
    await vi.waitFor(() => expect(router.connections).toBe(0))
  })

  test.each(falsePrompts)('with %s is backed up whole', async (_what, where, line) => {
    const router = await startDevice({
      deviceType,
      fault: { kind: 'false-prompt', where, line, pauseMs: 700 },
    })

    const outcome = await collectFrom(router)

    const dialect = dialects.find((one) => one.deviceType === deviceType)
    const expected = dialect?.config({ name: 'core1', index: 0, interfaces: 24, changes: [] }) ?? []
    const found = new Set((outcome.ok ? outcome.running : '').split('\n').map((text) => text.trimEnd()))
    const volatile = /Time: |ENC |conf_file_ver/
    expect(expected.filter((text) => !found.has(text.trimEnd()) && !volatile.test(text))).toEqual([])
  })

  test('with a configuration that stops early is incomplete where it has an end of its own', async () => {
    const router = await startDevice({ deviceType, fault: { kind: 'no-end', afterLines: 30 } })
    const complete = findPlatform(deviceType)?.captures.running.complete ?? { balanced: '{}', blocks: 1 }

    const outcome = await collectFrom(router)

    // Where there is none, the shrunk configuration is read twice by whoever keeps the versions.
    const expected = 'contains' in complete ? { ok: true } : { ok: false, category: 'incomplete' }
    expect(outcome).toMatchObject(expected)
  })

  test('with a wrong password ends as auth, after one try', async () => {
    const router = await startDevice({ deviceType })

    const outcome = await collectFrom(router, { credentials: [{ ...credential, password: 'not-this-one' }] })

    expect(outcome).toMatchObject({ ok: false, category: 'auth', attempts: [{ accepted: false }] })
    expect(router.refused).toEqual(['password'])
  })

  test('with a changed host key gets no password', async () => {
    const router = await startDevice({ deviceType })
    const first = await collectFrom(router)
    router.changeHostKey()

    const outcome = await collectFrom(router, { pinnedHostKeys: first.hostKey ? [first.hostKey] : [] })

    expect(outcome).toMatchObject({ ok: false, category: 'host_key_changed', attempts: [] })
  })

  test('that knows only old algorithms is reached by explicit wish', async () => {
    const router = await startDevice({ deviceType, legacyOnly: true })

    const refused = await collectFrom(router)
    const accepted = await collectFrom(router, { legacy: true })

    expect(refused).toMatchObject({ ok: false, category: 'algorithms' })
    expect(accepted).toMatchObject({ ok: true })
  })
})
