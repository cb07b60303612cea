import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readHead, readSnapshot, writeSnapshot } from '../../../shared/catalog/snapshot-format.ts'
import { defineModel, type Model, type Row } from '../../../shared/model/define.ts'
import { bool, choice, int, json, ref, secret, tags, text } from '../../../shared/model/fields.ts'
import * as z from 'zod'

const head = { name: 'lab.thing', path: 'things', label: 'Thing', labelPlural: 'Things' } as const
const some = { search: ['name'], columns: ['name'] } as const
const thing = defineModel({
  ...head,
  ...some,
  fields: {
    name: text({}),
    status: choice({ active: 'Active', planned: 'Planned' }, { default: 'active' }),
    height: int({ optional: true }),
    site: ref('dcim.site', { optional: true }),
    data: json(z.unknown(), { optional: true }),
    key: secret({ optional: true }),
    enabled: bool({ default: true }),
    note: text({ hidden: true, optional: true }),
    tags: tags(),
  },
})

const takenAt = new Date('2026-11-26T12:00:00.000Z')
const now = new Date('2026-11-26T12:05:00.000Z')
const expected = { table: 'netkeep', model: thing, now }
const times = fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-11-26T11:59:59.999Z')

const rowsOfThing = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    version: fc.integer({ min: 1, max: 9 }),
    created: times,
    last_updated: times,
    name: fc.string({ unit: 'binary' }),
    status: fc.constantFrom('active', 'planned'),
    height: fc.option(fc.integer()),
    site: fc.option(fc.integer({ min: 1 })),
    data: fc.option(fc.oneof(fc.jsonValue(), fc.constantFrom('[]', '{}', '{{}'))),
    has_key: fc.boolean(),
    enabled: fc.boolean(),
    tags: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
    custom_fields: fc.dictionary(fc.constantFrom('cost', 'owner'), fc.jsonValue()),
  }),
  { selector: ({ id }) => id, maxLength: 40 },
)

const row = (id: number, values: object = {}): Row => ({
  id,
  version: 1,
  created: takenAt.toISOString(),
  last_updated: takenAt.toISOString(),
  name: `thing ${id}`,
  status: 'active',
  height: null,
  site: 7,
  data: null,
  has_key: false,
  enabled: true,
  tags: [],
  custom_fields: {},
  ...values,
})

const write = (rows: Row[], model: Model = thing): Promise<Uint8Array> =>
  writeSnapshot({ table: 'netkeep', model }, { rows, gone: [9], takenAt })

test('rows are read as they were written, whatever is in them', async () => {
  await fc.assert(
    fc.asyncProperty(rowsOfThing, async (rows) => {
      // JSON knows no -0.
      const plain = JSON.parse(JSON.stringify(rows)) as Row[]
      const read = await readSnapshot(await write(plain), expected)
      if ('problem' in read) throw new Error(read.problem)

      expect([...read.rows]).toEqual(plain)
      expect(read).toMatchObject({ gone: [9], takenAt })
    }),
  )
})

test('hidden fields and secrets are not in it', async () => {
  const bytes = await write([row(1, { note: 'hidden note', key: 'sealed key' })])
  const body = gunzipSync(bytes.subarray(bytes.indexOf(0x0a) + 1)).toString()

  expect(body).toContain('thing 1')
  expect(body).not.toMatch(/hidden note|sealed key/)
})

