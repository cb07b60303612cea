import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Model } from '../../shared/model/define.ts'
import { defaultOf } from '../../shared/model/field-schema.ts'
import { registry } from '../../shared/models.ts'
import { startApi, type Json, type Shown, type TestApi } from '../support/api.ts'
import { expectedValues, plainValues } from '../support/rows/shown.ts'
import { canCreate, createWorld, listUrl, writable, type World } from '../support/rows/world.ts'

/** Driven by the registry: a model that is added tomorrow is held to all of this. */
const seed = 20_261_126
type Page = { count: number; results: Shown[] }
type Refusal = Json & { code: string; errors?: { index?: number; id?: number; errors: Json }[] }

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startApi()
  world = createWorld(api, seed)
})
afterAll(() => api.stop())

const created = registry.all.filter(canCreate).map((model) => [model.name, model] as const)

/** Values that a model works out from others may differ from what was given. */
const isDerived = (model: Model): boolean => model.derive !== undefined || model.effects !== undefined

const countOf = async (model: Model): Promise<number> =>
  (await api.call<Page>('GET', `${listUrl(model)}?limit=1`)).body.count

describe.each(created)('%s', (_, model) => {
  const url = listUrl(model)

  test('shows what it was created with, and nothing else', async () => {
    const { body, shown } = await world.create(model)
    const read = await api.call('GET', `${url}${shown.id}/`)
    const listed = await api.call<Page>('GET', `${url}?id=${shown.id}`)

    const values = plainValues(model, shown)
    const expected = expectedValues(model, body)
    expect(isDerived(model) ? Object.keys(values) : values).toEqual(
      isDerived(model) ? Object.keys(expected) : expected,
    )
    expect(read.body).toEqual(shown)
    expect(listed.body).toMatchObject({ count: 1, results: [shown] })
    expect(read.headers['etag']).toBe(`"${shown._version}"`)
  })

  test('changes the given fields only, one version at a time, and by PUT of what it shows nothing', async () => {
    const { shown } = await world.create(model)
    const donor = plainValues(model, (await world.create(model)).shown)
    const [name = ''] = writable(model).find(([, { kind }]) => kind === 'text' || kind === 'slug') ?? []
    const wanted = !isUniqueIn(model, name) ? donor[name] : `x${String(donor[name])}`.slice(0, 40)

    const changed = await api.call('PATCH', `${url}${shown.id}/`, { body: { [name]: wanted } })
    const again = await api.call('PUT', `${url}${shown.id}/`, { body: withSecrets(model, changed.body) })
    const read = await api.call('GET', `${url}${shown.id}/`)

    expect(changed).toMatchObject({ status: 200 })
    expect(changed.body).toEqual({
      ...shown,
      ...changedMembers(changed.body, shown, name),
    })
    expect([again.status, again.body]).toEqual([200, changed.body])
    expect(read.body).toEqual(changed.body)
  })

  test('is changed under its current version only', async () => {
    const { shown } = await world.create(model)
    const field = writable(model).find(([, one]) => one.kind === 'text')?.[0] ?? ''

    const byTag = await api.call('PATCH', `${url}${shown.id}/`, {
      body: { [field]: 'stale' },
      headers: { 'if-match': `"${shown._version + 7}"` },
    })
    const byRow = await api.call<Refusal>('PATCH', url, {
      body: [{ id: shown.id, _version: shown._version + 7, [field]: 'stale' }],
    })
    const deleted = await api.call<Refusal>('DELETE', url, {
      body: [{ id: shown.id, _version: shown._version + 7 }],
    })

    expect([byTag.status, byRow.status, deleted.status]).toEqual([412, 412, 412])
    expect(byTag.headers['etag']).toBe(`"${shown._version}"`)
    expect(byRow.body.errors).toMatchObject([{ id: shown.id }])
    expect((await api.call('GET', `${url}${shown.id}/`)).body).toEqual(shown)
  })

  test('names every row of a list that is wrong, and creates none of it', async () => {
    const good = [await world.create(model), await world.create(model)]
    await remove(model, good)
    const before = await countOf(model)
    const bodies = good.map(({ body }) => body)

    const refused = await api.call<Refusal>('POST', url, {
      body: [bodies[0], { ...bodies[1], no_such_field: 1 }, bodies[1], 'no object'],
    })

    expect(refused.status).toBe(400)
    expect(refused.body.errors).toMatchObject([
      { index: 1, errors: { no_such_field: [expect.any(String)] } },
      { index: 3 },
    ])
    expect(await countOf(model)).toBe(before)
  })

  test('is created, changed and deleted in lists, and frees what was unique about it', async () => {
    const good = [await world.create(model), await world.create(model), await world.create(model)]
    await remove(model, good)

    const made = await api.call<Shown[]>('POST', url, { body: good.map(({ body }) => body) })
    expect([made.status, made.body]).toEqual([201, made.body])
    const ids = made.body.map(({ id }) => id)
    const patched = await api.call<Shown[]>('PATCH', url, {
      body: made.body.toReversed().map(({ id, _version }) => ({ id, _version })),
    })
    const missing = await api.call<Refusal>('PATCH', url, { body: [{ id: ids[0] }, { id: 4095 }] })
    const gone = await api.call('DELETE', url, { body: ids.map((id) => ({ id })) })
    const after = await api.call<Page>('GET', `${url}?${ids.map((id) => `id=${id}`).join('&')}`)

    const plain = (rows: readonly Shown[]): Json[] => rows.map((row) => plainValues(model, row))
    expect(plain(made.body)).toEqual(plain(good.map(({ shown }) => shown)))
    expect(patched.body).toEqual(made.body.toReversed())
    expect(missing).toMatchObject({ status: 404, body: { errors: [{ id: 4095 }] } })
    expect([gone.status, after.body.count]).toEqual([204, 0])
  })

  test('refuses what is missing, by name, and a second of what is unique', async () => {
    const { body } = await world.create(model)
    const needed = writable(model)
      .filter(([, field]) => defaultOf(field) === undefined)
      .map(([name, { kind }]) => (kind === 'object' ? `${name}_id` : name))

    const empty = await api.call('POST', url, { body: {} })
    const twice = await api.call<Refusal>('POST', url, { body })

    expect(Object.keys(empty.body)).toEqual(expect.arrayContaining(needed))
    expect(empty.status).toBe(needed.length > 0 ? 400 : 201)
    const isUnique = (model.unique ?? []).some((one) => isGiven(one, body))
    expect(isUnique ? twice.status : 400).toBe(400)
  })

  test('shows the members that are asked for, and tells its fields', async () => {
    const { shown } = await world.create(model)
    const all = Object.keys(shown)
    const some = all.filter((_name, index) => index % 2 === 0)

    const fields = await api.call('GET', `${url}${shown.id}/?fields=${some.join()}`)
    const omit = await api.call<Page>('GET', `${url}?id=${shown.id}&omit=${some.join()}`)
    const brief = await api.call('GET', `${url}${shown.id}/?brief=true`)
    const told = await api.call<{ actions: { POST: Json } }>('OPTIONS', url)

    expect(Object.keys(fields.body).sort()).toEqual([...some].sort())
    expect(Object.keys(omit.body.results[0] ?? {}).sort()).toEqual(
      all.filter((one) => !some.includes(one)).sort(),
    )
    expect(Object.keys(brief.body)).toEqual(expect.arrayContaining(['id', 'url', 'display']))
    for (const [name] of writable(model)) expect(told.body.actions.POST).toHaveProperty(name)
  })
})

