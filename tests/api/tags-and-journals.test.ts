import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'

type Tagged = Shown & { tags: { id: number; slug: string }[] }
type Problem = Record<string, string[]> & { detail: string }

let api: TestApi
const tags: Record<string, number> = {}
let count = 0

async function create<T = Shown>(path: string, body: Json): Promise<T> {
  const answer = await api.call<T>('POST', `/api/${path}/`, { body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body
}

/** A site under a name of its own. */
const site = async (more: Json = {}): Promise<Tagged> => {
  const name = `site-${++count}`
  return create<Tagged>('dcim/sites', { name, slug: name, ...more })
}

const patch = async (id: number, body: Json) =>
  api.call<Tagged & Problem>('PATCH', `/api/dcim/sites/${id}/`, { body })

const slugsOf = ({ tags }: Tagged): string[] => tags.map(({ slug }) => slug)

beforeAll(async () => {
  api = await startApi()
  for (const name of ['a', 'b', 'c']) tags[name] = (await create('extras/tags', { name, slug: name })).id
})
afterAll(() => api.stop())

describe('tags', () => {
  test('add_tags and remove_tags change what is there, by ids and by attributes', async () => {
    const { id } = await site({ tags: [tags['a'], tags['b']] })

    const { body } = await patch(id, { add_tags: [{ slug: 'c' }, tags['a']], remove_tags: [{ name: 'b' }] })

    expect(slugsOf(body)).toEqual(['a', 'c'])
  })

  test('nothing is written where nothing changes', async () => {
    const { id } = await site({ tags: [tags['a']] })

    const { body } = await patch(id, { add_tags: [tags['a']], remove_tags: [tags['b']] })

    expect(body._version).toBe(1)
  })

  test('of many who add a tag at once none is lost', async () => {
    const { id } = await site()
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, n) => create('extras/tags', { name: `many-${n}`, slug: `many-${n}` })),
    )

    const answers = await Promise.all(made.map((tag) => patch(id, { add_tags: [tag.id] })))

    const { body } = await api.call<Tagged>('GET', `/api/dcim/sites/${id}/`)
    expect(answers.map(({ status }) => status)).toEqual(made.map(() => 200))
    expect(new Set(body.tags.map((tag) => tag.id))).toEqual(new Set(made.map((tag) => tag.id)))
  })

  test('tells how many objects have it, of whatever model, and not the rules that give it', async () => {
    const counted = await create('extras/tags', { name: 'counted', slug: 'counted' })
    await site({ tags: [counted.id] })
    await create('dcim/manufacturers', { name: 'Acme', slug: 'acme', tags: [counted.id] })
    const criteria = { field: 'name', operator: 'equals', value: 'x' }
    await create('extras/tag-rules', { name: 'gives', criteria, add_tags: [counted.id] })

    const one = await api.call<Json>('GET', `/api/extras/tags/${counted.id}/`)
    const all = await api.call<{ results: Json[] }>('GET', '/api/extras/tags/?slug=counted')
    const without = await api.call<{ results: Json[] }>(
      'GET',
      '/api/extras/tags/?slug=counted&omit=tagged_items',
    )

    expect([one.body['tagged_items'], all.body.results[0]?.['tagged_items']]).toEqual([2, 2])
    expect(without.body.results[0]).not.toHaveProperty('tagged_items')
  })

  test('the whole and a change of it are refused together, and a creation knows no change', async () => {
    const { id } = await site()

    const both = await patch(id, { tags: [tags['a']], add_tags: [tags['b']] })
    const created = await api.call<Problem>('POST', '/api/dcim/sites/', {
      body: { name: 'x', slug: 'x', add_tags: [tags['a']] },
    })

    expect([both.status, both.body['add_tags']]).toEqual([400, ['Give either tags or what changes of them.']])
    expect([created.status, created.body['add_tags']?.length]).toEqual([400, 1])
  })

  test('a tag for some models is refused by the others, but stays where it is', async () => {
    const kept = await create('extras/tags', { name: 'kept', slug: 'kept' })
    const had = await site({ tags: [kept.id] })
    await api.call('PATCH', `/api/extras/tags/${kept.id}/`, { body: { object_types: ['dcim.device'] } })

    const refused = await patch((await site()).id, { add_tags: [kept.id] })
    const other = await patch(had.id, { add_tags: [tags['a']] })

    expect([refused.status, refused.body['tags']]).toEqual([400, ['The tag "kept" is for dcim.device only.']])
    expect(slugsOf(other.body)).toEqual(['kept', 'a'])
  })

  test('a model that does not exist is told with the nearest', async () => {
    const { status, body } = await api.call<Problem>('POST', '/api/extras/tags/', {
      body: { name: 'd', slug: 'd', object_types: ['dcim.devices'] },
    })

    expect([status, body['object_types']]).toEqual([
      400,
      ['There is no model for this "dcim.devices". Did you mean "dcim.device"?'],
    ])
  })
})

describe('journals', () => {
  test('an entry tells its object and who wrote it, and goes with the object', async () => {
    const { id, name } = await site()

    const entry = await create<Json & { id: number }>('extras/journal-entries', {
      assigned_object_type: 'dcim.site',
      assigned_object_id: id,
      kind: 'warning',
      comments: 'Power is out\nsince noon',
      created_by: 1,
    })
    await api.call('DELETE', `/api/dcim/sites/${id}/`)
    const gone = await api.call('GET', `/api/extras/journal-entries/${entry.id}/`)

    expect(entry).toMatchObject({
      assigned_object_type: 'dcim.site',
      assigned_object_id: id,
      assigned_object: { id, name },
      kind: { value: 'warning', label: 'Warning' },
      created_by: { username: 'admin' },
      display: 'Power is out',
    })
    expect(gone.status).toBe(404)
  })

  test('the entries of an object are found by it', async () => {
    const [one, other] = [await site(), await site()]
    for (const { id } of [one, one, other]) {
      const assigned = { assigned_object_type: 'dcim.site', assigned_object_id: id }
      await create('extras/journal-entries', { ...assigned, comments: 'seen' })
    }

    const { body } = await api.call<{ count: number }>(
      'GET',
      `/api/extras/journal-entries/?assigned_object_type=dcim.site&assigned_object_id=${one.id}`,
    )

    expect(body.count).toBe(2)
  })

  test('an entry about nothing is refused', async () => {
    const { status, body } = await api.call<Problem>('POST', '/api/extras/journal-entries/', {
      body: { assigned_object_type: 'dcim.site', assigned_object_id: 5, comments: 'x' },
    })

    expect([status, body['assigned_object_id']]).toEqual([400, ['There is no site with the id 5.']])
  })
})