describe('a model that was changed since', () => {
  const { name, status } = thing.fields
  const later = (fields: Record<string, unknown>): Model =>
    defineModel({ ...head, search: [], columns: [], fields: fields as Model['fields'] })

  test('reads a field that was added later as its default, and drops one it has no more', async () => {
    const model = later({ name, colour: text({ default: 'grey' }) })

    const read = await readSnapshot(await write([row(1)]), { ...expected, model })

    if ('problem' in read) throw new Error(read.problem)
    const { id, version, created, last_updated } = row(1)
    expect([...read.rows]).toEqual([{ id, version, created, last_updated, name: 'thing 1', colour: 'grey' }])
  })

  test.each([
    ['a field of another kind', later({ name: int({}) }), /name was a text, it is a int/],
    ['a field without a default', later({ name, owner: text({}) }), /it lacks owner/],
  ])('refuses %s', async (_, model, problem) => {
    const read = await readSnapshot(await write([row(1)]), { ...expected, model })

    expect(read).toEqual({ problem: expect.stringMatching(problem) as string })
  })

  test('refuses a snapshot in which a field that is back has no values', async () => {
    const before = readHead(await write([row(1, { status: 'planned' })]), expected)
    if ('problem' in before) throw new Error(before.problem)
    const without = await writeSnapshot(
      { table: 'netkeep', model: later({ name }) },
      { rows: [row(1)], gone: [], takenAt },
      before,
    )

    const read = await readSnapshot(without, { ...expected, model: later({ name, status }) })

    expect(read).toEqual({ problem: 'the field status was away and is back' })
  })
})

describe('what is not as it should be is refused with the reason', () => {
  const another = defineModel({ ...head, name: 'lab.other', ...some, fields: thing.fields })
  /** With a hash that is right, so that the contents themselves must be looked at. */
  const hashed = (bytes: Uint8Array, change: (body: Uint8Array) => Uint8Array): Uint8Array => {
    const end = bytes.indexOf(0x0a)
    const body = change(bytes.subarray(end + 1))
    const sha256 = createHash('sha256').update(body).digest('hex')
    const first = { ...(JSON.parse(Buffer.from(bytes.subarray(0, end)).toString()) as object), sha256 }
    return Buffer.concat([Buffer.from(`${JSON.stringify(first)}\n`), body])
  }
  const withBody = (bytes: Uint8Array, change: (body: string) => string): Uint8Array =>
    hashed(bytes, (body) => gzipSync(change(gunzipSync(body).toString())))
  const flipped = (bytes: Uint8Array): Uint8Array => bytes.with(bytes.length - 9, (bytes.at(-9) ?? 0) ^ 1)

  test.each<[string, (bytes: Uint8Array) => Uint8Array, object, RegExp]>([
    ['cut off', (bytes) => bytes.subarray(0, -20), {}, /hash/],
    ['one bit', flipped, {}, /hash/],
    ['nothing', () => new Uint8Array(), {}, /JSON/],
    ['a page of HTML', () => Buffer.from('<html>\n</html>'), {}, /JSON/],
    ['another table', (bytes) => bytes, { table: 'restored' }, /in the table netkeep/],
    ['another model', (bytes) => bytes, { model: another }, /of lab.thing/],
    ['the future', (bytes) => bytes, { now: new Date('2026-11-26T11:00:00Z') }, /future/],
    ['no gzip', (bytes) => hashed(bytes, () => Buffer.from('text')), {}, /cannot be unpacked/],
    [
      'a column less',
      (bytes) => withBody(bytes, (body) => body.slice(body.indexOf('\n') + 1)),
      {},
      /columns/,
    ],
    [
      'no column',
      (bytes) => withBody(bytes, (body) => body.replace('{"same":1}', '{"some":1}')),
      {},
      /version/,
    ],
    [
      'a row less',
      (bytes) => withBody(bytes, (body) => body.replace('"each":[1,', '"each":[')),
      {},
      /id: no/,
    ],
    ['an id twice', (bytes) => withBody(bytes, (body) => body.replace('[1,2,', '[2,2,')), {}, /twice/],
    [
      'a wrong value',
      (bytes) => withBody(bytes, (body) => body.replace('"thing 1"', '1')),
      {},
      /name: .*string/,
    ],
    ['a wrong place', (bytes) => withBody(bytes, (body) => body.replace('"at":[0', '"at":[9')), {}, /places/],
  ])('%s', async (_, change, other, problem) => {
    const bytes = await write([row(1), row(2), row(3, { height: 5 }), row(4, { height: 5 })])

    const read = await readSnapshot(change(bytes), { ...expected, ...other })

    expect(read).toEqual({ problem: expect.stringMatching(problem) as string })
  })
})
