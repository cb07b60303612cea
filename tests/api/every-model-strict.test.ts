import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Model } from '../../shared/model/define.ts'
import { registry } from '../../shared/models.ts'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'
import { naiveFilters } from '../support/rows/filters.ts'
import { orderable } from '../support/rows/orders.ts'
import { createWorld, listUrl, writable, type World } from '../support/rows/world.ts'

const seed = 11
let api: TestApi
let world: World
beforeAll(async () => {
  api = await startApi()
  world = createWorld(api, seed)
})
afterAll(() => api.stop())

/** One slip of the finger: a letter doubled, left out, or two swapped. */
const slipIn = (name: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(Math.max(0, name.length - 2)), fc.constantFrom('double', 'drop', 'swap'))
    .map(([at, slip]) => {
      const [before, letter = '', next = '', after] = [
        name.slice(0, at),
        name[at],
        name[at + 1],
        name.slice(at + 2),
      ]
      if (slip === 'double') return `${before}${letter}${letter}${next}${after}`
      return slip === 'drop' ? `${before}${next}${after}` : `${before}${next}${letter}${after}`
    })

/** Names that are nearly those of the model, each with the one that was meant. */
function slips(names: readonly string[], known: ReadonlySet<string>): { meant: string; written: string }[] {
  const long = names.filter((name) => name.length >= 5)
  return long.slice(0, 6).flatMap((meant, at) => {
    const written = fc.sample(slipIn(meant), { numRuns: 5, seed: seed + at }).find((one) => !known.has(one))
    return written === undefined ? [] : [{ meant, written }]
  })
}

const models = registry.all.map((model) => [model.name, model] as const)

describe.each(models)(
  '%s refuses what it does not know, and says what may have been meant',
  (_, model: Model) => {
    const url = listUrl(model)
    const filters = naiveFilters(model).map(({ name }) => name)
    const known = new Set([...filters, ...Object.keys(model.fields)])
    let row: Shown
    beforeAll(async () => {
      row = (await world.create(model)).shown
    })

    test('as a filter', async () => {
      for (const { meant, written } of slips(filters, known)) {
        const { status, body } = await api.call('GET', `${url}?${written}=1`)

        expect([written, status, body['code']]).toEqual([written, 400, 'unknown_parameter'])
        expect(`${meant}: ${String(body['detail'])}`).toMatch(/Did you mean "/)
      }
    })

    test('as a lookup, an order, a member or a parameter', async () => {
      const [filter = 'id'] = filters
      const [order] = slips(
        orderable(model).map(({ name }) => name),
        known,
      )
      const [member] = slips(
        Object.keys(row).filter((name) => !name.startsWith('_')),
        known,
      )
      const queries = [
        `${filter}__contains=x`,
        ...(order === undefined ? [] : [`ordering=-${order.written}`]),
        ...(member === undefined ? [] : [`fields=id,${member.written}`, `omit=${member.written}`]),
      ]

      const answers = await Promise.all(queries.map((query) => api.call('GET', `${url}?${query}`)))
      const one = await api.call('GET', `${url}${row.id}/?${filter}x=1`)

      expect(answers.map(({ status }, at) => [queries[at], status])).toEqual(
        queries.map((query) => [query, 400]),
      )
      expect(one.status).toBe(400)
    })

    test('as a member of a body, and changes nothing', async () => {
      const [slip] = slips(
        writable(model).map(([name]) => name),
        known,
      )
      const written = slip?.written ?? 'no_such_field'
      const methods = model.verbs.includes('change') ? ['PATCH'] : []

      const answers = await Promise.all(
        methods.map((method) => api.call(method, `${url}${row.id}/`, { body: { [written]: 'x' } })),
      )

      for (const { status, body } of answers) {
        expect([status, body[written]]).toEqual([400, [expect.stringContaining(`"${written}"`)]])
      }
      expect((await api.call<Json>('GET', `${url}${row.id}/`)).body).toEqual(row)
    })

    test('as a value of a number, a time, a choice, a switch or a reference', async () => {
      const asked = Object.entries(model.fields).flatMap(([name, field]) => {
        if (field.hidden === true) return []
        const value = {
          int: 'many',
          decimal: 'much',
          bool: 'perhaps',
          datetime: 'soon',
          date: '2026-13-45',
          choice: 'nope',
        }[field.kind as 'int']
        if (field.kind === 'ref') return [`${name}_id=first`]
        return value === undefined ? [] : [`${name}=${value}`]
      })

      const answers = await Promise.all(asked.map((query) => api.call('GET', `${url}?${query}`)))

      expect(answers.map(({ status }, at) => [asked[at], status])).toEqual(asked.map((query) => [query, 400]))
    })
  },
)
