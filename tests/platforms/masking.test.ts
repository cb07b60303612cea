import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clean } from '../../shared/collect/clean.ts'
import { recordingOf, type Recording } from '../../shared/collect/recording/recording.ts'
import type { RecordedSession } from '../../shared/collect/recording/recorder.ts'
import { redact, redactAgain } from '../../shared/collect/redact.ts'
import { renderTerminal } from '../../shared/collect/terminal.ts'
import { findPlatform } from '../../shared/platforms/platforms.ts'

/** Lines of configurations with their secrets. */
type Lines = { secret: [text: string, secret: string | string[]][] }

const folder = new URL('.', import.meta.url)
const corpus = readdirSync(folder)
  .filter((file) => file.endsWith('secrets.json'))
  .map((file) => {
    const platform = findPlatform(file.split('#')[0] ?? '')
    if (!platform) throw new Error(`${file} names no platform`)
    const { secret }: Lines = JSON.parse(readFileSync(new URL(encodeURIComponent(file), folder), 'utf8'))
    return { file, platform, secret }
  })

/** What a terminal takes and does not show, in the middle of a word too. */
const unseen = ['\x1b[0m', '\x1b[K', '\x07', '_\b', '\0']
const pager = '--More--'
const wiped = '\b'.repeat(8) + ' '.repeat(8) + '\b'.repeat(8)

type Shown = {
  /** Lines of a page. */
  page: number
  /** After so many characters comes something that is not shown. */
  every: number
  unseen: string
}

function sessionOf(
  deviceType: string,
  text: string,
  { page, every, unseen: control }: Shown,
): RecordedSession {
  const lines = text
    .split('\n')
    .map((line) => line.replace(new RegExp(`.{${every}}(?=.)`, 'gu'), `$&${control}`))
  const pages: string[] = []
  for (let at = 0; at < lines.length; at += page) pages.push(lines.slice(at, at + page).join('\r\n'))
  const exchanges = pages.map((shown, index) => ({
    send: index === 0 ? 'show all\n' : ' ',
    receive: `${index === 0 ? 'show all\r\n' : wiped}${shown}\r\n${index === pages.length - 1 ? 'core1#' : pager}`,
    at: index,
    until: index,
  }))
  const about = { deviceType, transport: 'ssh', server: '', username: 'netops', enableSecret: false } as const
  return { about, at: '', encoding: 'utf8', greeting: 'core1#', exchanges, closed: false, cut: 0 }
}

function recordingFrom(session: RecordedSession, running: string, password = 'correct-horse-1'): Recording {
  const { deviceType } = session.about
  const outcome = {
    ok: true,
    running,
    facts: {},
    factLines: {},
    attempts: [],
    events: [],
    elapsedMs: 1,
  } as const
  const request = { host: 'h', deviceType, credentials: [{ id: 1, username: 'netops', password }] }
  return recordingOf({
    request,
    outcome: { ...outcome, attempts: [], events: [] },
    sessions: [session],
    device: 'core1',
    at: new Date(0),
  })
}

/** All that a reader of the file sees: as it stands there, as a terminal shows it, and without control characters. */
const readings = (file: Recording): string[] => {
  const bytes = file.greeting + file.exchanges.map(({ receive }) => receive).join('')
  const rest = JSON.stringify({ ...file, exchanges: file.exchanges.map(({ send }) => send) })
  return [
    bytes,
    renderTerminal(bytes),
    bytes.replaceAll(/\x1b\[[0-9;]*[A-Za-z]|[^\x20-\x7e\n]|_\x08/g, ''),
    rest,
  ]
}

describe('the secrets of a recorded configuration', () => {
  test.each(corpus)(
    '$file: none survives in the file, however the terminal showed it',
    ({ platform, secret }) => {
      const text = secret.map(([line]) => line).join('\n!\n')
      const secrets = secret.flatMap(([, known]) => [known].flat())
      const shown = fc.record({
        page: fc.integer({ min: 1, max: 40 }),
        every: fc.integer({ min: 2, max: 60 }),
        unseen: fc.constantFrom('', ...unseen),
      })

      fc.assert(
        fc.property(shown, (how) => {
          const file = recordingFrom(sessionOf(platform.id, text, how), text)

          const seen = readings(file)
          expect(secrets.filter((one) => seen.some((reading) => reading.includes(one)))).toEqual([])
          expect(file.recorded.withheld).toBe(0)
        }),
        { numRuns: 3 },
      )
    },
  )

  test.each(corpus)(
    '$file: what is masked is what is redacted, and nothing beside it',
    ({ platform, secret }) => {
      const others = secret.flatMap(([text]) => {
        const plain = { page: 24, every: 1000, unseen: '' }
        const config = recordingFrom(sessionOf(platform.id, text, plain), text).config?.join('\n') ?? ''

        // A secret of several lines is masked line by line.
        const shown = config.replaceAll(/\bmasked-\d+(?:\n *masked-\d+)*/g, '…')
        const { text: redacted } = redact(platform, clean(platform, text), 'key')
        const tagged = redacted.trimEnd().replaceAll(/<secret:\w+>/g, '…')
        const isSame = shown === tagged || /BEGIN .*(?:PRIVATE|Static)/.test(text)
        return isSame && redactAgain(platform, redacted) === redacted ? [] : [{ shown, tagged }]
      })

      expect(others).toEqual([])
    },
  )
})

test('a password of a credential is masked as its bytes too, where a session is no UTF-8', () => {
  const password = 'grüezi-mitenand'
  const bytes = `banner \u00fc ${Buffer.from(password).toString('latin1')} ${password}`
  const session = {
    ...sessionOf('cisco_ios', 'hostname r1', { page: 9, every: 99, unseen: '' }),
    greeting: bytes,
  }

  const file = recordingFrom({ ...session, encoding: 'latin1' }, 'hostname r1', password)

  expect(file.greeting).toMatch(/^banner \u00fc masked-\d masked-\d$/)
  expect(file.encoding).toBe('latin1')
})
