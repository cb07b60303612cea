import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Model } from '../../shared/model/define.ts'
import { registry } from '../../shared/models.ts'
import { startApi, type Shown, type TestApi } from '../support/api.ts'
import { naiveFilters, naivelyHolds, type NaiveFilter } from '../support/rows/filters.ts'
import { naiveOrder, orderable, type NaiveKey } from '../support/rows/orders.ts'
import { createWorld, listUrl, type World } from '../support/rows/world.ts'

const seed = 3
const rowsPerModel = 8
const queriesPerModel = 12
type Page = { count: number; results: Shown[] }

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startApi()
  world = createWorld(api, seed)
})
afterAll(() => api.stop())

type Asked = { filter: NaiveFilter; lookup: string; texts: string[] }

/** Parameters about values that rows have, or parts of them, so that the answers are seldom all or nothing. */
function askAbout(filter: NaiveFilter, rows: readonly Shown[]): fc.Arbitrary<Asked>[] {
  const values = [...new Set(rows.flatMap((row) => filter.valuesOf(row)))]
  const lookups =
    filter.lookups[0] === 'n' || filter.lookups.length === 0 ? ['', ...filter.lookups] : filter.lookups
  const usable = values.length === 0 ? lookups.filter((one) => one === 'empty') : lookups
  return usable.map((lookup) => {
    const text = lookup === 'empty' ? fc.constantFrom('true', 'false') : textFor(filter, lookup, values)
    return fc.array(text, { minLength: 1, maxLength: 3 }).map((texts) => ({ filter, lookup, texts }))
  })
}

const partial = new Set(['ic', 'nic', 'isw', 'nisw', 'iew', 'niew', 'ie', 'nie'])

function textFor(
  filter: NaiveFilter,
  lookup: string,
  values: readonly (string | number | boolean)[],
): fc.Arbitrary<string> {
  const whole = fc.constantFrom(...values).map(filter.askFor)
  if (filter.takesNull === true && (lookup === '' || lookup === 'n'))
    return fc.oneof({ weight: 4, arbitrary: whole }, fc.constant('null'))
  if (!partial.has(lookup)) return whole
  return fc.tuple(whole, fc.nat(5), fc.nat(9), fc.boolean()).map(([text, from, length, isUpper]) => {
    const part =
      Array.from(text)
        .slice(from, from + 1 + length)
        .join('') || text
    return isUpper ? part.toUpperCase() : part
  })
}

const queryOf = (asked: readonly Asked[], more: Record<string, string>): string => {
  const parameters = new URLSearchParams()
  for (const { filter, lookup, texts } of asked)
    for (const text of texts)
      parameters.append(lookup === '' ? filter.name : `${filter.name}__${lookup}`, text)
  for (const [name, value] of Object.entries(more)) parameters.set(name, value)
  return parameters.toString()
}

/** Two parameters of one name are one with more values: the naive way keeps them apart. */
const areApart = (asked: readonly Asked[]): boolean =>
  new Set(asked.map(({ filter, lookup }) => `${filter.name}__${lookup}`)).size === asked.length

type Question = {
  asked: readonly Asked[]
  keys: readonly NaiveKey[]
  turned: readonly boolean[]
  limit: number
  offset: number
}

/** Which rows the API and the naive program answer, in which order. */
async function bothAnswers(model: Model, rows: readonly Shown[], question: Question) {
  const { asked, keys, turned, limit, offset } = question
  const ordering = keys.map(({ name }, at) => `${turned[at] === true ? '-' : ''}${name}`).join() || 'id'
  const query = queryOf(asked, { limit: String(limit), offset: String(offset), ordering })
  const found = rows.filter((row) =>
    asked.every(({ filter, lookup, texts }) => naivelyHolds(filter, lookup, texts, row)),
  )
  const ordered = naiveOrder(
    found,
    keys.map((key, at) => ({ key, isTurned: turned[at] === true })),
  )
  const naive = { count: ordered.length, ids: ordered.slice(offset, offset + limit).map(({ id }) => id) }
  const { status, body } = await api.call<Page>('GET', `${listUrl(model)}?${query}`)
  if (status !== 200) throw new Error(`${query}: ${JSON.stringify(body)}`)
  const answered = { count: body.count, ids: body.results.map(({ id }) => id) }
  return { answered: { query, ...answered }, expected: { query, ...naive } }
}

const models = registry.all.map((model, at) => [model.name, model, at] as const)

describe.each(models)('%s', (_, model: Model, at) => {
  let rows: Shown[]
  beforeAll(async () => {
    for (let count = 0; count < rowsPerModel; count++) await world.create(model)
    const { body } = await api.call<Page>('GET', `${listUrl(model)}?limit=0&ordering=id`)
    rows = body.results
  })

  test('is filtered by each of its fields, in one way after the other', async () => {
    const all = { keys: [], turned: [], limit: 1000, offset: 0 }
    for (const [index, filter] of naiveFilters(model).entries()) {
      const ways = askAbout(filter, rows)
      // Over the models and their fields every way of comparing has its turns.
      const way = ways[(index + at) % ways.length]
      const [asked] = way === undefined ? [] : fc.sample(way, { numRuns: 1, seed: seed + index })
      if (asked === undefined) continue
      const { answered, expected } = await bothAnswers(model, rows, { ...all, asked: [asked] })
      expect(answered).toEqual(expected)
    }
  })

  test('is filtered, ordered and paged as a naive program would do it', async () => {
    const ways = naiveFilters(model).flatMap((filter) => askAbout(filter, rows))
    const asked = fc.array(fc.oneof(...ways), { minLength: 1, maxLength: 2 }).filter(areApart)
    const keys = fc.uniqueArray(fc.constantFrom(...orderable(model)), {
      maxLength: 2,
      selector: ({ name }) => name,
    })
    const turned = fc.tuple(fc.boolean(), fc.boolean())
    const [limit, offset] = [fc.integer({ min: 1, max: rows.length + 2 }), fc.nat(rows.length)]

    await fc.assert(
      fc.asyncProperty(fc.record({ asked, keys, turned, limit, offset }), async (question) => {
        const { answered, expected } = await bothAnswers(model, rows, question)
        expect(answered).toEqual(expected)
      }),
      { numRuns: queriesPerModel, seed: seed + at, endOnFailure: true },
    )
  })
})
