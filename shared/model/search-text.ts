import type { Column } from '../catalog/view.ts'
import { customValuesOf } from './custom-values.ts'
import type { Model, Row } from './define.ts'
import { hostOf, macDigits } from './filter-values.ts'

/** Longer words find nothing. */
const wordMax = 200

/** Separates the parts of a search text: a part that begins or ends with it begins or ends there. */
export const partEnd = '\n'

const columns = new WeakMap<Model, Column<string>>()

/**
 * What is searched of a row, folded: its searched fields one after the other, each between line ends, so that a
 * whole part, its beginning and its middle can be told apart. Addresses are there without their mask too, hardware
 * addresses as bare digits.
 */
export function searchColumn(model: Model): Column<string> {
  const known = columns.get(model)
  if (known !== undefined) return known
  const custom = (model.customFields ?? []).filter(({ isSearched }) => isSearched)
  // A view keeps columns by their names: other custom fields, other texts.
  const name = ['searched', ...custom.map(({ id }) => id)].join(' ')
  const column: Column<string> = {
    name,
    read: (row) => textOf(model, row) + custom.map((one) => customText(row, one.name)).join(''),
  }
  columns.set(model, column)
  return column
}

function textOf(model: Model, row: Row): string {
  let text = partEnd
  for (const name of model.search) {
    const value = row[name]
    if ((typeof value !== 'string' && typeof value !== 'number') || value === '') continue
    const kind = model.fields[name]?.kind
    const part = fold(String(value)).replaceAll(partEnd, ' ')
    text += part + partEnd
    if (kind === 'address') text += hostOf(part) + partEnd
    if (kind === 'mac') text += macDigits(part) + partEnd
  }
  return text
}

function customText(row: Row, name: string): string {
  const value = customValuesOf(row)[name]
  return typeof value === 'string' && value !== '' ? fold(value).replaceAll(partEnd, ' ') + partEnd : ''
}

/** Case and forms of a letter do not matter. */
export const fold = (text: string): string => text.normalize('NFC').toLowerCase()

/** The words of a query, each of which must be found. */
export const wordsOf = (texts: readonly string[]): string[] =>
  texts.flatMap((text) => fold(text.slice(0, wordMax)).split(/\s+/)).filter((word) => word !== '')
