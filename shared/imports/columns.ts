import { inputSchema } from '../model/input.ts'
import { customFieldsOf } from '../model/custom-fields.ts'
import { customColumn } from '../model/custom-filters.ts'
import { customPath } from '../model/custom-values.ts'
import type { Model } from '../model/define.ts'
import { nearest, noSuch } from '../model/nearest.ts'
import { shownNames } from '../model/output.ts'
import type { Registry } from '../model/registry.ts'
import type { Complaint } from './issues.ts'

/** Columns that our own annotated file adds: it can be mended and given again. */
export const annotationColumns = ['_line_status', '_errors'] as const

/** What a column is for: a member of the input, an attribute of what a member refers to, or nothing. */
export type Column =
  | { role: 'id' | 'version' | 'ignored' }
  | { role: 'member'; member: string }
  /** `site__slug`: the object whose slug it is. `device__site__slug`: one of its attributes refers on. */
  | { role: 'attribute'; member: string; path: readonly string[] }

export type Columns = (name: string) => Column | Complaint

/** Says what columns mean for a model. @param mayGuess names may be written like titles: `Device Type`. */
export function columnsOf(registry: Registry, model: Model, mayGuess: boolean): Columns {
  const members = new Set([...Object.keys(inputSchema(model, 'patch').shape), 'custom_fields'])
  const custom = new Map(customFieldsOf(model).map(({ name }) => [customColumn(name), customPath(name)]))
  const aliases = new Map(
    Object.entries(model.fields).flatMap(([name, { aliases = [] }]) =>
      aliases.map((alias) => [alias, name] as const),
    ),
  )
  const ignored = new Set<string>([...shownNames(model), ...annotationColumns, 'display_url'])
  const known = [...members, ...aliases.keys(), ...custom.keys(), 'id']
  const memo = new Map<string, Column | Complaint>()

  function read(name: string): Column | Complaint {
    if (name === 'id') return { role: 'id' }
    if (name === '_version') return { role: 'version' }
    const member = custom.get(name) ?? aliases.get(name) ?? name
    if (custom.has(name)) return { role: 'member', member }
    if (members.has(member)) return { role: 'member', member }
    const path = member.split('__')
    if (path.length > 1) return readPath(name, path)
    if (ignored.has(name)) return { role: 'ignored' }
    const guessed = name.toLowerCase().replaceAll(/[\s-]+/g, '_')
    if (mayGuess && guessed !== name) {
      const column = read(guessed)
      if (!('code' in column)) return column
    }
    return unknownColumn(name, known)
  }

  function readPath(name: string, [first = '', ...path]: readonly string[]): Column | Complaint {
    const member = aliases.get(first) ?? first
    let at = model
    let field = members.has(member) ? model.fields[member] : undefined
    for (const [depth, attribute] of path.entries()) {
      if (field?.kind !== 'ref' && !(depth === 0 && field?.kind === 'refs')) return unknownColumn(name, known)
      at = registry.get(field.to)
      if (attribute === 'id' && depth === path.length - 1) break
      field = at.fields[attribute]
      if (field === undefined || field.hidden === true)
        return unknownColumn(
          name,
          Object.keys(at.fields).map((one) => [first, ...path.slice(0, depth), one].join('__')),
        )
    }
    return { role: 'attribute', member, path }
  }

  return (name) => {
    const column = memo.get(name) ?? read(name)
    memo.set(name, column)
    return column
  }
}

function unknownColumn(name: string, known: readonly string[]): Complaint {
  const [suggestion] = nearest(name, known)
  return {
    column: name,
    code: 'unknown_column',
    message: name === '' ? 'A column has no name.' : noSuch('column', name, known),
    suggestion,
  }
}
