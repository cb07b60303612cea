import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Tagged = Shown & { tags: { slug: string }[] }
type Page = { count: number; results: Tagged[] }
type Tested = {
  matched: number
  to_add: number
  to_remove: number
  objects: { display: string; add_tags: string[]; remove_tags: string[] }[]
}
type Problem = Record<string, string[]> & { detail: string; code: string }

let api: TestApi
const tags: Record<string, number> = {}
const sites: Record<string, number> = {}

async function create(path: string, body: Json): Promise<number> {
  const answer = await api.call('POST', `/api/${path}/`, { body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body.id
}

let count = 0
/** A rule on sites under a name of its own. */
const rule = async (criteria: unknown, more: Json = {}): Promise<number> =>
  create('extras/tag-rules', {
    name: `rule-${++count}`,
    object_type: 'dcim.site',
    criteria,
    add_tags: [tags['core']],
    ...more,
  })

const run = async <T = Tested>(id: number, action: 'test' | 'apply', body?: Json) =>
  api.call<T & Problem>('POST', `/api/extras/tag-rules/${id}/${action}/`, body === undefined ? {} : { body })

const tagged = async (slug: string): Promise<string[]> => {
  const { body } = await api.call<Page>('GET', `/api/dcim/sites/?tag=${slug}`)
  return body.results.map(({ name }) => name)
}

beforeAll(async () => {
  api = await startApi()
  for (const name of ['core', 'by-rule', 'more'])
    tags[name] = await create('extras/tags', { name, slug: name })
  await create('extras/custom-fields', { name: 'cost', type: 'integer', object_types: ['dcim.site'] })
  const values: [string, Json][] = [
    ['Berlin', { status: 'active', custom_fields: { cost: 5 } }],
    ['Bern', { status: 'planned', description: 'core site', tags: [tags['more']] }],
    ['Paris', { status: 'active', custom_fields: { cost: 50 } }],
    ['Rome', { status: 'retired' }],
  ]
  for (const [name, more] of values)
    sites[name] = await create('dcim/sites', { name, slug: name.toLowerCase(), ...more })
})
afterAll(() => api.stop())

describe('criteria', () => {
  const is = (field: string, operator: string, value?: unknown): Json =>
    value === undefined ? { field, operator } : { field, operator, value }

  test.each<[Json, string]>([
    [is('name', 'equals', 'Bern'), 'Bern'],
    [is('name', 'not_equals', 'Bern'), 'Berlin Paris Rome'],
    [is('name', 'contains', 'ER'), 'Berlin Bern'],
    [is('name', 'startswith', 'ber'), 'Berlin Bern'],
    [is('name', 'endswith', 'S'), 'Paris'],
    [is('name', 'regex', '^Ber(n|lin)$'), 'Berlin Bern'],
    [is('status', 'in', ['planned', 'retired']), 'Bern Rome'],
    [is('description', 'empty'), 'Berlin Paris Rome'],
    [is('description', 'empty', false), 'Bern'],
    [is('cf_cost', 'gt', 5), 'Paris'],
    [is('cf_cost', 'lte', 50), 'Berlin Paris'],
    [is('tag', 'in', ['more', 'core']), 'Bern'],
    [{ not: is('name', 'contains', 'er') }, 'Paris Rome'],
    [{ and: [is('status', 'equals', 'active'), is('name', 'contains', 'er')] }, 'Berlin'],
    [
      {
        or: [is('name', 'equals', 'Rome'), { and: [is('name', 'startswith', 'b'), is('cf_cost', 'empty')] }],
      },
      'Bern Rome',
    ],
  ])('%j', async (criteria, expected) => {
    const { body } = await run(await rule(criteria), 'test')

    expect(
      body.objects
        .map(({ display }) => display)
        .sort()
        .join(' '),
    ).toBe(expected)
    expect([body.matched, body.to_add]).toEqual([expected.split(' ').length, expected.split(' ').length])
  })

  test.each<[unknown, string]>([
    [is('nmae', 'equals', 'x'), 'field: There is no field to filter by "nmae". Did you mean "name"?'],
    [is('name', 'equal', 'x'), 'operator: There is no operator "equal". Did you mean "equals"?'],
    [is('status', 'equals', 'activ'), 'value: "activ" is not a choice; there is "active".'],
    [is('name', 'gt', 'x'), 'operator: "name" cannot be compared by gt; there is equals,'],
    [is('name', 'equals'), 'value: The operator equals needs a value.'],
    [is('name', 'contains', ['a', 'b']), 'value: The operator contains takes one value; "in" takes several.'],
    [is('name', 'regex', '('), 'value: not a regular expression.'],
    [
      { and: [is('name', 'equals', 'a'), { or: [is('x', 'in', [1])] }] },
      'and.1.or.0.field: There is no field',
    ],
    [{ and: [] }, 'and: At least one criterion is expected.'],
    [{ field: 'name', operator: 'equals', vlaue: 1 }, 'Unrecognized key: "vlaue"'],
    ['name = x', 'expected object'],
  ])('%j is refused', async (criteria, message) => {
    const { status, body } = await api.call<Problem>('POST', '/api/extras/tag-rules/', {
      body: { name: 'x', object_type: 'dcim.site', criteria, add_tags: [tags['core']] },
    })

    expect([status, body['criteria']?.[0]]).toEqual([400, expect.stringContaining(message)])
  })

  test('a rule needs a model with tags, and a tag', async () => {
    const criteria = is('name', 'equals', 'x')
    const model = await api.call<Problem>('POST', '/api/extras/tag-rules/', {
      body: { name: 'x', object_type: 'users.user', criteria, add_tags: [tags['core']] },
    })
    const none = await api.call<Problem>('POST', '/api/extras/tag-rules/', {
      body: { name: 'x', object_type: 'dcim.site', criteria, add_tags: [] },
    })

    expect([model.status, Object.hasOwn(model.body, 'object_type')]).toEqual([400, true])
    expect([none.status, none.body['add_tags']]).toEqual([400, ['At least one tag is expected.']])
  })
})

describe('a rule', () => {
  test('is tried without changing anything, and applied once and for all', async () => {
    const id = await rule({ field: 'name', operator: 'startswith', value: 'ber' })

    const tested = await run(id, 'test', { limit: 1 })
    const untouched = await tagged('core')
    const first = await run<Json>(id, 'apply')
    const second = await run<Json>(id, 'apply')

    expect(tested.body).toMatchObject({ matched: 2, to_add: 2, objects: [{ add_tags: ['core'] }] })
    expect(untouched).toEqual([])
    expect(first.body).toEqual({ matched: 2, added: 2, removed: 0, remaining: 0, complete: true })
    expect(second.body).toMatchObject({ matched: 2, added: 0, complete: true })
    expect(await tagged('core')).toEqual(['Berlin', 'Bern'])
  })

  test('takes off what it gave where that no longer holds, and never what somebody gave', async () => {
    await api.call('PATCH', `/api/dcim/sites/${sites['Bern']}/`, { body: { add_tags: [tags['by-rule']] } })
    const id = await rule(
      { field: 'status', operator: 'in', value: ['active', 'planned'] },
      { add_tags: [tags['by-rule']] },
    )
    await run(id, 'apply')
    for (const name of ['Paris', 'Bern'])
      await api.call('PATCH', `/api/dcim/sites/${sites[name]}/`, { body: { status: 'retired' } })

    const kept = await run<Json>(id, 'apply')
    const tested = await run(id, 'test')
    const removed = await run<Json>(id, 'apply', { remove: true })

    expect(kept.body).toMatchObject({ matched: 1, added: 0, removed: 0 })
    expect(tested.body).toMatchObject({
      to_remove: 1,
      objects: [{ display: 'Paris', remove_tags: ['by-rule'] }, {}],
    })
    expect(removed.body).toMatchObject({ removed: 1, complete: true })
    expect(await tagged('by-rule')).toEqual(['Berlin', 'Bern'])
  })

  test('that is switched off can be tried but not applied', async () => {
    const id = await rule({ field: 'name', operator: 'contains', value: 'o' }, { is_active: false })

    const tested = await run(id, 'test')
    const applied = await run(id, 'apply')

    expect(tested.status).toBe(200)
    expect([applied.status, applied.body.code]).toEqual([409, 'rule_off'])
  })

  test('says so when what it looks at is gone', async () => {
    const field = await create('extras/custom-fields', {
      name: 'gone',
      type: 'text',
      object_types: ['dcim.site'],
    })
    const id = await rule({ and: [{ field: 'cf_gone', operator: 'equals', value: 'x' }] })
    await api.call('DELETE', `/api/extras/custom-fields/${field}/`)

    const { status, body } = await run(id, 'test')

    expect([status, body['criteria']?.[0]]).toEqual([
      400,
      expect.stringContaining('and.0.field: There is no field'),
    ])
  })

  test('that does not exist is not found', async () => {
    expect((await run(5, 'apply')).status).toBe(404)
  })

  test('tells with the change why the tag is there', async () => {
    const id = await rule({ field: 'name', operator: 'equals', value: 'Rome' })
    await run(id, 'apply')

    const { body } = await api.call<{ results: { message: string }[] }>(
      'GET',
      `/api/core/object-changes/?changed_object_id=${sites['Rome']}`,
    )

    expect(body.results[0]?.message).toBe(`tag rule rule-${count}`)
  })
})
