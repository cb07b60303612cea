import { expect, test } from 'vitest'
import { type DiffLine, linesOfBoth, linesOfSide } from '../../web/src/diff-lines.ts'
import type { Diff } from '../../web/src/types.ts'

type Row = Diff['hunks'][number][number]
const line = (number: number | null, text: string, insignificant = false) => ({ number, text, insignificant })
const row = (kind: Row['kind'], left: Row['left'], right: Row['right'], volatile = false): Row => ({
  kind,
  left,
  right,
  volatile,
})

const hunks: Diff['hunks'] = [
  [
    row('same', line(1, 'hostname a'), line(1, 'hostname a')),
    row('changed', line(2, 'vlan 10 red'), line(2, 'vlan 20 red')),
    row('changed', line(3, 'alpha'), line(3, 'omega')),
    row('added', null, line(4, 'ntp 1', true)),
    row('same', line(4, 'end'), line(5, 'end')),
  ],
  [row('same', line(null, 'at 09:00'), line(null, 'at 10:00'), true)],
]

const written = ({ kind, numbers, mark, pieces }: DiffLine): string => {
  const text = pieces.map((piece) => (piece.isChanged ? `[${piece.text}]` : piece.text)).join('')
  return [kind, ...numbers.map((one) => one ?? '-'), mark.trim(), text]
    .join(' ')
    .replaceAll(/ +/g, ' ')
    .trim()
}

test('two columns have as many lines, with the words that differ marked', () => {
  expect(linesOfSide(hunks, 'left').map(written)).toEqual([
    'same 1 hostname a',
    'removed 2 vlan [10] red',
    'removed 3 alpha',
    'none -',
    'same 4 end',
    'gap -',
    'same - · at 09:00',
  ])
  expect(linesOfSide(hunks, 'right').map(written)).toEqual([
    'same 1 hostname a',
    'added 2 vlan [20] red',
    'added 3 omega',
    'added 4 ~ ntp 1',
    'same 5 end',
    'gap -',
    'same - · at 10:00',
  ])
})

test('in one column what went stands before what came, each with the number of its side', () => {
  expect(linesOfBoth(hunks).map(written)).toEqual([
    'same 1 1 hostname a',
    'removed 2 - vlan [10] red',
    'removed 3 - alpha',
    'added - 2 vlan [20] red',
    'added - 3 omega',
    'added - 4 ~ ntp 1',
    'same 4 5 end',
    'gap - -',
    'same - - · at 10:00',
  ])
})

test('lines too long to tell words apart are shown whole', () => {
  const [long] = linesOfSide([[row('changed', line(1, `a ${'x'.repeat(2000)}`), line(1, 'a y'))]], 'right')

  expect(long?.pieces).toEqual([{ text: 'a y', isChanged: false }])
})
