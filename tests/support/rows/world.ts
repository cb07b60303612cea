import * as fc from 'fast-check'
import { uniqueFields, type Model } from '../../../shared/model/define.ts'
import { defaultOf, inputOf } from '../../../shared/model/field-schema.ts'
import type { Field } from '../../../shared/model/fields.ts'
import { createEngine } from '../../../shared/model/engine.ts'
import { createRows } from '../../../shared/model/records.ts'
import { registry } from '../../../shared/models.ts'
import type { Json, Shown, TestApi } from '../api.ts'
import { actor, seal } from '../engine.ts'
import { hints } from './hints.ts'
import { valueOf } from './values.ts'

/** Rows of every model that others may refer to. */
const poolSize = 3
const attemptsMax = 24
/** So many attempts in a row mend one body. */
const stuckAfter = 4

export type World = {
  api: TestApi
  /** A body that the model's fields allow; its rules may still complain about it. */
  candidate(model: Model): Promise<Json>
  /** The body with what the model's rules ask for (`hints.ts`). */
  hinted(model: Model, body: Json): Json
  /** Gives a body a value for one field. */
  give(model: Model, body: Json, name: string): Promise<void>
  /** Creates a row, leaving out optional fields that the model's rules complain about. */
  create(model: Model): Promise<{ body: Json; shown: Shown }>
  ids(model: string): Promise<number[]>
}

export const listUrl = (model: Model): string => `/api/${model.area}/${model.path}/`
/** Runs and tokens are made by operations of their own. */
export const canCreate = (model: Model): boolean => model.verbs.includes('add')

/** Makes rows from the declarations of the models, the same ones at every run for one seed. */
export function createWorld(api: TestApi, seed: number): World {
  const pools = new Map<string, Promise<number[]>>()
  let drawn = 0
  const draw = <T>(arbitrary: fc.Arbitrary<T>): T => {
    drawn += 1
    const [value] = fc.sample(arbitrary, { numRuns: 1, seed: seed + drawn })
    return value as T
  }
  const world: World = {
    api,
    candidate: async (model) => {
      const body: Json = {}
      for (const [name, field] of canCreate(model) ? writable(model) : Object.entries(model.fields)) {
        const isNeeded = defaultOf(field) === undefined
        if (!isNeeded && draw(fc.boolean())) continue
        await world.give(model, body, name)
      }
      return world.hinted(model, body)
    },
    hinted: (model, body) => {
      drawn += 1
      return hints[model.name]?.(body, drawn) ?? body
    },
    give: async (model, body, name) => {
      const field = model.fields[name]
      if (field !== undefined) await give(world, { model, body, name, field, draw })
    },
    create: async (model) => (canCreate(model) ? createRow(world, model) : createBySystem(world, model)),
    ids: (name) => {
      const known = pools.get(name)
      if (known !== undefined) return known
      // Set before it is filled: a model that refers to itself finds what there is.
      const ids: number[] = []
      const filled = fillPool(world, registry.get(name), ids)
      pools.set(name, Promise.resolve(ids))
      return filled.then(() => ids)
    },
  }
  return world
}

async function fillPool(world: World, model: Model, ids: number[]): Promise<void> {
  for (let count = 0; count < poolSize; count++) ids.push((await world.create(model)).shown.id)
}

export const writable = (model: Model): [string, Field][] =>
  Object.entries(model.fields).filter(([, field]) => field.readOnly !== true && field.hidden !== true)

type Giving = {
  model: Model
  body: Json
  name: string
  field: Field
  draw: <T>(arbitrary: fc.Arbitrary<T>) => T
}

async function give(world: World, { model, body, name, field, draw }: Giving): Promise<void> {
  if (field.kind === 'ref' || field.kind === 'refs') {
    const pool = needsOwn(model, name) ? [] : await world.ids(field.to)
    // A pool that is being filled may ask for itself: a device for its address, of its interface, of a device.
    const isNeeded = pool.length === 0 && (needsOwn(model, name) || defaultOf(field) === undefined)
    const ids = isNeeded ? [await freshId(world, field.to)] : pool
    if (field.kind === 'refs') body[name] = draw(fc.subarray(ids))
    else if (ids.length > 0) body[name] = draw(fc.constantFrom(...ids))
    return
  }
  if (field.kind === 'object') {
    const types = field.to === 'any' ? ['dcim.site', 'extras.tag'] : field.to
    const type = draw(fc.constantFrom(...types))
    const ids = await world.ids(type)
    if (ids.length === 0) return
    body[`${name}_type`] = type
    body[`${name}_id`] = draw(fc.constantFrom(...ids))
    return
  }
  // Names of models, by the word that NetBox has for them.
  if (field.kind === 'list' && name === 'object_types') {
    body[name] = ['dcim.rackrole']
    return
  }
  const value = draw(valueOf(field))
  body[name] = isUnique(model, name) ? distinct(field, value, draw(fc.nat(1e9))) : value
}

