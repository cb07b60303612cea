import { describe, expect, test } from 'vitest'
import { answerIn, isText, onlyPrompts, refusalIn, showsEcho } from '../../../shared/collect/answer.ts'
import { wholenessOf } from '../../../shared/collect/completeness.ts'

const prompt = 'core1#'
const isPrompt = (line: string): boolean => line === prompt
const command = 'show running-config'

describe('the echo of a command', () => {
  test.each([
    ['as typed', 'show running-config\nconfig'],
    ['behind the prompt', 'core1#show running-config\nconfig'],
    ['with doubled blanks', 'show  running-config\nconfig'],
    ['wrapped over two lines', 'core1#show runn\ning-config\nconfig'],
    ['behind a stale prompt', '\ncore1#\ncore1#show running-config\nconfig'],
  ])('is found and left out when it comes %s', (_how, shown) => {
    expect(showsEcho(shown, command)).toBe(true)
    expect(answerIn(`${shown}\n${prompt}`, command, isPrompt)).toBe('config\n')
  })

  test('is not needed: an answer without one stays whole', () => {
    expect(answerIn(`config\nend\n\n${prompt}`, command, isPrompt)).toBe('config\nend\n')
  })

  test('in the middle of a configuration is no echo', () => {
    const shown = `${command}\nalias exec sr\n${command}\nend\n${prompt}`

    expect(answerIn(shown, command, isPrompt)).toBe(`alias exec sr\n${command}\nend\n`)
  })
})

describe('prompts at the end', () => {
  test('go, however many probes left them; the same line further up stays', () => {
    expect(answerIn(`${command}\nbanner\ncore1#\nend\n\ncore1#\n\ncore1#`, command, isPrompt)).toBe(
      'banner\ncore1#\nend\n',
    )
  })

  test.each([
    ['\ncore1#', true],
    ['\n\ncore1#\ncore1#', true],
    ['\n', false],
    ['', false],
    ['\nvlan 10\ncore1#', false],
  ])('%o is a device at rest: %s', (shown, expected) => {
    expect(onlyPrompts(shown, isPrompt)).toBe(expected)
  })
})

describe('a refusal', () => {
  const rejections = [/^% Invalid input/, /authorization failed/]

  test.each([
    ['     ^\n% Invalid input detected\n', '% Invalid input detected'],
    ['Command authorization failed.\n', undefined],
    ['Command authorization failed\n', 'Command authorization failed'],
    [`${'line\n'.repeat(30)}% Invalid input\n`, undefined],
    ['hostname x\n', undefined],
  ])('in %j is %o', (answer, expected) => {
    expect(refusalIn(answer, rejections)).toBe(
      expected ?? (answer.includes('failed.') ? 'Command authorization failed.' : undefined),
    )
  })
})

describe('text', () => {
  test.each([
    ['a configuration', 'hostname x\n\tbanner ^C é ü\n', true],
    [
      'a banner with its delimiter as a control character',
      `banner motd \x03\n${'hello '.repeat(40)}\x03\n`,
      true,
    ],
    [
      'bytes of every value',
      Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join(''),
      false,
    ],
  ])('%s: %s', (_what, text, expected) => {
    expect(isText(text)).toBe(expected)
  })
})

describe('a configuration is whole', () => {
  test.each([
    ['with its last line', 'a\nend\n', { lastLine: /^end$/ }, 'ended'],
    ['not with that line in its middle', 'end\na\n', { lastLine: /^end$/ }, 'open'],
    ['with braces that close', 'a {\n b {\n }\n}\n', { balanced: '{}', blocks: 1 }, 'ended'],
    [
      'with braces in strings and comments',
      'a {\n x "}{{"; # }\n /* } */\n}\n',
      { balanced: '{}', blocks: 1 },
      'ended',
    ],
    ['not with a brace left open', 'a {\n b {\n }\n', { balanced: '{}', blocks: 1 }, 'open'],
    ['not with a brace too many', 'a {\n}\n}\n', { balanced: '{}', blocks: 1 }, 'open'],
    ['not without a block', 'error\n', { balanced: '{}', blocks: 1 }, 'open'],
    ['perhaps with the lines that all have', 'version 1\nx\n', { contains: [/^version \d/] }, 'plausible'],
    ['not without one of them', 'version 1\n', { contains: [/^version \d/, /^hostname /] }, 'open'],
  ] as const)('%s', (_what, answer, complete, expected) => {
    expect(wholenessOf(answer, complete)).toBe(expected)
  })
})
