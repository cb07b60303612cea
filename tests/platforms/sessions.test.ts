import { readdirSync, readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { startReplay, type Transcript } from '../../local/lab/replay.ts'
import { clean } from '../../shared/collect/clean.ts'
import { collectDevice } from '../../shared/collect/collect-device.ts'
import type { Recording } from '../../shared/collect/recording/recording.ts'
import { findPlatform } from '../../shared/platforms/platforms.ts'

/**
 * Sessions of platforms with manners of their own, written after the manuals or recorded (docs/recordings.md); `config`
 * is what must come of them.
 */
type Session = (Transcript & { config: string[] }) | Recording

const folder = new URL('.', import.meta.url)
const sessions = readdirSync(folder).filter((file) => file.endsWith('#session.json'))

test.each(sessions)('%s gives its configuration whole', async (file) => {
  const session: Session = JSON.parse(readFileSync(new URL(encodeURIComponent(file), folder), 'utf8'))
  const platform = findPlatform(session.model)
  if (!platform) throw new Error(`${file} names no platform`)
  if (session.config === undefined && 'outcome' in session) throw new Error(unfinished(file, session))
  const { username, enableSecret, transport } = loginOf(session)
  const logins = [{ username: username + (platform.usernameSuffix ?? ''), password: 'pw' }]
  const replay = await startReplay(session, { logins })
  onTestFinished(() => replay.stop())

  const outcome = await collectDevice(
    {
      host: replay.host,
      port: replay.port,
      deviceType: platform.id + (transport === 'telnet' ? '_telnet' : ''),
      credentials: [{ id: 1, username, password: 'pw', ...(enableSecret ? { enableSecret: 'pw' } : {}) }],
      limits: { idleMs: 3000, startMs: 3000, promptMs: 3000 },
    },
    { now: () => new Date() },
  )

  expect(outcome).toMatchObject({ ok: true, ...expectedOf(session) })
  const running = outcome.ok ? outcome.running : ''
  expect(clean(platform, running).trimEnd().split('\n')).toEqual(session.config)
  expect(replay.unknown.filter((command) => !/^\/?(?:exit|quit|logout|y|n)$/.test(command))).toEqual([])
})

test('a recording without a configuration says what is to be written', () => {
  const failed = { ok: false, category: 'incomplete', detail: 'no end' } as const

  expect(unfinished('x#y#session.json', { outcome: failed })).toBe(
    'x#y#session.json: the recording ended with `incomplete` (no end): write the configuration you expect in `config`',
  )
})

function unfinished(file: string, { outcome }: Pick<Recording, 'outcome'>): string {
  const end = outcome.ok ? 'holds no configuration' : `ended with \`${outcome.category}\` (${outcome.detail})`
  return `${file}: the recording ${end}: write the configuration you expect in \`config\``
}

const loginOf = (session: Session): Pick<Recording['recorded'], 'username' | 'enableSecret' | 'transport'> =>
  'recorded' in session ? session.recorded : { username: 'netops', enableSecret: false, transport: 'ssh' }

/** A recording tells what was read; of what was written by hand no more is known than that there must be something. */
const expectedOf = (session: Session): Record<string, unknown> =>
  'recorded' in session
    ? session.facts === undefined
      ? {}
      : { facts: session.facts }
    : { os: expect.stringMatching(/\d\.\d/), serial: expect.stringMatching(/serial|SN/i) }
