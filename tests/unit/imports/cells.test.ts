import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guardFormula, joinList, splitList, unguardFormula } from '../../../shared/imports/cells.ts'

describe('cells that a spreadsheet would run', () => {
  test('are harmless in a file and come back as they were', () => {
    const text = fc
      .array(fc.constantFrom("'", '=', '+', '-', '@', '\t', 'a', '1', '＝'), { maxLength: 6 })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, (value) => {
        const written = guardFormula(value)

        expect(written).not.toMatch(/^[=+\-@\t\r＝＋－＠]/)
        expect(unguardFormula(written)).toBe(value)
      }),
    )
  })
})

describe('a list in one cell', () => {
  test('comes back with its members', () => {
    const member = fc
      .string({ minLength: 1, maxLength: 6 })
      .filter((text) => text.trim() === text && text !== '')
    fc.assert(
      fc.property(fc.array(member, { maxLength: 5 }), (members) => {
        expect(splitList(joinList(members))).toEqual(members)
      }),
    )
  })
})
