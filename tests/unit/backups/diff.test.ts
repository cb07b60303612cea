import { applyPatch } from 'diff'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffConfigs, hunksOf, unifiedDiff } from '../../../shared/backups/versions/diff.ts'

const names = { left: 'ams/sw1.cfg\t2026-11-01', right: 'ams/sw1.cfg\t2026-11-02' }
const plain = (text: string) => ({ text, volatile: [] })
const text = (lines: readonly string[]): string => (lines.length === 0 ? '' : `${lines.join('\n')}\n`)

const config = fc.array(
  fc.constantFrom('!', 'interface e1', ' mtu 9000', ' no shutdown', 'end', 'ntp server 192.0.2.1'),
  {
    maxLength: 30,
  },
)

describe('a diff of two configurations', () => {
  test('turns the left one into the right one, whatever they hold', () => {
    fc.assert(
      fc.property(config, config, fc.nat({ max: 4 }), (a, b, context) => {
        const { rows } = diffConfigs(plain(text(a)), plain(text(b)))

        const unified = unifiedDiff(names, rows, context)

        expect(applyPatch(text(a), unified)).toBe(text(b))
        expect(rows.flatMap(({ left }) => (left === null ? [] : [left.text]))).toEqual(a)
        expect(rows.flatMap(({ right }) => (right === null ? [] : [right.text]))).toEqual(b)
      }),
      { numRuns: 300 },
    )
  })

  test('says nothing where nothing differs', () => {
    const { added, removed, rows } = diffConfigs(plain('a\nb\n'), plain('a\nb\n'))

    expect([added, removed, unifiedDiff(names, rows, 3), hunksOf(rows, 3)]).toEqual([0, 0, '', []])
  })

  test('puts a line that went beside the one that came', () => {
    const { rows, added, removed } = diffConfigs(plain('a\nold\nz\n'), plain('a\nnew\nmore\nz\n'))

    expect([added, removed]).toEqual([2, 1])
    expect(rows.map(({ kind, left, right }) => [kind, left?.text, right?.text])).toEqual([
      ['same', 'a', 'a'],
      ['changed', 'old', 'new'],
      ['added', undefined, 'more'],
      ['same', 'z', 'z'],
    ])
  })

  test('marks lines that change by themselves and does not count them', () => {
    const left = { text: 'a\nb\n', volatile: [{ after: 1, line: '! Last change at 08:00' }] }
    const right = { text: 'a\nc\n', volatile: [{ after: 1, line: '! Last change at 09:30' }] }

    const { rows, added, removed } = diffConfigs(left, right)

    expect([added, removed]).toEqual([1, 1])
    expect(rows.find(({ volatile }) => volatile)).toMatchObject({
      kind: 'same',
      left: { number: null, text: '! Last change at 08:00' },
      right: { number: null, text: '! Last change at 09:30' },
    })
    expect(unifiedDiff(names, rows, 3)).not.toContain('Last change')
  })

  test('shows as many lines around a change as are asked for', () => {
    const before = Array.from({ length: 100 }, (_, index) => `line ${index}`)
    const after = before.map((line, index) => (index === 20 || index === 80 ? `${line} changed` : line))

    const { rows } = diffConfigs(plain(text(before)), plain(text(after)))
    const unified = unifiedDiff(names, rows, 2)

    expect(hunksOf(rows, 2).map((hunk) => hunk.length)).toEqual([5, 5])
    expect(unified.match(/^@@.*@@$/gm)).toEqual(['@@ -19,5 +19,5 @@', '@@ -79,5 +79,5 @@'])
  })
})
