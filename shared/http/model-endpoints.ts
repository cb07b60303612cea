import { AppError } from '../errors.ts'
import { keys } from '../table/keys.ts'
import { bindModel } from '../model/custom-fields.ts'
import { permissionOf, type Model, type RowOf, type Verb } from '../model/define.ts'
import { deleteRows } from '../model/deletion.ts'
import type { WriteOptions } from '../model/engine.ts'
import { noSuch } from '../model/nearest.ts'
import { describeFields } from '../model/output.ts'
import { rejectQuery } from '../model/query.ts'
import { createRows, etagOf, updateRows } from '../model/records.ts'
import { storedSchema } from '../model/rows.ts'
import { readJson } from './body.ts'
import { bulkItems, bulkUpdates } from './bulk.ts'
import { filteredTargets, isByFilter, sharedValues } from './filtered-bulk.ts'
import { replyGet, replyList, showRows, type ModelCall } from './model-reads.ts'
import type { HttpRequest, Reply } from './request.ts'

const verbOf: Readonly<Record<string, Verb>> = {
  GET: 'view',
  HEAD: 'view',
  OPTIONS: 'view',
  POST: 'add',
  PUT: 'change',
  PATCH: 'change',
  DELETE: 'delete',
}

/** Methods of a model's list or object, by the verbs it has. */
export function modelMethods(model: Model, isObject: boolean): string[] {
  const methods = isObject ? ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'] : Object.keys(verbOf)
  return methods.filter((method) => model.verbs.includes(verbOf[method] ?? 'view'))
}

/** The permission a method needs. */
export const permissionFor = (model: Model, method: string) => permissionOf(model, verbOf[method] ?? 'view')

/** Answers a request for a model's list. The caller may do it, and the model has the method. */
export async function replyForList(given: ModelCall): Promise<Reply> {
  const call = { ...given, model: await bindModel(given.engine, given.model) }
  const { method } = call.request
  if (method === 'GET' || method === 'HEAD') return replyList(call)
  if (method === 'OPTIONS') return replyOptions(call.model)
  if (call.request.headers['if-match'] !== undefined) {
    throw new AppError('validation_failed', 'If-Match is for one object: give `_version` in each row.')
  }
  if (isByFilter(call.request)) return replyByFilter(call)
  rejectParameters(call.request)
  const body = method === 'DELETE' && call.request.body.length === 0 ? undefined : readJson(call.request)
  if (method === 'POST') return replyCreate(call, body)
  return method === 'DELETE' ? replyBulkDelete(call, body) : replyBulkUpdate(call, body)
}

const replyOptions = (model: Model): Reply => {
  const fields = describeFields(model)
  return {
    status: 200,
    body: {
      name: model.labelPlural,
      description: '',
      renders: ['application/json'],
      parses: ['application/json'],
      actions: { POST: fields, PUT: fields },
    },
  }
}

async function replyCreate(call: ModelCall, body: unknown): Promise<Reply> {
  const isBulk = Array.isArray(body)
  const inputs = isBulk ? bulkItems(body) : [body]
  // The bodies are checked against the model's own schema in there.
  const rows = await createRows(
    call.engine,
    call.model,
    inputs as Record<string, never>[],
    options(call, isBulk),
  )
  const shown = await showRows(call, rows)
  if (isBulk) return { status: 201, body: shown }
  const [row] = rows
  const [one] = shown
  return {
    status: 201,
    headers: { etag: etagOf(row ?? { version: 1 }), location: String(one?.['url']) },
    body: one,
  }
}

async function replyBulkUpdate(call: ModelCall, body: unknown): Promise<Reply> {
  const updates = bulkUpdates(body)
  const rows = await updateRows(call.engine, call.model, updates, {
    ...options(call, true),
    replace: call.request.method === 'PUT',
  })
  return { status: 200, body: await showRows(call, rows) }
}

async function replyBulkDelete(call: ModelCall, body: unknown): Promise<Reply> {
  await deleteRows(call.engine, call.model, bulkUpdates(body), options(call, true))
  return { status: 204 }
}

/** Changes or deletes what the filters of the URL match, as long as it is as many as the caller expects. */
async function replyByFilter(call: ModelCall): Promise<Reply> {
  const { engine, model, request } = call
  const body = request.method === 'DELETE' ? undefined : readJson(request)
  const targets = await filteredTargets(engine, model, request)
  if (request.method === 'DELETE') {
    await deleteRows(engine, model, targets, options(call, true))
    return { status: 204 }
  }
  const values = sharedValues(body)
  const updates = targets.map((target) => ({ ...target, values }))
  const rows = await updateRows(engine, model, updates, options(call, true))
  return { status: 200, body: await showRows(call, rows) }
}

/** Answers a request for one object. */
export async function replyForObject(given: ModelCall, id: number): Promise<Reply> {
  const call = { ...given, model: await bindModel(given.engine, given.model) }
  const { engine, model, request } = call
  if (request.method === 'OPTIONS') return replyOptions(model)
  if (request.method === 'GET' || request.method === 'HEAD') return replyGet(call, id)
  rejectParameters(request)
  if (request.method === 'DELETE') {
    const version = await matchedVersion(call, id, undefined)
    await deleteRows(engine, model, [{ id, version }], options(call, false))
    return { status: 204 }
  }
  const body = readJson(request)
  const version = await matchedVersion(call, id, body)
  const values = body as Record<string, never>
  const rows = await updateRows(engine, model, [{ id, values, version }], {
    ...options(call, false),
    replace: request.method === 'PUT',
  })
  return replyOne(call, rows)
}

async function replyOne(call: ModelCall, rows: readonly RowOf<Model>[]): Promise<Reply> {
  const [row] = rows
  const [shown] = await showRows(call, rows)
  return { status: 200, headers: row === undefined ? {} : { etag: etagOf(row) }, body: shown }
}

/** A write with a parameter would look as if the parameter meant something. */
function rejectParameters({ query }: HttpRequest): void {
  const unknown = [...query.keys()].filter((name) => name !== 'format')
  rejectQuery(
    unknown.map((name) => ({ path: name, message: noSuch('parameter', name, []) })),
    [],
  )
}

const options = ({ caller, request }: ModelCall, bulk: boolean): WriteOptions => ({
  actor: {
    userId: caller.userId,
    username: caller.username,
    tokenId: caller.tokenId,
    requestId: caller.requestId,
  },
  message: (request.headers['x-changelog-message'] ?? '').slice(0, 200),
  bulk,
})

/** The version that the caller insists on, by `If-Match` or by `_version` in the body; undefined for any. */
async function matchedVersion(
  { engine, model, request }: ModelCall,
  id: number,
  body: unknown,
): Promise<number | undefined> {
  const header = request.headers['if-match']?.trim()
  if (header === undefined) return bodyVersion(body)
  if (header === '*') return undefined
  // A weak tag never matches here: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1
  const versions = header.split(',').map((tag) => Number(/^"(\d{1,15})"$/.exec(tag.trim())?.[1] ?? -1))
  if (versions.length === 1) return versions[0]
  const current = await engine.table.get(storedSchema(model), keys.entity(model.name, id))
  return versions.find((version) => version === current?.version) ?? -1
}

function bodyVersion(body: unknown): number | undefined {
  const given = body !== null && typeof body === 'object' && '_version' in body ? body._version : undefined
  if (given === undefined || Number.isSafeInteger(given)) return given as number | undefined
  throw new AppError('validation_failed', undefined, {
    issues: [{ path: '_version', message: 'An integer is expected.' }],
  })
}
