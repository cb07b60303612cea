import { describe, expect, test } from 'vitest'
import { defineModel } from '../../../shared/model/define.ts'
import { object, text } from '../../../shared/model/fields.ts'
import { parseInput } from '../../../shared/model/input.ts'

const note = defineModel({
  name: 'test.note',
  path: 'notes',
  label: 'Note',
  labelPlural: 'Notes',
  fields: {
    name: text({}),
    subject: object(['dcim.device', 'dcim.site'], {}),
    other: object('any', { optional: true }),
  },
  search: [],
  columns: [],
})

const id = 'subject_id'
const type = 'subject_type'

describe('a reference to one of several models', () => {
  test.each([
    ['a type and an id', { [type]: 'dcim.site', [id]: 7 }, { type: 'dcim.site', id: 7 }],
    ['digits', { [type]: 'dcim.device', [id]: '7' }, { type: 'dcim.device', id: 7 }],
    [
      'the object as it was shown beside them',
      { [type]: 'dcim.site', [id]: 7, subject: { id: 7 } },
      { type: 'dcim.site', id: 7 },
    ],
  ])('is given by %s', (_, given, subject) => {
    const { values, issues } = parseInput(note, { name: 'x', ...given }, 'create')

    expect(issues).toEqual([])
    expect(values['subject']).toEqual(subject)
  })

  test.each([
    ['nothing', {}, id],
    ['null', { [type]: null, [id]: null }, id],
    ['an id alone', { [id]: 7 }, type],
    ['a type alone', { [type]: 'dcim.site' }, id],
    ['a model that it may not name', { [type]: 'dcim.rack', [id]: 7 }, type],
  ])('is refused for %s, naming what is missing', (_, given, path) => {
    const { issues } = parseInput(note, { name: 'x', ...given }, 'create')

    expect(issues.map((issue) => issue.path)).toEqual([path])
  })

  test('is left alone by a change of something else, and cleared by two nulls', () => {
    const untouched = parseInput(note, { name: 'y' }, 'patch')
    const cleared = parseInput(note, { other_type: null, other_id: null }, 'patch')

    expect(untouched).toEqual({ values: { name: 'y' }, issues: [] })
    expect(cleared).toEqual({ values: { other: null }, issues: [] })
  })
})
