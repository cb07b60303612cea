import { describe, expect, test } from 'vitest'
import { renderTerminal } from '../../../shared/collect/terminal.ts'

const shown: [what: string, sent: string, seen: string][] = [
  ['plain lines as they are', 'one\ntwo  \n\tthree', 'one\ntwo  \n\tthree'],
  ['carriage returns at the end of lines', 'one\r\ntwo\r\r\nthree', 'one\ntwo\nthree'],
  ['a line written over itself', 'abcdef\rABC', 'ABCdef'],
  ['backspaces of a corrected word', 'shwo\b\bow version', 'show version'],
  ['a pager erased by blanks', '--More-- \r         \rnext', 'next'],
  ['a pager erased by backspaces', '--More--\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\bexit', 'exit'],
  [
    'a pager erased by cursor moves',
    `  ---- More ----\x1b[42D${' '.repeat(42)}\x1b[42Dinterface`,
    'interface',
  ],
  ['a pager erased to the end of the line', '-- MORE --\r\x1b[Knext', 'next'],
  ['colours', '\x1b[1;32mup\x1b[0m \x1b[mdown', 'up down'],
  ['keypad modes and bracketed paste', '\x1b[?1h\x1b=\x1b[?2004hVyOS\x1b[?1l\x1b>', 'VyOS'],
  ['a window title', '\x1b]0;router\x07core1#', 'core1#'],
  ['a prompt drawn on a screen row', '\x1b[24;1HHP# \x1b[24;5H\x1b[?25h', 'HP#'],
  ['next-line escapes as line ends', 'one\x1bEtwo', 'one\ntwo'],
  ['tabs inside a drawn line', 'a\tb\x07', 'a\tb'],
]

describe('a terminal shows', () => {
  test.each(shown)('%s', (_what, sent, seen) => {
    expect(renderTerminal(sent)).toBe(seen)
  })

  test('what it shows does not change when it is shown again', () => {
    for (const [, sent] of shown) {
      const once = renderTerminal(sent)
      expect(renderTerminal(once)).toBe(once)
    }
  })

  test('a cursor sent far away costs no memory, and a megabyte of backspaces no minutes', () => {
    const startedAt = performance.now()

    const far = renderTerminal('\x1b[999999999Cx')
    const long = renderTerminal(`${'a'.repeat(500_000)}${'\b'.repeat(250_000)}${'x\b'.repeat(250_000)}`)

    expect(far.length).toBeLessThanOrEqual(4097)
    expect(long).toHaveLength(500_000)
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })
})
