import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Page = { count: number; results: Shown[]; facets: Json }
type Problem = Record<string, string[]> & { detail: string; code: string }

let api: TestApi
let maker = 0

async function create(path: string, body: Json): Promise<number> {
  const answer = await api.call('POST', `/api/${path}/`, { body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body.id
}

beforeAll(async () => {
  api = await startApi()
  const choices = [
    ['gold', 'Gold'],
    ['silver', 'Silver'],
  ]
  const choice_set = await create('extras/custom-field-choice-sets', {
    name: 'Tiers',
    extra_choices: choices,
  })
  maker = await create('dcim/manufacturers', { name: 'Acme', slug: 'acme' })
  const field = async (name: string, type: string, more: Json = {}) =>
    create('extras/custom-fields', { name, type, object_types: ['dcim.site', 'dcim.location'], ...more })
  await field('cost', 'integer')
  await field('rate', 'decimal')
  await field('owner', 'text')
  await field('motto', 'text', { filter_logic: 'loose' })
  await field('silent', 'text', { filter_logic: 'disabled' })
  await field('live', 'boolean')
  await field('opened', 'date')
  await field('seen', 'datetime')
  await field('tier', 'select', { choice_set })
  await field('tiers', 'multiselect', { choice_set })
  await field('maker', 'object', { related_object_type: 'dcim.manufacturer' })
  await field('makers', 'multiobject', { related_object_type: 'dcim.manufacturer' })
  const values: Json[] = [
    {
      cost: 3,
      rate: 0.5,
      owner: 'bob',
      motto: 'Semper fidelis',
      live: true,
      opened: '2026-01-01',
      tier: 'gold',
    },
    { cost: 20, owner: 'Bobby', live: false, seen: '2026-01-01T10:00:00Z', tiers: ['gold', 'silver'], maker },
    { cost: 3, rate: 2, opened: '2026-06-01', tier: 'silver', tiers: ['silver'], makers: [maker] },
    {},
  ]
  await api.call('POST', '/api/dcim/sites/', {
    body: values.map((custom_fields, n) => ({ name: `s${n}`, slug: `s${n}`, custom_fields })),
  })
})
afterAll(() => api.stop())

const names = async (query: string): Promise<string> => {
  const { status, body } = await api.call<Page>('GET', `/api/dcim/sites/?${query}`)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.results.map(({ name }) => name).join(' ')
}

describe('filters', () => {
  test.each([
    ['cf_cost=3', 's0 s2'],
    ['cf_cost=3&cf_cost=20', 's0 s1 s2'],
    ['cf_cost__n=3', 's1 s3'],
    ['cf_cost__gt=3', 's1'],
    ['cf_cost__empty=true', 's3'],
    ['cf_rate__lte=0.5', 's0'],
    ['cf_owner=bob', 's0'],
    ['cf_owner__ic=BOB', 's0 s1'],
    ['cf_owner__isw=bobb', 's1'],
    ['cf_owner__regex=^b', 's0'],
    ['cf_motto=fid', 's0'],
    ['cf_motto__ie=semper fidelis', 's0'],
    ['cf_live=true', 's0'],
    ['cf_live=false', 's1'],
    ['cf_opened__gte=2026-02-01', 's2'],
    ['cf_seen__lt=2026-01-02', 's1'],
    ['cf_tier=gold', 's0'],
    ['cf_tier__n=gold', 's1 s2 s3'],
    ['cf_tiers=gold', 's1'],
    ['cf_tiers=silver', 's1 s2'],
    ['cf_tiers__empty=true', 's0 s3'],
    ['cf_maker=MAKER', 's1'],
    ['cf_maker__empty=false', 's1'],
    ['cf_makers=MAKER', 's2'],
    ['cf_tier=silver&cf_cost=3&name=s2', 's2'],
    ['q=bobb', 's1'],
    ['ordering=cf_cost,-name', 's3 s2 s0 s1'],
    ['ordering=-cf_owner', 's1 s0 s2 s3'],
  ])('%s', async (query, expected) => {
    expect(await names(query.replace('MAKER', String(maker)))).toBe(expected)
  })

  test('values are counted by facets', async () => {
    const { body } = await api.call<Page>('GET', '/api/dcim/sites/?facets=cf_tier&limit=1')

    expect(body.facets['cf_tier']).toEqual(
      expect.arrayContaining([{ value: 'gold', label: 'Gold', count: 1 }]),
    )
  })

  test.each([
    ['cf_cots=1', 'There is no filter "cf_cots". Did you mean "cf_cost"?'],
    ['cf_cost__ic=1', '"cf_cost" has no lookup "__ic"; there is __n, __lt, __lte, __gt, __gte, __empty.'],
    ['cf_cost=x', 'an integer is expected.'],
    ['cf_tier=bronze', '"bronze" is not a choice; there is "gold", "silver".'],
    ['cf_silent=x', 'There is no filter "cf_silent".'],
    ['ordering=cf_cots', 'There is no field to order by "cf_cots". Did you mean "cf_cost"?'],
  ])('%s is refused', async (query, detail) => {
    const { status, body } = await api.call<Problem>('GET', `/api/dcim/sites/?${query}`)

    expect([status, body.detail]).toEqual([400, expect.stringContaining(detail)])
  })

  test('another model has only its own', async () => {
    const { status } = await api.call('GET', '/api/dcim/devices/?cf_cost=3')

    expect(status).toBe(400)
  })
})

describe('definitions', () => {
  const refused = async (body: Json): Promise<Json> => {
    const answer = await api.call<Problem>('POST', '/api/extras/custom-fields/', {
      body: { name: 'x', object_types: ['dcim.site'], ...body },
    })
    const { detail: _, code: __, ...fields } = answer.body
    return { status: answer.status, ...fields }
  }

  test.each<[Json, string, string]>([
    [{ object_types: ['dcim.stie'] }, 'object_types', 'Did you mean "dcim.site"?'],
    [{ object_types: [] }, 'object_types', 'At least one model is expected.'],
    [{ object_types: ['users.user'] }, 'object_types', 'There is no model'],
    [{ name: 'a__b' }, 'name', 'Letters, digits and single underscores only.'],
    [{ name: 'Cost' }, 'name', 'already exists'],
    [{ type: 'dates' }, 'type', 'Did you mean "date"'],
    [{ type: 'select' }, 'choice_set', 'The type select needs it.'],
    [{ type: 'object' }, 'related_object_type', 'The type object needs it.'],
    [{ type: 'object', related_object_type: 'users.token' }, 'related_object_type', 'There is no model'],
    [{ type: 'text', validation_minimum: 1 }, 'validation_minimum', 'types integer and decimal only'],
    [{ type: 'integer', validation_minimum: 2, validation_maximum: 1 }, 'validation_maximum', 'below'],
    [{ type: 'integer', default: 'x' }, 'default', 'expected number'],
    [{ type: 'integer', default: 5, validation_maximum: 4 }, 'default', 'Too big'],
    [{ type: 'text', validation_regex: '(a+)+' }, 'validation_regex', 'This pattern is refused'],
    [{ type: 'text', validation_regex: '(' }, 'validation_regex', 'not a regular expression'],
    [{ type: 'boolean', unique: true }, 'unique', 'cannot be unique'],
    [{ type: 'text', unique: true, default: 'a' }, 'default', 'cannot have a default'],
  ])('%j is refused', async (body, member, message) => {
    const answer = await refused(body)

    expect(answer).toMatchObject({ status: 400, [member]: [expect.stringContaining(message)] })
  })

  test.each<[Json, string]>([
    [{ name: 'other' }, 'name'],
    [{ type: 'text' }, 'type'],
    [{ unique: true }, 'unique'],
  ])('once made, %j is refused', async (body, member) => {
    const id = await create('extras/custom-fields', {
      name: `fixed_${member}`,
      type: 'integer',
      object_types: ['dcim.device'],
    })

    const answer = await api.call<Problem>('PATCH', `/api/extras/custom-fields/${id}/`, { body })

    expect([answer.status, Object.hasOwn(answer.body, member)]).toEqual([400, true])
  })

  test('are found by the model they are for', async () => {
    const { body } = await api.call<Page>(
      'GET',
      '/api/extras/custom-fields/?object_type=dcim.location&type=select',
    )

    expect(body.results.map(({ name }) => name)).toEqual(['tier'])
  })
})

test('the choices of a set are a list, in its order, found by a part of the value or the label', async () => {
  const id = await create('extras/custom-field-choice-sets', {
    name: 'Sizes',
    order_alphabetically: true,
    extra_choices: [
      ['l', 'Large'],
      ['xl', 'Extra large'],
      ['s', 'Small'],
    ],
  })
  const url = `/api/extras/custom-field-choice-sets/${id}/choices/`
  type Choices = { count: number; next: string | null; results: { id: string; display: string }[] }

  const first = await api.call<Choices>('GET', `${url}?limit=2`)
  const next = await api.call<Choices>('GET', first.body.next ?? '')
  const large = await api.call<Choices>('GET', `${url}?q=LARGE`)
  const byValue = await api.call<Choices>('GET', `${url}?q=xl`)
  const missing = await api.call('GET', '/api/extras/custom-field-choice-sets/7/choices/')

  const extra = { id: 'xl', display: 'Extra large' }
  expect(first.body).toMatchObject({ count: 3, results: [extra, { id: 'l', display: 'Large' }] })
  expect(next.body).toMatchObject({ next: null, results: [{ id: 's', display: 'Small' }] })
  expect(large.body.results).toEqual([extra, { id: 'l', display: 'Large' }])
  expect(byValue.body.results).toEqual([extra])
  expect(missing.status).toBe(404)
})
