import type { Catalogs } from '../catalog/catalog.ts'
import type { Model } from '../model/define.ts'
import { noSuch } from '../model/nearest.ts'
import type { Registry } from '../model/registry.ts'
import type { Complaint } from './issues.ts'
import { createNames, isName, naturalNames, type FileRows, type Names, type Places } from './names.ts'

/** What a file's row refers to: an object there is, or another row of the file by its index. */
type Found = { id: number } | { row: number }
type Wrong = Pick<Complaint, 'code' | 'message' | 'suggestion'>

export type Resolver = {
  /**
   * @param given a name or id as text, an id, or attributes of the object, among them names of what it refers to in turn.
   * @param beside what else the row refers to, by field: of several rooms of one name the one at the row's own site is meant.
   */
  find(target: Model, given: unknown, beside?: Beside): Found | Wrong
  /** The name that `find` takes for the object, or else its id: what an export writes. */
  nameOf(target: Model, id: number, beside?: Beside): string | number
}

type Beside = Readonly<Record<string, unknown>>
type Sources = { registry: Registry; catalogs: Catalogs }
type Context = Sources & { names: Names }

/** Finds objects by what names them, in memory: the catalogs of all targets must be fresh. */
export function createResolver({ registry, catalogs }: Sources, file?: FileRows): Resolver {
  const context = { registry, catalogs, names: createNames(catalogs, file) }
  return {
    find: (target, given, beside) => find(context, target, given, beside),
    nameOf: (target, id, beside) => nameOf(context, target, { id, beside }),
  }
}

function findByName(context: Context, target: Model, given: string, beside: Beside = {}): Found | Wrong {
  const text = given.trim()
  const label = target.label.toLowerCase()
  for (const { name, index } of context.names.namesOf(target)) {
    const found = index().get(text)
    if (found !== undefined)
      return only(
        narrowed(context.catalogs, target, { found, beside }),
        `${label} with the ${name} "${text.slice(0, 100)}"`,
      )
  }
  if (/^\d{1,16}$/.test(text)) return findById(context, target, Number(text))
  const suggestion = context.names.suggest(target, text)
  return {
    code: 'reference_not_found',
    message: noSuch(label, text, suggestion === undefined ? [] : [suggestion]),
    suggestion,
  }
}

function findById(context: Context, target: Model, id: number): Found | Wrong {
  if (context.catalogs.of(target).rows.has(id)) return { id }
  return {
    code: 'reference_not_found',
    message: `There is no ${target.label.toLowerCase()} with the id ${id}.`,
  }
}

function findByAttributes(
  context: Context,
  target: Model,
  given: Readonly<Record<string, unknown>>,
): Found | Wrong {
  const { id } = given
  if (typeof id === 'number' || (typeof id === 'string' && /^\d{1,16}$/.test(id)))
    return findById(context, target, Number(id))
  const wanted: [string, unknown][] = []
  for (const [name, value] of Object.entries(given)) {
    const field = target.fields[name]
    if (field === undefined || field.hidden === true || field.kind === 'secret')
      return { code: 'reference_not_found', message: noSuch('attribute', name, Object.keys(target.fields)) }
    if (field.kind !== 'ref') {
      wanted.push([name, value])
      continue
    }
    const found = find(context, context.registry.get(field.to), value)
    if ('code' in found) return found
    // What another row of the file is to be cannot be looked for in others.
    wanted.push([name, 'id' in found ? found.id : Number.NaN])
  }
  const names = wanted.map(([name]) => name).join(' ')
  const index = context.names.indexBy(target, `(${names})`, (row) =>
    valuesKey(wanted.map(([name]) => row[name])),
  )
  const found = index.get(valuesKey(wanted.map(([, value]) => value)))
  if (found !== undefined) return only(found, `${target.label.toLowerCase()} with these attributes`)
  const [first] = wanted
  if (wanted.length === 1 && first !== undefined && typeof first[1] === 'string') {
    const inFile = context.names.indexBy(target, first[0], (row) => row[first[0]]).get(first[1])
    if (inFile !== undefined) return only(inFile, `${target.label.toLowerCase()} with these attributes`)
  }
  return {
    code: 'reference_not_found',
    message: `No ${target.label.toLowerCase()} has these attributes.`,
    suggestion: typeof first?.[1] === 'string' ? context.names.suggest(target, first[1]) : undefined,
  }
}

function find(context: Context, target: Model, given: unknown, beside?: Beside): Found | Wrong {
  if (typeof given === 'string') return findByName(context, target, given, beside)
  if (typeof given === 'number') return findById(context, target, given)
  if (given !== null && typeof given === 'object' && !Array.isArray(given))
    return findByAttributes(context, target, given as Record<string, unknown>)
  return { code: 'invalid_value', message: 'A name, an id or an object with attributes is expected.' }
}

function nameOf(
  context: Context,
  target: Model,
  { id, beside }: { id: number; beside: Beside | undefined },
): string | number {
  const row = context.catalogs.of(target).rows.get(id)
  if (row === undefined) return id
  for (const name of naturalNames(target)) {
    const value = row[name]
    if (!isName(value)) continue
    const found = findByName(context, target, String(value), beside)
    if ('id' in found && found.id === id && String(value) === String(value).trim()) return String(value)
  }
  return id
}

/** Those that refer to the same as the row does, where that leaves any. */
function narrowed(
  catalogs: Catalogs,
  target: Model,
  { found, beside }: { found: Places; beside: Beside },
): Places {
  if (found.ids.length < 2) return found
  const shared = Object.keys(beside).filter(
    (name) => target.fields[name]?.kind === 'ref' && typeof beside[name] === 'number',
  )
  const { rows } = catalogs.of(target)
  const ids = found.ids.filter((id) => shared.every((name) => rows.get(id)?.[name] === beside[name]))
  return ids.length === 0 ? found : { ...found, ids }
}

/** One object, or rows of the file that are not there yet. */
function only(
  { ids, rows }: { ids: readonly number[]; rows: readonly number[] },
  what: string,
): Found | Wrong {
  const [id] = ids
  if (ids.length === 1 && id !== undefined) return { id }
  const [row] = rows
  if (ids.length === 0 && rows.length === 1 && row !== undefined) return { row }
  const which =
    ids.length > 1 ? `ids ${ids.slice(0, 5).join(', ')}` : `rows ${rows.slice(0, 5).join(', ')} of this file`
  return { code: 'reference_ambiguous', message: `There is more than one ${what}: ${which}. Give the id.` }
}

const valuesKey = (values: readonly unknown[]): string => JSON.stringify(values)
