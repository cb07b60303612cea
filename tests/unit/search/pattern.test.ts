import { array, assert, asyncProperty, boolean, constantFrom, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPattern } from '../../../shared/backups/search/pattern.ts'

const read = (q: string, regex = false, caseSensitive = true) => readPattern({ q, regex, caseSensitive })

describe('a bad expression', () => {
  test.each([
    ['(abc', 'missing closing ): "(abc" at character 1'],
    ['vlan **', 'invalid nested repetition operator: "**" at character 6'],
    ['x(?=y)', 'invalid or unsupported Perl syntax: "(?=" at character 2'],
    ['a{1001}', 'invalid repeat count: "{1001}" at character 2'],
    ['[z-a]', 'invalid character class range: "z-a" at character 2'],
  ])('%s is refused, saying what and where', async (q, says) => {
    for (const caseSensitive of [true, false])
      await expect(read(q, true, caseSensitive)).rejects.toMatchObject({
        code: 'validation_failed',
        issues: [{ path: 'q', message: expect.stringContaining(says) }],
      })
  })
})

/** Small alphabets, so that matches are frequent. */
const line = string({ unit: constantFrom('a', 'B', 'b', '1', ' ', '.', 'ß', '東', '🛰'), maxLength: 12 })
const literal = string({ unit: constantFrom('a', 'b', '1', '.', '東', '🛰'), minLength: 1, maxLength: 3 })
const expression = array(
  constantFrom('a', 'b', '1', '.', '[ab]', '(a|b)', 'b+', 'a*', '1?', '\\.', '\\d', '^', '$', '東', '.{2}'),
  { minLength: 1, maxLength: 5 },
).map((parts) => parts.join(''))

describe('what a pattern finds in a line', () => {
  test('is what JavaScript finds, for text', async () => {
    await assert(
      asyncProperty(line, literal, boolean(), async (text, q, caseSensitive) => {
        const pattern = await read(q, false, caseSensitive)

        const wanted = new RegExp(RegExp.escape(q), caseSensitive ? 'gu' : 'giu')
        const spans = [...text.matchAll(wanted)].map(({ 0: found, index }) => [index, index + found.length])
        expect(pattern.spans(text)).toEqual(spans)
        expect(pattern.test(text)).toBe(spans.length > 0)
        expect(pattern.next?.(text, 0)).toBe(spans[0]?.[0] ?? -1)
      }),
      { numRuns: 1000 },
    )
  })

  test('is what JavaScript finds, for expressions that both know', async () => {
    await assert(
      asyncProperty(line, expression, boolean(), async (text, q, caseSensitive) => {
        // `a**` and the like are an error in both.
        const wanted = compiled(q, caseSensitive)
        const pattern = await read(q, true, caseSensitive).catch(() => undefined)

        expect(pattern === undefined).toBe(wanted === undefined)
        if (pattern === undefined || wanted === undefined) return
        const spans = [...text.matchAll(wanted)].map(({ 0: found, index }) => [index, index + found.length])
        expect(pattern.test(text)).toBe(spans.length > 0)
        expect(pattern.spans(text)).toEqual(spans.filter(([start = 0, end = 0]) => end > start))
      }),
      { numRuns: 3000 },
    )
  })

  test('is found in linear time by an expression that keeps a backtracking engine busy for ages', async () => {
    const text = `${'a'.repeat(60_000)}!`
    const answers = ['(a+)+$', '(a|aa)+$', '(a*)*b', '([a-z]+)*=', '(.*)(.*)(.*)(.*)(.*)z'].map(async (q) =>
      (await read(q, true)).test(text),
    )

    expect(await Promise.all(answers)).toEqual([false, false, false, false, false])
  })
})

function compiled(q: string, caseSensitive: boolean): RegExp | undefined {
  try {
    return new RegExp(q, caseSensitive ? 'gu' : 'giu')
  } catch {
    return undefined
  }
}