/** Whether rows may not share the value. What a model guards by a function is told by the names it has. */
const isUnique = (model: Model, name: string): boolean =>
  name === 'name' || (model.unique ?? []).some((unique) => uniqueFields(unique).includes(name))

/** Where nothing else tells rows apart, such as the two sides of a circuit, each gets an object of its own. */
function needsOwn(model: Model, name: string): boolean {
  return (model.unique ?? []).some((unique) => {
    const fields = uniqueFields(unique)
    return fields.includes(name) && !fields.some((one) => tellsApart.has(model.fields[one]?.kind ?? 'bool'))
  })
}

const tellsApart: ReadonlySet<Field['kind']> = new Set(['text', 'slug', 'int'])

const freshId = async (world: World, name: string): Promise<number> =>
  (await world.create(registry.get(name))).shown.id

function distinct(field: Field, value: unknown, n: number): unknown {
  if (field.kind === 'slug') return `${String(value)}-${n}`
  if (field.kind === 'int') return Math.min(field.max, field.min + (n % (field.max - field.min)))
  if (field.kind !== 'text') return value
  const text = String(value)
  // A character may take two places: none is cut in half.
  const part = text
    .slice(0, Math.max(0, field.max - 11))
    .toWellFormed()
    .replace('\ufffd', '')
  const forms = [`${part} ${n}`.trim(), `${part}_${n}`, `${n}.${text}`, `x${n}`]
  return forms.find((one) => inputOf(field).safeParse(one).success) ?? value
}

async function createBySystem(world: World, model: Model): Promise<{ body: Json; shown: Shown }> {
  const body = await world.candidate(model)
  const table = world.api.served.table
  const engine = createEngine({ table, registry, seal, now: () => new Date() })
  const [row] = await createRows(engine, model, [body as Record<string, never>], { actor, bySystem: true })
  const answer = await world.api.call('GET', `${listUrl(model)}${row?.id}/`)
  return { body, shown: answer.body }
}

/** Tries again without what the rules complained about, or with another value where it is needed. */
async function createRow(world: World, model: Model): Promise<{ body: Json; shown: Shown }> {
  let body = await world.candidate(model)
  const said: unknown[] = []
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const answer = await world.api.call('POST', listUrl(model), { body })
    if (answer.status === 201) return { body, shown: answer.body }
    said.push(answer.body)
    const complaints = Object.keys(answer.body).filter((name) => Array.isArray(answer.body[name]))
    if (answer.status !== 400 || complaints.length === 0) break
    // A body that does not come right by leaving things out is drawn anew.
    const isStuck = attempt % stuckAfter === stuckAfter - 1
    body =
      isStuck || answer.body['code'] === 'duplicate'
        ? await world.candidate(model)
        : await withoutComplaints(world, model, { body, complaints })
  }
  throw new Error(`no ${model.name} could be made of ${JSON.stringify(body)}: ${JSON.stringify(said)}`)
}

/** Leaves out an optional field that was complained about, or gives it where it was missing. */
async function withoutComplaints(
  world: World,
  model: Model,
  { body, complaints }: { body: Json; complaints: readonly string[] },
): Promise<Json> {
  const left = { ...body }
  for (const name of complaints.flatMap((one) => [one, ...pairOf(one)])) {
    const field = model.fields[name]
    const value = left[name]
    const wasGiven = value !== undefined && !(Array.isArray(value) && value.length === 0)
    delete left[name]
    if (field !== undefined && (defaultOf(field) === undefined || !wasGiven))
      await world.give(model, left, name)
  }
  return world.hinted(model, left)
}

/** `assigned_object_id` stands for `assigned_object_type` too. */
const pairOf = (name: string): string[] =>
  name.endsWith('_id')
    ? [`${name.slice(0, -3)}_type`]
    : name.endsWith('_type')
      ? [`${name.slice(0, -5)}_id`]
      : []
