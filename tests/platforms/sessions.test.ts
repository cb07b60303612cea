import { readdirSync, readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { startReplay, type Transcript } from '../../local/lab/replay.ts'
import { clean } from '../../shared/collect/clean.ts'
import { collectDevice } from '../../shared/collect/collect-device.ts'
import { findPlatform } from '../../shared/platforms/platforms.ts'

/** Sessions written after the manuals, of platforms with manners of their own; `config` is what must come of them. */
type Session = Transcript & { config: string[] }

const folder = new URL('.', import.meta.url)
const sessions = readdirSync(folder).filter((file) => file.endsWith('#session.json'))

test.each(sessions)('%s gives its configuration whole', async (file) => {
  const session: Session = JSON.parse(readFileSync(new URL(encodeURIComponent(file), folder), 'utf8'))
  const platform = findPlatform(session.model)
  if (!platform) throw new Error(`${file} names no platform`)
  const replay = await startReplay(session, { logins: [{ username: 'netops', password: 'pw' }] })
  onTestFinished(() => replay.stop())

  const outcome = await collectDevice(
    {
      host: replay.host,
      port: replay.port,
      deviceType: platform.id,
      credentials: [{ id: 1, username: 'netops', password: 'pw' }],
      limits: { idleMs: 3000, startMs: 3000, promptMs: 3000 },
    },
    { now: () => new Date() },
  )

  expect(outcome).toMatchObject({
    ok: true,
    os: expect.stringMatching(/\d\.\d/),
    serial: expect.stringMatching(/serial|SN/i),
  })
  const running = outcome.ok ? outcome.running : ''
  expect(clean(platform, running).trimEnd().split('\n')).toEqual(session.config)
  expect(replay.unknown.filter((command) => !/^\/?(?:exit|quit|logout|y|n)$/.test(command))).toEqual([])
})