test.each(registry.all.filter((model) => !canCreate(model)).map((model) => [model.name, model] as const))(
  '%s, which operations make, is listed and shown',
  async (_, model) => {
    const { shown } = await world.create(model)

    const listed = await api.call<Page>('GET', `${listUrl(model)}?id=${shown.id}`)

    expect(listed.body.results).toEqual([shown])
  },
)

async function remove(model: Model, rows: readonly { shown: Shown }[]): Promise<void> {
  const answer = await api.call('DELETE', listUrl(model), {
    body: rows.map(({ shown }) => ({ id: shown.id })),
  })
  expect([answer.status, answer.body]).toEqual([204, undefined])
}

/** Names may be guarded by a function as well. */
const isUniqueIn = (model: Model, name: string): boolean =>
  name === 'name' || (model.unique ?? []).some((one) => ('fields' in one ? one.fields : one).includes(name))

const isGiven = (unique: NonNullable<Model['unique']>[number], body: Json): boolean =>
  ('fields' in unique ? unique.fields : unique).every((name) => (body[name] ?? '') !== '')

/** What is write-only is not shown, and a PUT must bring what is needed. */
const withSecrets = (model: Model, shown: Json): Json => ({
  ...shown,
  ...Object.fromEntries(
    writable(model)
      .filter(([, field]) => field.kind === 'secret' && defaultOf(field) === undefined)
      .map(([name]) => [name, 'Secret-12345']),
  ),
})

/** The members that a change of one field may touch. */
const changedMembers = (after: Shown, before: Shown, name: string): Json => ({
  [name]: after[name],
  display: after['display'],
  last_updated: after['last_updated'],
  _version: after[name] === before[name] ? before._version : before._version + 1,
})
