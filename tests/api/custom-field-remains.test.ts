import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Problem = Record<string, string[]> & { detail: string }

let api: TestApi
let contact = 0
let count = 0

async function create(path: string, body: Json): Promise<number> {
  const answer = await api.call('POST', `/api/${path}/`, { body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body.id
}

const field = async (name: string, body: Json): Promise<number> =>
  create('extras/custom-fields', { name, object_types: ['dcim.site'], ...body })

/** A site under a name of its own, with values of custom fields. */
const site = async (custom_fields: Json) => {
  const name = `site-${++count}`
  const body = { name, slug: name, custom_fields }
  return api.call<Shown & Problem>('POST', '/api/dcim/sites/', { body })
}

beforeAll(async () => {
  api = await startApi()
  contact = await create('dcim/manufacturers', { name: 'Acme', slug: 'acme' })
})
afterAll(() => api.stop())

describe('what is left behind', () => {
  test('by a deleted field keeps no object from being deleted', async () => {
    const id = await field('left', { type: 'object', related_object_type: 'dcim.manufacturer' })
    const many = await field('lefts', { type: 'multiobject', related_object_type: 'dcim.manufacturer' })
    const maker = await create('dcim/manufacturers', { name: 'Left', slug: 'left' })
    await site({ left: maker, lefts: [maker, contact] })
    for (const one of [id, many]) await api.call('DELETE', `/api/extras/custom-fields/${one}/`)

    const { status } = await api.call('DELETE', `/api/dcim/manufacturers/${maker}/`)

    expect(status).toBe(204)
  })

  test('a default stays a choice, and a field keeps to sets that have what its rows hold', async () => {
    const silver = [['silver', 'Silver']]
    const set = await create('extras/custom-field-choice-sets', { name: 'Silver', extra_choices: silver })
    const gold = [['gold', 'Gold']]
    const other = await create('extras/custom-field-choice-sets', { name: 'Gold', extra_choices: gold })
    const id = await field('metal', { type: 'select', choice_set: set, default: 'silver' })

    const removed = await api.call<Problem>('PATCH', `/api/extras/custom-field-choice-sets/${set}/`, {
      body: { extra_choices: gold },
    })
    await site({ metal: 'silver' })
    const moved = await api.call<Problem>('PATCH', `/api/extras/custom-fields/${id}/`, {
      body: { choice_set: other, default: null },
    })

    expect(removed.body['extra_choices']).toEqual(['"silver" cannot go: it is the default of metal.'])
    expect(moved.body['choice_set']).toEqual(['"silver" cannot go: 1 row of dcim.site holds it.'])
    await api.call('DELETE', `/api/extras/custom-fields/${id}/`)
  })

  test('a unique text is short enough for its guard, whatever its characters', async () => {
    const id = await field('label_no', { type: 'text', unique: true })

    const long = await site({ label_no: 'x'.repeat(201) })
    const wide = await site({ label_no: '漢'.repeat(200) })
    await api.call('DELETE', `/api/extras/custom-fields/${id}/`)

    expect([long.status, wide.status]).toEqual([400, 201])
  })
})
