import * as z from 'zod'
import { firstAfter, valuesOf, type Place } from '../catalog/order.ts'
import type { SortColumn, View } from '../catalog/view.ts'
import { AppError } from '../errors.ts'

/**
 * Where a page ended: what its last row is ordered by, and its id. The next page begins behind that place, wherever
 * it is by then: rows that others write or delete meanwhile neither repeat nor hide a row that was there all the time.
 */
const Place = z.tuple([z.array(z.union([z.string(), z.number(), z.null()])).max(10), z.int().positive()])

/** Reads `after` of a list. @throws AppError `validation_failed` for what no page of ours has given. */
export function readPlace(texts: readonly string[] | undefined, keys: number): Place | undefined {
  const [text, ...more] = texts ?? []
  if (text === undefined) return undefined
  const read = Place.safeParse(parsed(text))
  if (more.length > 0 || !read.success || read.data[0].length !== keys) {
    const message = 'Take it from the `next` of the page before, with the same ordering.'
    throw new AppError('validation_failed', message, { issues: [{ path: 'after', message }] })
  }
  const [values, id] = read.data
  return { values, id }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown
  } catch {
    return undefined
  }
}

type Ordered = { view: View; slots: Int32Array; columns: readonly SortColumn[] }
type Wanted = { place: Place | undefined; offset: number; limit: number }

/** The slots of a page, how many are before it, and the place where it ends; undefined on the last page. */
export function pageOfOrder(
  { view, slots, columns }: Ordered,
  { place, offset, limit }: Wanted,
): { shown: Int32Array; start: number; after: string | undefined } {
  const start = place === undefined ? offset : firstAfter(view, slots, columns, place)
  const shown = slots.subarray(start, start + limit)
  const last = shown.at(-1)
  const isLast = last === undefined || start + limit >= slots.length
  return { shown, start, after: isLast ? undefined : placeText(view, columns, last) }
}

function placeText(view: View, columns: readonly SortColumn[], slot: number): string {
  const { values, id } = valuesOf(view, columns, slot)
  return Buffer.from(JSON.stringify([values, id])).toString('base64url')
}
