import { AppError } from '../errors.ts'
import { transactionItemsMax } from '../table/dynamo-table.ts'
import type { Key } from '../table/keys.ts'
import type { Item, Table, Write } from '../table/table.ts'
import type { Model, Row } from './define.ts'
import { writeContext, type Engine, type WriteOptions } from './engine.ts'
import { prepareCreates } from './incoming.ts'
import { attachedOf, examine, type Draft } from './prepare.ts'
import { publicRow } from './rows.ts'
import { packWrites } from './pack-writes.ts'
import { createWrites } from './writes.ts'

/** One of several rows that come to be in one transaction; later ones may refer to earlier ones by their ids. */
export type Step = {
  model: Model
  id: number
  input: Readonly<Record<string, unknown>>
  /** What complaints about the row begin with. */
  path: string
}

/**
 * Creates rows of several models in one transaction: all of them or none.
 * @throws AppError as `createRows`, paths beginning with the step's; `too_large` where they do not fit.
 */
export async function createTogether(
  engine: Engine,
  steps: readonly Step[],
  options: WriteOptions,
): Promise<Row[]> {
  const pending = new Map<string, Item>()
  // What earlier steps will have written is there for the later ones.
  const seeing: Engine = { ...engine, table: withPending(engine.table, pending) }
  const context = writeContext(engine, options)
  const drafts: { model: Model; draft: Draft }[] = []
  const writes: Write[] = []
  for (const { model, id, input, path } of steps) {
    const draft = await draftOf(seeing, { model, id, input, path }, options)
    const own = [...createWrites(context, model, attachedOf(draft)), ...(draft.more ?? [])]
    for (const write of own) if ('put' in write) pending.set(nameOf(write.put), write.put)
    writes.push(...own)
    drafts.push({ model, draft })
  }
  const rows = drafts.map(({ draft }) => draft.after)
  const kept = writes.filter(
    (write) => !('check' in write && 'isPresent' in write && pending.has(nameOf(write.check))),
  )
  const together = options.together?.(rows) ?? []
  if (kept.length + together.length > transactionItemsMax)
    throw new AppError('too_large', 'This does not fit one transaction.')
  for (const pack of packWrites([[...kept, ...together]], (all) => all)) await engine.table.write(pack.writes)
  for (const { model, draft } of drafts) await model.effects?.(engine, [draft], options)
  return drafts.map(({ model, draft }) => publicRow(model, draft.after))
}

async function draftOf(
  engine: Engine,
  { model, id, input, path }: Step,
  options: WriteOptions,
): Promise<Draft> {
  const at = engine.now().toISOString()
  try {
    const [values = {}] = await prepareCreates(engine, model, [input], { ...options, bulk: false })
    const after: Row = { id, version: 1, created: at, last_updated: at, ...values }
    const draft: Draft = { place: { index: 0 }, before: undefined, after }
    const { problems } = await examine(engine, model, [draft])
    const [first] = problems
    if (first !== undefined) throw new AppError(first.code, undefined, { issues: first.issues })
    return draft
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.issues.length === 0) throw cause
    const issues = cause.issues.map((issue) => ({ ...issue, path: `${path}.${issue.path}` }))
    throw new AppError(cause.code, cause.message, { cause, issues })
  }
}

const nameOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`

function withPending(table: Table, pending: ReadonlyMap<string, Item>): Table {
  return {
    ...table,
    async get(schema, key) {
      const item = pending.get(nameOf(key))
      return item === undefined ? table.get(schema, key) : schema.parse(item)
    },
    async getMany(schema, keys) {
      const found = await table.getMany(schema, keys)
      return found.map((one, index) => {
        const key = keys[index]
        const item = key && pending.get(nameOf(key))
        return item === undefined ? one : schema.parse(item)
      })
    },
  }
}
