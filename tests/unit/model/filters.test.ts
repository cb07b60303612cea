import { describe, expect, test } from 'vitest'
import { countColumns } from '../../../shared/model/counts.ts'
import { filtersOf, readName } from '../../../shared/model/filters.ts'
import { registry } from '../../../shared/models.ts'
import { createCatalogs } from '../../../shared/catalog/catalog.ts'
import type { Table } from '../../../shared/table/table.ts'

/** Names are read without any row. */
const catalogs = createCatalogs({ table: {} as Table, now: () => new Date() })
const sources = { registry, catalogs }

describe.each(registry.all.map((model) => [model.name, model] as const))('%s', (_, model) => {
  test('makes a filter of every hook, and of no name that a lookup could be taken for', () => {
    const filters = filtersOf(model, sources)

    expect(Object.keys(model.filters ?? {}).filter((name) => !filters.has(name))).toEqual([])
    expect([...filters.keys()].filter((name) => name.includes('__'))).toEqual([])
  })

  test('counts rows that refer to it', () => {
    const counted = countColumns(model, sources).map(({ column }) => column.name)

    expect(counted).toEqual(Object.keys(model.counts ?? {}))
  })

  test('refuses a name that is none', () => {
    const read = readName('no_such_name', filtersOf(model, sources), [])

    expect(read).toMatchObject({ path: 'no_such_name' })
  })
})
