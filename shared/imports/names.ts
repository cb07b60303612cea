import type { Catalogs } from '../catalog/catalog.ts'
import { uniqueFields, type Model, type Row } from '../model/define.ts'
import { nearest } from '../model/nearest.ts'
import { displayOf } from '../model/rows.ts'

/** The rows of the file itself, which may refer to each other: values as far as they are plain, by index. */
export type FileRows = { model: Model; rows: ReadonlyMap<number, Readonly<Record<string, unknown>>> }

/** Ids (of objects) and indexes (of file rows) by a value. */
export type Places = { ids: number[]; rows: number[] }
type Index = Map<string, Places>

/** Comparisons that all suggestions of one file may cost. */
const comparisonsMax = 20_000_000

export type Names = {
  /** Objects of a model by a value of theirs. */
  indexBy: (target: Model, name: string, valueOf: (row: Row) => unknown) => Index
  /** What names an object, the most usual first. */
  namesOf: (target: Model) => { name: string; index: () => Index }[]
  /** The name that is most like a text. */
  suggest: (target: Model, text: string) => string | undefined
}

/** Indexes over the catalogs, each made when it is first asked for and kept for one file. */
export function createNames(catalogs: Catalogs, file: FileRows | undefined): Names {
  const indexes = new Map<string, Index>()
  const suggestions = new Map<string, string | undefined>()
  let comparisons = 0

  function indexBy(target: Model, name: string, valueOf: (row: Row) => unknown): Index {
    const key = `${target.name} ${name}`
    const known = indexes.get(key)
    if (known !== undefined) return known
    const index: Index = new Map()
    const place = (value: unknown): Places => {
      const text = String(value)
      const there = index.get(text) ?? { ids: [], rows: [] }
      index.set(text, there)
      return there
    }
    for (const row of catalogs.of(target).rows.values()) {
      const value = valueOf(row)
      if (isName(value)) place(value).ids.push(row.id)
    }
    // Of the file's rows the display is not known yet: it may need what they refer to.
    if (file?.model === target && name !== 'display') {
      for (const [at, values] of file.rows) if (isName(values[name])) place(values[name]).rows.push(at)
    }
    indexes.set(key, index)
    return index
  }

  const namesOf = (target: Model): { name: string; index: () => Index }[] => [
    ...naturalNames(target).map((name) => ({ name, index: () => indexBy(target, name, (row) => row[name]) })),
    { name: 'display', index: () => indexBy(target, 'display', (row) => displayOf(target, row)) },
  ]

  function suggest(target: Model, text: string): string | undefined {
    const key = `${target.name} ${text}`
    if (suggestions.has(key)) return suggestions.get(key)
    const [first] = namesOf(target)
    const names = first === undefined ? [] : [...first.index().keys()]
    comparisons += names.length * text.length
    const suggestion = comparisons > comparisonsMax ? undefined : nearest(text, names)[0]
    suggestions.set(key, suggestion)
    return suggestion
  }

  return { indexBy, namesOf, suggest }
}

export const isName = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') || typeof value === 'number'

const usualNames = ['slug', 'name'] as const

/** Fields that name an object, the most usual first: slug, name, then whatever is unique by itself. */
export function naturalNames(target: Model): string[] {
  const single = (target.unique ?? []).flatMap((unique) => {
    const fields = uniqueFields(unique)
    return fields.length === 1 ? fields : []
  })
  const plain = [...usualNames, ...single].filter((name) => {
    const field = target.fields[name]
    return field !== undefined && field.hidden !== true && field.kind !== 'ref' && field.kind !== 'secret'
  })
  return [...new Set(plain)]
}
