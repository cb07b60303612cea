import { columnOf, slotsWith, type Column, type View } from '../catalog/view.ts'
import type { Model } from '../model/define.ts'
import { hostColumn } from '../model/field-filters.ts'
import { hostOf } from '../model/filter-values.ts'
import { partEnd, searchColumn } from '../model/search-text.ts'
import { holdersOf, placeOf } from '../ipam/holding.ts'
import type { Question } from './question.ts'

/** How well a row matches: the smaller, the better. */
export const ranks = { exact: 0, holds: 1, prefix: 2, contains: 3 } as const
export type Match = keyof typeof ranks

/** The rows of a model that answer a question, by their slots. */
export function matchesIn(view: View, model: Model, question: Question): Map<number, Match> {
  const found = new Map<number, Match>()
  const take = (slot: number, match: Match): void => {
    const known = found.get(slot)
    if (known === undefined || ranks[match] < ranks[known]) found.set(slot, match)
  }
  matchTexts(view, model, question, take)
  if (question.address !== undefined) matchAddress(view, model, question, take)
  return found
}

type Take = (slot: number, match: Match) => void

function matchTexts(view: View, model: Model, { phrase, words, mac }: Question, take: Take): void {
  const texts = columnOf(view, searchColumn(model))
  const [first = '', ...others] = words
  const hasMac = mac !== undefined && model.search.some((name) => model.fields[name]?.kind === 'mac')
  for (const [slot, text] of texts.entries()) {
    // A slot without a row has no text.
    if (text === undefined) continue
    if (text.includes(first) && others.every((word) => text.includes(word))) take(slot, matchOf(text, phrase))
    else if (hasMac && text.includes(mac)) take(slot, matchOf(text, mac))
  }
}

function matchOf(text: string, phrase: string): Match {
  const at = `${partEnd}${phrase}`
  if (!text.includes(at)) return 'contains'
  return text.includes(`${at}${partEnd}`) ? 'exact' : 'prefix'
}

/** Addresses by what they mean, whatever their notation; networks and ranges that hold them. */
function matchAddress(view: View, model: Model, { address }: Question, take: Take): void {
  if (address === undefined) return
  const { fields } = model
  const host = hostOf(address.text)
  const isRange = fields['start_address']?.kind === 'address' && fields['end_address']?.kind === 'address'
  for (const [name, { kind, hidden }] of Object.entries(fields)) {
    if (hidden === true) continue
    if (kind === 'address') for (const slot of slotsWith(view, hostColumn(name), host)) take(slot, 'exact')
    if (kind !== 'network') continue
    const column: Column = { name, read: (row) => row[name] ?? null }
    for (const network of holdersOf(address)) {
      for (const slot of slotsWith(view, column, network)) {
        take(slot, network === address.text ? 'exact' : 'holds')
      }
    }
  }
  if (isRange) matchRanges(view, placeOf(address.text) ?? '', take)
}

const rangeColumn: Column<readonly [string, string] | undefined> = {
  name: 'span of addresses',
  read: (row) => {
    const [first, last] = [placeOf(row['start_address']), placeOf(row['end_address'])]
    return first === undefined || last === undefined ? undefined : [first, last]
  },
}

function matchRanges(view: View, place: string, take: Take): void {
  for (const [slot, span] of columnOf(view, rangeColumn).entries()) {
    if (span !== undefined && span[0] <= place && place <= span[1]) take(slot, 'holds')
  }
}
