import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Channel } from '../../../shared/collect/channel.ts'
import { CollectFailure } from '../../../shared/collect/failure.ts'
import { Session } from '../../../shared/collect/session.ts'
import { ciscoIos } from '../../../shared/platforms/cisco_ios.ts'
import type { Platform } from '../../../shared/platforms/definition.ts'

type Scripted = Channel & { written: string[]; say(text: string | Uint8Array): void; hangUp(): void }

/** A device at the other end of the wire: `answer` says what it prints for each line that is typed. */
function scripted(
  greeting: string,
  answer: (line: string) => string,
  pieces: (text: string) => string[] = (text) => [text],
): Scripted {
  let listener: (chunk: Uint8Array) => void = () => undefined
  let closed: () => void = () => undefined
  const written: string[] = []
  const say = (text: string | Uint8Array): void => {
    const chunks =
      typeof text === 'string' ? pieces(text).map((piece) => new TextEncoder().encode(piece)) : [text]
    for (const chunk of chunks) setImmediate(() => listener(chunk))
  }
  return {
    written,
    say,
    hangUp: () => closed(),
    write: (text) => {
      written.push(text)
      for (const line of text.split('\n').slice(0, -1)) say(answer(line))
      if (!text.includes('\n')) say(answer(text))
    },
    onData: (given) => {
      listener = given
      say(greeting)
    },
    onClose: (given) => {
      closed = given
    },
    close: () => undefined,
  }
}

const limits = { idleMs: 300, startMs: 300, promptMs: 300, outputBytes: 100_000 }
const config = 'hostname core1\nbanner motd ^C\nécole\n^C\nend'
const prompt = 'core1#'

const answers: Record<string, string> = {
  '': `\r\n${prompt}`,
  'terminal length 0': `terminal length 0\r\n${prompt}`,
  'terminal width 0': `terminal width 0\r\n  ^\r\n% Invalid input detected\r\n${prompt}`,
  'show version': `show version\r\nVersion 17\r\n${prompt}`,
  'show running-config': `show running-config\r\n${config.replaceAll('\n', '\r\n')}\r\n\r\n${prompt}`,
}
const answer = (line: string): string => answers[line] ?? `${line}\r\n% Unknown command\r\n${prompt}`

const sessionOn = (channel: Channel, platform: Platform = ciscoIos) =>
  new Session(channel, { platform, limits, note: () => undefined })

/** What the session ended by. */
const failureOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'none'
  } catch (error) {
    return error instanceof CollectFailure ? error.category : `not a failure of ours: ${String(error)}`
  }
}

describe('a session', () => {
  test('reads the same configuration however the stream is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
        async (sizes) => {
          const cut = (text: string): string[] => {
            const parts: string[] = []
            for (let at = 0, turn = 0; at < text.length; turn += 1) {
              const size = sizes[turn % sizes.length] ?? 1
              parts.push(text.slice(at, at + size))
              at += size
            }
            return parts
          }
          const session = sessionOn(scripted(`Welcome\r\n${prompt}`, answer, cut))
          await session.open()
          expect(session.prompt).toBe(prompt)
          expect(await session.ask('show version')).toBe('Version 17\n')
          expect(await session.capture(ciscoIos.captures.running)).toBe(`${config}\n`)
        },
      ),
      { numRuns: 15 },
    )
  })

  test('reads Latin-1 where it is no UTF-8', async () => {
    const channel = scripted(prompt, (line) => (line === 'show running-config' ? '' : answer(line)))
    const session = sessionOn(channel)
    await session.open()
    const reading = session.capture(ciscoIos.captures.running)
    channel.say(
      Uint8Array.from(`show running-config\r\nbanner é\r\nend\r\n${prompt}`, (letter) =>
        letter.charCodeAt(0),
      ),
    )

    await expect(reading).resolves.toBe('banner é\nend\n')
  })

  test('works with a device that echoes nothing', async () => {
    const mute = (line: string): string => answer(line).slice(line.length)
    const session = sessionOn(scripted(prompt, mute))
    await session.open()

    await expect(session.capture(ciscoIos.captures.running)).resolves.toBe(`${config}\n`)
  })

  test('wakes a device that says nothing until Enter is pressed', async () => {
    const session = sessionOn(scripted('', answer))

    await expect(session.open()).resolves.toBeUndefined()
  })

  test('brings back a prompt that a log line was written over', async () => {
    const noisy = (line: string): string =>
      line === 'show version'
        ? `show version\r\nVersion 17\r\n${prompt}*Mar 1 00:00:01: %SYS-5-CONFIG_I: by console\r\n`
        : answer(line)
    const session = sessionOn(scripted(prompt, noisy))
    await session.open()

    await expect(session.ask('show version')).resolves.toContain('Version 17')
  })

  test('tries the next command where one is refused, and says which was', async () => {
    const old = (line: string): string =>
      line === 'show running-config'
        ? `${line}\r\n  ^\r\n% Invalid input detected\r\n${prompt}`
        : line === 'write terminal'
          ? `${line}\r\n${config}\r\n${prompt}`
          : answer(line)
    const session = sessionOn(scripted(prompt, old))
    await session.open()

    await expect(session.capture(ciscoIos.captures.running)).resolves.toBe(`${config}\n`)
  })

  test.each([
    ['no end', (text: string) => text.replace('\r\nend', ''), 'incomplete'],
    ['nothing in it', () => `show running-config\r\n${prompt}`, 'incomplete'],
    ['NUL bytes in it', (text: string) => text.replace('banner', '\0\0'), 'not_text'],
    ['more than the limit', () => `show running-config\r\n${'x\r\n'.repeat(50_000)}`, 'too_large'],
    ['a pause that never ends', () => 'show running-config\r\nhostname core1\r\n', 'timeout'],
    ['a prompt that only Enter brings', () => 'show running-config\r\nhostname core1\r\n', 'incomplete'],
  ])('does not believe a configuration with %s', async (_what, spoil, category) => {
    let stuck = false
    const spoiled = (line: string): string => {
      if (line === '' && stuck && category === 'timeout') return ''
      stuck = line === 'show running-config'
      return stuck ? spoil(answer(line)) : answer(line)
    }
    const session = sessionOn(scripted(prompt, spoiled))
    await session.open()

    expect(await failureOf(session.capture(ciscoIos.captures.running))).toBe(category)
    expect(session.alive).toBe(category === 'incomplete' || category === 'timeout')
  })

  test('ends at once when the device hangs up', async () => {
    const channel = scripted(prompt, (line) =>
      line === 'show running-config' ? 'show running-config\r\nhost' : answer(line),
    )
    const session = sessionOn(channel)
    await session.open()
    const reading = failureOf(session.capture(ciscoIos.captures.running))
    setTimeout(() => channel.hangUp(), 20)

    expect(await reading).toBe('connection_lost')
    expect(await failureOf(session.ask('show version'))).toBe('connection_lost')
  })
})
