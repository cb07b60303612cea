import { describe, expect, test, vi } from 'vitest'
import type { Fault } from '../../local/lab/device.ts'
import { dialects } from '../../local/lab/dialects.ts'
import type { FailureCategory } from '../../shared/collect/outcome.ts'
import { collectFrom, login, startDevice } from '../support/ssh-lab.ts'

const megabyte = 1024 * 1024

/** What a busy machine may add; a wait without end is minutes. */
const slackMs = 15_000

const failures: [what: string, fault: Fault, category: FailureCategory, within: number][] = [
  ['a closed port', { kind: 'dead' }, 'refused', 1000],
  ['a port where nobody speaks', { kind: 'mute' }, 'timeout', 4000],
  ['a shell without a prompt', { kind: 'prompt-never' }, 'prompt_not_found', 8000],
  ['a TCP drop in mid configuration', { kind: 'drop', afterLines: 50 }, 'connection_lost', 2000],
  ['25 s of silence in mid configuration', { kind: 'silence', afterLines: 50, ms: 25_000 }, 'timeout', 6000],
  ['a configuration without its end', { kind: 'no-end', afterLines: 50 }, 'incomplete', 4000],
  ['20 MB of output', { kind: 'flood', bytes: 20 * megabyte }, 'too_large', 10_000],
  ['binary junk', { kind: 'junk', bytes: 5000 }, 'not_text', 4000],
  ['a command that authorisation refuses', { kind: 'unauthorized' }, 'command_rejected', 2000],
]

describe.concurrent('a fault on the device', () => {
  test.each(failures)('%s ends as its category', async (_what, fault, category, withinMs) => {
    const router = await startDevice({ fault })

    const outcome = await collectFrom(router)

    expect(outcome).toMatchObject({ ok: false, category })
    expect(outcome).not.toHaveProperty('running')
    expect(outcome.elapsedMs).toBeLessThan(withinMs + slackMs)
    expect(JSON.stringify(outcome)).not.toContain(login.password)
    await vi.waitFor(() => expect(router.connections).toBe(0))
  })

  test('a connection that breaks once leaves nothing behind: the next session is whole', async () => {
    const router = await startDevice({ fault: { kind: 'drop', afterLines: 50, once: true } })

    const [broken, whole] = [await collectFrom(router), await collectFrom(router)]

    expect(broken).toMatchObject({ ok: false, category: 'connection_lost' })
    expect(whole.ok && whole.running.trimEnd().endsWith('end')).toBe(true)
  })

  test('a name that leads nowhere ends as unreachable', async () => {
    const router = await startDevice()

    const outcome = await collectFrom(router, { host: 'no-such-device.invalid', limits: { reachMs: 500 } })

    expect(outcome).toMatchObject({ ok: false, category: 'unreachable', attempts: [] })
  })

  test('the wall clock ends a device that always says a little', async () => {
    const router = await startDevice({ pager: { lines: 1, pageMs: 100 }, deviceType: 'fortinet' })

    const outcome = await collectFrom(router, { limits: { deviceMs: 1000 } })

    expect(outcome).toMatchObject({
      ok: false,
      category: 'timeout',
      detail: expect.stringContaining('1000 ms in all'),
    })
    expect(outcome.elapsedMs).toBeLessThan(2500)
  })

  test.each([
    ['cisco_iso', 'near: cisco_ios'],
    ['cisco-ios', 'near: cisco_ios'],
  ])('the device type %o ends as platform_unknown without a connection', async (deviceType, told) => {
    const router = await startDevice()

    const outcome = await collectFrom(router, { deviceType })

    expect(outcome).toMatchObject({
      ok: false,
      category: 'platform_unknown',
      detail: expect.stringContaining(told),
    })
    expect(router.sessions).toBe(0)
  })
})

const pauseMs = 2000

/** With an end marker, without one, and with braces. */
const withFalsePrompts = ['cisco_ios', 'cisco_nxos', 'juniper_junos', 'mikrotik_routeros'] as const

describe.concurrent.each(withFalsePrompts)(
  '%s with a line that looks like a prompt and a pause after it',
  (deviceType) => {
    test.each([
      ['greeting', 'own'],
      ['greeting', 'foreign'],
      ['config', 'own'],
      ['config', 'foreign'],
    ] as const)('in the %s, with its %s name, is backed up whole', async (where, line) => {
      const whole = dialects.find((dialect) => dialect.deviceType === deviceType)
      const faults: Fault = { kind: 'false-prompt', where, line, pauseMs }
      const router = await startDevice({ deviceType, fault: faults })

      const outcome = await collectFrom(router)

      expect(outcome).toMatchObject({ ok: true })
      const running = outcome.ok ? outcome.running : ''
      const expected = whole?.config({ name: 'core1', index: 0, interfaces: 24, changes: [] }) ?? []
      const found = new Set(running.split('\n').map((text) => text.trimEnd()))
      // The line in question stands in the middle of one of the others; times differ.
      const lost = expected.filter((text) => !found.has(text.trimEnd()) && !/Time: |by RouterOS/.test(text))
      expect(lost).toEqual([])
    })
  },
)

describe('answers that come in an unusual way', () => {
  test.each(dialects.filter(({ pagingOff }) => !pagingOff).map(({ deviceType }) => deviceType))(
    '%s pages and cannot be told not to: every page is asked for, and no pager is left in the text',
    async (deviceType) => {
      const plain = await collectFrom(await startDevice({ deviceType }))
      const paged = await collectFrom(await startDevice({ deviceType, pager: { lines: 20, pageMs: 5 } }))

      const stable = (text: string) => text.replaceAll(/ENC \S+|conf_file_ver=\d+|^# .* by RouterOS/gm, '…')
      expect(plain.ok && paged.ok).toBe(true)
      expect(stable(paged.ok ? paged.running : '')).toBe(stable(plain.ok ? plain.running : ''))
    },
  )

  test('a round trip costs about what the device takes, not more', async () => {
    const router = await startDevice({ responseMs: 50 })

    const outcome = await collectFrom(router)

    // Probe, two settings, one command for both facts, the configuration: five answers.
    expect(outcome.elapsedMs).toBeGreaterThan(5 * 50)
    expect(outcome.elapsedMs).toBeLessThan(5 * 50 + 500)
  })
})
