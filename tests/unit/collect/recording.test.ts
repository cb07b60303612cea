import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Channel } from '../../../shared/collect/channel.ts'
import { Masker } from '../../../shared/collect/recording/mask.ts'
import { sessionRecorder } from '../../../shared/collect/recording/recorder.ts'
import { redact, secretSpans } from '../../../shared/collect/redact.ts'
import { renderTerminal, renderWithOrigins } from '../../../shared/collect/terminal.ts'
import type { Platform } from '../../../shared/platforms/definition.ts'
import { ciscoIos } from '../../../shared/platforms/cisco_ios.ts'

const about = {
  deviceType: 'cisco_ios',
  transport: 'ssh',
  server: '',
  username: 'netops',
  enableSecret: false,
} as const

/** A terminal whose other side is the test. */
function wire(bytesMax?: number) {
  let tick = 0
  const recorder = sessionRecorder({
    now: () => new Date(1000 + tick),
    ...(bytesMax === undefined ? {} : { bytesMax }),
  })
  let hear: (chunk: Uint8Array) => void = () => undefined
  let hangUp: () => void = () => undefined
  const channel: Channel = {
    write: () => undefined,
    onData: (listener) => (hear = listener),
    onClose: (listener) => (hangUp = listener),
    close: () => hangUp(),
  }
  const terminal = recorder.listenIn({ channel, close: async () => hangUp() }, about)
  terminal.channel.onData(() => undefined)
  terminal.channel.onClose(() => undefined)
  return {
    terminal,
    session: () => recorder.sessions()[0],
    say: (bytes: string | Uint8Array, at: number) => {
      tick = at
      hear(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
    },
    type: (text: string, at: number) => {
      tick = at
      terminal.channel.write(text)
    },
    hangUp: () => hangUp(),
  }
}

describe('the recorder', () => {
  test('puts what came behind what was typed, with the milliseconds of both', () => {
    const { say, type, session } = wire()

    say('hello\r\n', 1)
    say('r1>', 2)
    type('show\n', 5)
    say('sho', 8)
    say('w\r\nr1>', 9)

    expect(session()).toMatchObject({
      greeting: 'hello\r\nr1>',
      exchanges: [{ send: 'show\n', receive: 'show\r\nr1>', at: 5, until: 9 }],
      encoding: 'utf8',
      closed: false,
      cut: 0,
    })
  })

  test('keeps characters that were cut in two, and bytes that are none', () => {
    const [whole, bytes] = [wire(), wire()]

    for (const byte of Buffer.from('Zürich')) whole.say(Uint8Array.of(byte), 1)
    bytes.say(Uint8Array.of(0x5a, 0xfc, 0x72), 1)

    expect(whole.session()).toMatchObject({ greeting: 'Zürich', encoding: 'utf8' })
    expect(bytes.session()).toMatchObject({ greeting: 'Z\u00fcr', encoding: 'latin1' })
  })

  test('is bounded, and counts what it does not keep', () => {
    const { say, session } = wire(10)

    say('12345678', 1)
    say('9012345', 2)

    expect(session()).toMatchObject({ greeting: '1234567890', cut: 5 })
  })

  test('tells whether it was the device that hung up', async () => {
    const [left, broken] = [wire(), wire()]

    await left.terminal.close()
    broken.hangUp()

    expect([left.session()?.closed, broken.session()?.closed]).toEqual([false, true])
  })
})

describe('the mask of a secret', () => {
  const maskAll = (known: string[], parts: string[], platform: Platform = ciscoIos) => {
    const masker = new Masker(known)
    const session = { parts, sent: parts.map(() => ''), platforms: [platform] }
    masker.maskSessions([session])
    return { shown: session.parts, masker }
  }

  test.each([
    ['wrapped by a terminal', 'x corr\r\nect-horse y', 'x masked-1 y'],
    ['with sequences within', 'x cor\x1b[0mrect\x1b[K-horse y', 'x masked-1 y'],
    ['inside a word', 'xcorrect-horsey', 'xmasked-1y'],
    ['twice', 'correct-horse correct-horse', 'masked-1 masked-1'],
  ])('covers a password of a credential %s', (_, text, shown) => {
    expect(maskAll(['correct-horse'], [text]).shown).toEqual([shown])
  })

  test('covers a password in messages and in what is typed, and leaves the rest of both', () => {
    const masker = new Masker(['correct-horse'])
    const session = { parts: ['Password: ', '\r\nr1>'], sent: ['correct-horse\n'], platforms: [ciscoIos] }

    masker.maskSessions([session])

    expect(session).toMatchObject({ parts: ['Password: ', '\r\nr1>'], sent: ['masked-1\n'] })
    expect(masker.maskText([ciscoIos], 'refused: correct-horse.')).toBe('refused: masked-1.')
  })

  test('covers a password that comes in two answers, and says it once', () => {
    expect(maskAll(['correct-horse'], ['x correct', '-hor', 'se y']).shown).toEqual(['x masked-1', '', ' y'])
  })

  test('covers a short password where it is a word, and leaves other words whole', () => {
    expect(maskAll(['lab'], ['label lab\r\nlab>']).shown).toEqual(['label masked-1\r\nmasked-1>'])
  })

  test('has one number for one secret, and others for others', () => {
    const lines =
      'username a secret 5 $1$abcd$efghijkl\r\nusername b secret 5 $1$abcd$efghijkl\r\nsnmp-server community c0mm RO\r\n'

    expect(maskAll([], [lines]).shown[0]?.match(/masked-\d/g)).toEqual(['masked-1', 'masked-1', 'masked-2'])
  })

  test('covers a short secret in its line, and leaves the word elsewhere', () => {
    const { shown } = maskAll([], ['hostname lab\r\nsnmp-server community lab RO\r\n'])

    expect(shown).toEqual(['hostname lab\r\nsnmp-server community masked-1 RO\r\n'])
  })

  test('covers a private key line by line, and leaves what tells that it is one', () => {
    const key =
      '-----BEGIN RSA PRIVATE KEY-----\r\nMIIabcdefghijklm\r\nnopqrstuvwxyz012\r\n-----END RSA PRIVATE KEY-----'

    const { shown } = maskAll([], [key])

    expect(shown).toEqual([
      '-----BEGIN RSA PRIVATE KEY-----\r\nmasked-1\r\nmasked-2\r\n-----END RSA PRIVATE KEY-----',
    ])
    expect(redact(ciscoIos, renderTerminal(shown[0] ?? ''), 'key').secrets).toBe(1)
  })

  test.each([
    ['that breaks off', '-----BEGIN PRIVATE KEY-----\r\nMIIabcdefghijklm\r\nnopq', 'masked-2'],
    [
      'that a pager cuts which nobody knows',
      '-----BEGIN PRIVATE KEY-----\r\nMIIabcdefghijklm\r\n<--- press a key --->\r\nnopq\r\n-----END PRIVATE KEY-----\r\nr1#',
      'masked-3\r\n-----END PRIVATE KEY-----\r\nr1#',
    ],
  ])('covers a private key %s', (_, text, end) => {
    const { shown } = maskAll([], [text])

    expect(shown[0]).not.toMatch(/MIIabc|nopq/)
    expect(shown[0]).toMatch(/^-----BEGIN PRIVATE KEY-----\r\nmasked-1\r\n/)
    expect(shown[0]?.endsWith(end)).toBe(true)
  })

  test('covers what a message quotes of a line from within a secret on', () => {
    const { masker } = maskAll(['correct-horse'], ['hello'])

    expect(masker.maskText([ciscoIos], 'the last line was "ct-horse and more"')).toBe(
      'the last line was "masked-1 and more"',
    )
  })

  test('covers what a message quotes', () => {
    const { masker } = maskAll(['correct-horse'], ['username a password abcdefgh1\r\n'])

    const said = masker.maskText([ciscoIos], 'refused: abcdefgh1, correct-horse, snmp-server community c0mm')

    expect(said).toMatch(/^refused: masked-\d, masked-\d, snmp-server community masked-\d$/)
  })

  test('of an answer that shows a new secret after each is the whole answer', () => {
    const platform = { ...ciscoIos, secrets: [/^eel (?:<secret:\w+> )*(?<secret>[a-z]+)\b/] }

    const { shown, masker } = maskAll([], ['hello\r\n', 'eel a b c d e f g h\r\n', 'bye'], platform)

    expect(shown).toEqual(['hello\r\n', '', 'bye'])
    expect(masker.withheld).toBe(1)
  })
})

test('the places of a drawn text are those of its bytes', () => {
  const piece = fc.constantFrom(
    'abc',
    ' ',
    '\r',
    '\n',
    '\r\n',
    '\b',
    '\x1b[K',
    '\x1b[3D',
    '\x1b[5G',
    '\x1bE',
    'é',
    '\x07',
  )

  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const bytes = pieces.join('')
      const { text, origins } = renderWithOrigins(bytes)

      expect(text).toBe(renderTerminal(bytes))
      expect(origins.length).toBe(text.length)
      const isAtItsPlace = (character: string, at: number): boolean =>
        /\s/.test(character) || bytes[origins[at] ?? -1] === character
      expect(Array.from({ length: text.length }, (_, at) => isAtItsPlace(text[at] ?? '', at))).not.toContain(
        false,
      )
    }),
  )
})

test('the places of secrets are those that are redacted, also where one pattern takes what another left', () => {
  const text = 'username a secret 5 $1$abcd$efghijkl\nenable password 7 104D000A061843\nhostname r1\n'

  const spans = secretSpans(ciscoIos, text)

  expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual([
    '$1$abcd$efghijkl',
    '104D000A061843',
  ])
})
