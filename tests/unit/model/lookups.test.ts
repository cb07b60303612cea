import { expect, test } from 'vitest'
import { macPartTest, type Lookup } from '../../../shared/model/lookups.ts'

const mac = '00:1B:44:11:3A:B7'

test.each<[Lookup, string, boolean]>([
  ['ic', '1b4411', true],
  ['ic', 'b4:41', true],
  ['ic', 'B44', true],
  ['ic', '1b-44-11', true],
  ['ic', '4b', false],
  ['isw', '001b.44', true],
  ['isw', '001', true],
  ['isw', '01b', false],
  ['iew', '3ab7', true],
  ['iew', 'ab7', true],
  ['iew', '1.3ab7', true],
  ['iew', '3ab', false],
  ['ie', '001b44113ab7', true],
  ['ie', '001b44113ab', false],
  ['nic', '1b44', false],
  ['nic', 'ffff', true],
  ['nisw', '001b', false],
])('%s %s', (lookup, part, expected) => {
  expect(macPartTest(lookup, [part])(mac)).toBe(expected)
})

test('no address is no match, of a negated lookup a match', () => {
  expect(macPartTest('ic', ['00'])(null)).toBe(false)
  expect(macPartTest('nic', ['00'])(null)).toBe(true)
})
