import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Fields = Shown & { custom_fields: Json }
type Problem = Record<string, string[]> & { detail: string }

let api: TestApi
const ids: Record<string, number> = {}
let count = 0

async function create(path: string, body: Json): Promise<number> {
  const answer = await api.call('POST', `/api/${path}/`, { body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body.id
}

const field = async (name: string, body: Json): Promise<number> =>
  create('extras/custom-fields', { name, object_types: ['dcim.site'], ...body })

/** A site under a name of its own, with values of custom fields. */
const site = async (custom_fields: Json | undefined, more: Json = {}) => {
  const name = `site-${++count}`
  const body = { name, slug: name, ...(custom_fields === undefined ? {} : { custom_fields }), ...more }
  return api.call<Fields & Problem>('POST', '/api/dcim/sites/', { body })
}

const patch = async (id: number, custom_fields: unknown) =>
  api.call<Fields & Problem>('PATCH', `/api/dcim/sites/${id}/`, { body: { custom_fields } })

beforeAll(async () => {
  api = await startApi()
  ids['tiers'] = await create('extras/custom-field-choice-sets', {
    name: 'Tiers',
    extra_choices: [
      ['gold', 'Gold'],
      ['silver', 'Silver'],
    ],
  })
  ids['contact'] = await create('dcim/manufacturers', { name: 'Acme', slug: 'acme' })
  const tiers = { choice_set: ids['tiers'] }
  await field('cost', { type: 'integer', validation_minimum: 0, validation_maximum: 100 })
  await field('rate', { type: 'decimal' })
  await field('owner', { type: 'text', validation_regex: '[a-z]+$' })
  await field('notes', { type: 'longtext' })
  await field('live', { type: 'boolean' })
  await field('opened', { type: 'date' })
  await field('seen', { type: 'datetime' })
  await field('page', { type: 'url' })
  await field('extra', { type: 'json' })
  await field('tier', { type: 'select', default: 'silver', ...tiers })
  await field('tiers', { type: 'multiselect', ...tiers })
  await field('maker', { type: 'object', related_object_type: 'dcim.manufacturer' })
  await field('makers', { type: 'multiobject', related_object_type: 'dcim.manufacturer' })
})
afterAll(() => api.stop())

describe('values', () => {
  test('every custom field of the model is shown, with null or its default where none was given', async () => {
    const { body } = await site(undefined)

    expect(body.custom_fields).toEqual({
      cost: null,
      rate: null,
      owner: null,
      notes: null,
      live: null,
      opened: null,
      seen: null,
      page: null,
      extra: null,
      tier: 'silver',
      tiers: null,
      maker: null,
      makers: null,
    })
  })

  test('what is given comes back: selections as plain values, objects nested with their id as value', async () => {
    const given = {
      cost: 3,
      rate: 2.5,
      owner: 'bob',
      notes: 'a\nb',
      live: false,
      opened: '2026-01-31',
      seen: '2026-01-31T10:00:00+01:00',
      page: 'https://example.org/',
      extra: { a: [1, null] },
      tier: 'gold',
      tiers: ['silver', 'gold', 'silver'],
      maker: { slug: 'acme' },
      makers: [ids['contact']],
    }

    const { status, body } = await site(given)

    const maker = {
      id: ids['contact'],
      display: 'Acme',
      slug: 'acme',
      url: expect.stringContaining('/api/dcim/'),
    }
    expect(status).toBe(201)
    expect(body.custom_fields).toEqual({
      ...given,
      seen: '2026-01-31T09:00:00.000Z',
      tiers: ['silver', 'gold'],
      maker: expect.objectContaining({ ...maker, value: ids['contact'] }),
      makers: [expect.objectContaining(maker)],
    })
  })

  test('a PATCH changes the given names only, and null takes a value away', async () => {
    const made = await site({ cost: 3, owner: 'bob', tier: 'gold' })

    const { body } = await patch(made.body.id, { cost: 4, tier: null })

    expect(body.custom_fields).toMatchObject({ cost: 4, owner: 'bob', tier: null })
  })

  test('what an object shows can be sent back, as pynetbox does, without a new version', async () => {
    const made = await site({ cost: 3, maker: ids['contact'], makers: [ids['contact']] })

    const { body } = await patch(made.body.id, made.body.custom_fields)

    expect(body).toMatchObject({ _version: 1, custom_fields: made.body.custom_fields })
  })

  test('a PUT keeps the values it leaves out', async () => {
    const made = await site({ cost: 3, tier: 'gold' })
    const { name, slug } = made.body

    const { body } = await api.call<Fields>('PUT', `/api/dcim/sites/${made.body.id}/`, {
      body: { name, slug },
    })

    expect(body.custom_fields).toMatchObject({ cost: 3, tier: 'gold' })
  })

  test('the change record holds the values before and after', async () => {
    const made = await site({ cost: 3 })
    await patch(made.body.id, { cost: 4 })

    const { body } = await api.call<{ results: { prechange_data: Json; postchange_data: Json }[] }>(
      'GET',
      `/api/extras/object-changes/?changed_object_id=${made.body.id}`,
    )

    expect(body.results[0]).toMatchObject({
      prechange_data: { custom_fields: { cost: 3, tier: 'silver' } },
      postchange_data: { custom_fields: { cost: 4, tier: 'silver' } },
    })
  })
})

describe('what is wrong is told by the name of the custom field', () => {
  test.each([
    [{ cots: 1 }, 'cots: There is no custom field "cots". Did you mean "cost"?'],
    [{ cost: 'x' }, 'cost: Invalid input: expected number, received string'],
    [{ cost: 101 }, 'cost: Too big: expected number to be <=100'],
    [{ cost: 1.5 }, 'cost: Invalid input: expected int, received number'],
    [{ rate: 0.123_45 }, 'rate: At most 4 digits after the point.'],
    [{ owner: 'Bob' }, 'owner: It must match [a-z]+$.'],
    [{ live: 'yes' }, 'live: Invalid input: expected boolean, received string'],
    [{ opened: '31.1.2026' }, 'opened: A day such as 2026-11-30 is expected.'],
    [{ page: 'javascript:alert(1)' }, 'page: A URL such as https://example.org/ is expected.'],
    [{ tier: 'bronze' }, 'tier: One of gold, silver is expected.'],
    [{ tiers: ['gold', 'x'] }, 'tiers.1: One of gold, silver is expected.'],
    [{ maker: { slug: 'nobody' } }, 'maker: No manufacturer has these attributes.'],
    [{ maker: 5 }, 'maker: There is no manufacturer with the id 5.'],
  ])('%j', async (values, message) => {
    const { status, body } = await site(values)

    expect([status, body['custom_fields']]).toEqual([400, [message]])
  })

  test('the member itself must be an object', async () => {
    const { status, body } = await site(['x'] as unknown as Json)

    expect([status, body['custom_fields']]).toEqual([400, ['An object is expected.']])
  })

  test('models without the field do not know it', async () => {
    const { status, body } = await api.call<Problem>('POST', '/api/dcim/manufacturers/', {
      body: { name: 'M', slug: 'm', custom_fields: { cost: 1 } },
    })

    expect([status, body['custom_fields']]).toEqual([400, ['cost: There is no custom field "cost".']])
  })
})

describe('life of a definition', () => {
  test('a required field must be given at creation and cannot be cleared', async () => {
    const before = await site({})
    const id = await field('must', { type: 'text', required: true })

    const missing = await site({})
    const made = await site({ must: 'x' })
    const cleared = await patch(made.body.id, { must: null })
    const other = await patch(before.body.id, { cost: 1 })
    await api.call('DELETE', `/api/extras/custom-fields/${id}/`)

    expect([missing.status, missing.body['custom_fields']]).toEqual([400, ['must: This field is required.']])
    expect([cleared.status, cleared.body['custom_fields']]).toEqual([
      400,
      ['must: This field may not be null.'],
    ])
    expect(other.status).toBe(200)
  })

  test('a unique value is held by one row, and free again when that row gives it up or goes', async () => {
    const id = await field('asset', { type: 'text', unique: true })
    const first = await site({ asset: 'A1' })

    const taken = await site({ asset: 'A1' })
    await patch(first.body.id, { asset: 'A2' })
    const freed = await site({ asset: 'A1' })
    await api.call('DELETE', `/api/dcim/sites/${first.body.id}/`)
    const gone = await site({ asset: 'A2' })
    await api.call('DELETE', `/api/extras/custom-fields/${id}/`)

    expect([taken.status, taken.body['custom_fields']]).toEqual([
      400,
      ['asset: Site with this asset already exists.'],
    ])
    expect([freed.status, gone.status]).toEqual([201, 201])
  })

  test('of many who want one unique value at once, one gets it', async () => {
    const id = await field('serial_no', { type: 'text', unique: true })

    const answers = await Promise.all(Array.from({ length: 12 }, () => site({ serial_no: 'X' })))
    await api.call('DELETE', `/api/extras/custom-fields/${id}/`)

    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b)
    expect(statuses).toEqual([201, ...Array.from({ length: 11 }, () => 400)])
  })

  test('a deleted field is gone at once, and its values with the next write of the row', async () => {
    const id = await field('short', { type: 'text' })
    const made = await site({ short: 'x', cost: 1 })

    await api.call('DELETE', `/api/extras/custom-fields/${id}/`)
    const shown = await api.call<Fields>('GET', `/api/dcim/sites/${made.body.id}/`)
    const refused = await patch(made.body.id, { short: 'y' })
    await patch(made.body.id, { cost: 2 })
    const again = await field('short', { type: 'integer' })
    const after = await api.call<Fields>('GET', `/api/dcim/sites/${made.body.id}/`)
    await api.call('DELETE', `/api/extras/custom-fields/${again}/`)

    expect(Object.keys(shown.body.custom_fields)).not.toContain('short')
    expect(refused.status).toBe(400)
    expect(after.body.custom_fields['short']).toBeNull()
  })

  test('an object that goes is taken out of the values', async () => {
    const maker = await create('dcim/manufacturers', { name: 'Gone', slug: 'gone' })
    const made = await site({ maker, makers: [maker, ids['contact']] })

    const deleted = await api.call('DELETE', `/api/dcim/manufacturers/${maker}/`)
    const { body } = await api.call<Fields>('GET', `/api/dcim/sites/${made.body.id}/`)

    expect(deleted.status).toBe(204)
    expect(body.custom_fields).toMatchObject({ maker: null, makers: [{ id: ids['contact'] }] })
    expect(body._version).toBe(2)
  })

  test('a choice that a row holds stays in its set', async () => {
    await site({ tier: 'gold' })

    const refused = await api.call<Problem>(
      'PATCH',
      `/api/extras/custom-field-choice-sets/${ids['tiers']}/`,
      {
        body: { extra_choices: [['silver', 'Silver']] },
      },
    )

    expect(refused.status).toBe(400)
    expect(refused.body['extra_choices']?.[0]).toMatch(
      /^"gold" cannot go: \d+ rows? of dcim.site holds? it\.$/,
    )
  })
})

test('OPTIONS tells the custom fields with their choices', async () => {
  const { body } = await api.call<{ actions: { POST: Json } }>('OPTIONS', '/api/dcim/sites/')

  expect(body.actions.POST['custom_fields']).toMatchObject({
    children: {
      cost: { type: 'integer', max_value: 100 },
      tier: { choices: [{ value: 'gold' }, { value: 'silver' }] },
    },
  })
})
