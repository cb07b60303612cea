import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Catalog } from '../../../shared/catalog/catalog.ts'
import { orderOf } from '../../../shared/catalog/order.ts'
import { columnOf, countWith, slotsWith, viewOf, type SortColumn } from '../../../shared/catalog/view.ts'
import type { Row } from '../../../shared/model/define.ts'
import { site } from '../../../shared/dcim/models/site.ts'

type Write = { id: number; name: string | null; group: number; labels: number[]; isGone: boolean }

const write = fc.record({
  id: fc.integer({ min: 1, max: 40 }),
  name: fc.option(fc.constantFrom('a', 'b', 'c', 'd')),
  group: fc.integer({ min: 0, max: 4 }),
  labels: fc.uniqueArray(fc.integer({ min: 0, max: 3 })),
  isGone: fc.boolean(),
})

/** A catalog that is written by hand, and forgets which rows were touched long ago. */
function writable(rememberedMax: number): { catalog: Catalog; apply: (one: Write) => void } {
  const rows = new Map<number, Row>()
  let touched: number[] = []
  let generation = 0
  const apply = ({ id, isGone, ...values }: Write): void => {
    const at = '2026-01-01T00:00:00.000Z'
    if (isGone) rows.delete(id)
    else rows.set(id, { id, version: 1, created: at, last_updated: at, ...values })
    generation += 1
    touched = [...touched, id].slice(-rememberedMax)
  }
  const changedSince = (since: number): readonly number[] | undefined => {
    const count = generation - since
    return count > touched.length ? undefined : touched.slice(touched.length - count)
  }
  const catalog = { model: site, rows, refresh: async () => {}, generation: () => generation, changedSince }
  return { catalog, apply }
}

const byName: SortColumn = { name: 'name', read: (row) => row['name'] as string | null, descending: false }
const byGroupDown: SortColumn = { name: 'group', read: (row) => Number(row['group']), descending: true }
const groups = { name: 'group', read: (row: Row) => row['group'] }
const labels = { name: 'labels', read: (row: Row) => row['labels'] }

const nameOf = (row: Row): string => (row['name'] as string | null) ?? ''
const naive = (rows: Iterable<Row>): number[] =>
  [...rows]
    .sort((a, b) => {
      const down = Number(b['group']) - Number(a['group'])
      const names = nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0
      return down || names || a.id - b.id
    })
    .map(({ id }) => id)

test('indexes, orders and columns are what they would be if they were made anew, after any writes', () => {
  const rounds = fc.array(fc.array(write, { maxLength: 12 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(rounds, fc.integer({ min: 3, max: 100 }), (batches, rememberedMax) => {
      const { catalog, apply } = writable(rememberedMax)
      for (const batch of batches) {
        for (const one of batch) apply(one)

        const view = viewOf(catalog)
        const ordered = [...orderOf(view, 'group down, name', [byGroupDown, byName])]
        const texts = columnOf(view, { name: 'text', read: (row: Row) => `${row.id} ${nameOf(row)}` })

        const rows = [...catalog.rows.values()]
        expect(ordered.map((slot) => view.slots[slot]?.id)).toEqual(naive(rows))
        for (const slot of ordered) {
          const row = view.slots[slot]
          expect(row).toBe(catalog.rows.get(row?.id ?? 0))
          expect(texts[slot]).toBe(`${row?.id} ${row === undefined ? '' : nameOf(row)}`)
        }
        for (const value of [0, 1, 2, 3, 4]) {
          const inGroup = rows.filter((row) => row['group'] === value)
          const labelled = rows.filter((row) => (row['labels'] as number[]).includes(value))
          const found = [...slotsWith(view, labels, value)].map((slot) => view.slots[slot]?.id ?? 0)
          expect(countWith(view, groups, value)).toBe(inGroup.length)
          expect(found.toSorted((a, b) => a - b)).toEqual(
            labelled.map(({ id }) => id).toSorted((a, b) => a - b),
          )
        }
      }
    }),
    { numRuns: 300 },
  )
})
