import { readTree, type ConfigNode } from '../../shared/backups/config-tree.ts'
import type { LineDialect } from '../../shared/platforms/restore/guide.ts'

/**
 * What a device makes of typed lines, written without looking at how they are made: a configuration as its lines, each
 * with the sections it stands in.
 */
type Tree = Map<string, Tree>

const treeOf = (nodes: readonly ConfigNode[]): Tree =>
  new Map(nodes.map(({ text, children }) => [text, treeOf(children)]))

const sorted = (tree: Tree, path: string): string[] =>
  [...tree].flatMap(([text, inner]) => [`${path}/${text}`, ...sorted(inner, `${path}/${text}`)]).sort()

/** Lines in no order; in the forms whose containers are nothing by themselves, without empty ones. */
export function canonical(nodes: readonly ConfigNode[], dialect: LineDialect): string[] {
  return linesOf(treeOf(nodes), dialect)
}

function linesOf(tree: Tree, { form, single }: LineDialect): string[] {
  if (form === 'paths') return pathsOf(tree, '').sort()
  if (form === 'edit') {
    const used = new Map([...tree].filter(([, entries]) => entries.size > 0))
    return sorted(used, '')
  }
  return sorted(form === 'sections' ? withoutDoubles(tree, single ?? []) : tree, '')
}

/** Of several lines that a section may have once, as the generator writes them, the last one counts. */
function withoutDoubles(tree: Tree, single: readonly RegExp[]): Tree {
  const result: Tree = new Map()
  for (const [text, inner] of tree) put(result, text, single).set(text, withoutDoubles(inner, single))
  return result
}

function put(tree: Tree, text: string, single: readonly RegExp[]): Tree {
  for (const pattern of single) {
    const key = pattern.exec(text)?.[0]
    if (key === undefined) continue
    for (const [other, inner] of tree)
      if (other !== text && inner.size === 0 && pattern.exec(other)?.[0] === key) tree.delete(other)
  }
  return tree
}

const pathsOf = (tree: Tree, path: string): string[] =>
  [...tree].flatMap(([text, inner]) =>
    inner.size === 0 ? [`${path} ${text}`.trim()] : pathsOf(inner, `${path} ${text}`),
  )

export function applyCommands(
  from: readonly ConfigNode[],
  commands: readonly string[],
  dialect: LineDialect,
): string[] {
  const tree = treeOf(from)
  if (dialect.form === 'paths') return typePaths(pathsOf(tree, ''), commands)
  if (dialect.form === 'flat')
    return typePaths(
      [...tree.keys()].map((line) => line.slice(4)),
      commands,
    )
      .map((line) => `/set ${line}`)
      .sort()
  if (dialect.form === 'edit') typeEdit(tree, readTree('edit', commands.join('\n')))
  else typeSections(tree, readTree('indent', commands.join('\n')), dialect)
  return linesOf(tree, dialect)
}

function typePaths(before: readonly string[], commands: readonly string[]): string[] {
  const lines = new Set(before)
  for (const command of commands) {
    const [, verb, path = ''] = /^(set|delete) (.*)$/.exec(command) ?? []
    if (verb === 'set') lines.add(path)
    else for (const line of lines) if (line === path || line.startsWith(`${path} `)) lines.delete(line)
  }
  // A section that has lines is said by them.
  const all = [...lines]
  return all.filter((line) => !all.some((other) => other.startsWith(`${line} `))).sort()
}

function typeSections(tree: Tree, commands: readonly ConfigNode[], dialect: LineDialect): void {
  for (const { text, children } of commands) {
    const no = `${dialect.negate} `
    if (text.startsWith(no)) {
      if (!tree.delete(text.slice(no.length))) throw new Error(`there is no ${text.slice(no.length)}`)
      continue
    }
    const inner = tree.get(text) ?? new Map<string, Tree>()
    put(tree, text, dialect.single ?? []).set(text, inner)
    typeSections(inner, children, dialect)
  }
}

function typeEdit(tree: Tree, commands: readonly ConfigNode[]): void {
  for (const { text, children } of commands) {
    const [, verb, name = ''] = /^(config|edit|set|unset|delete) (.*)$/.exec(text) ?? []
    if (verb === 'delete' && !tree.delete(`edit ${name}`)) throw new Error(`there is no ${name}`)
    if (verb === 'set' || verb === 'unset')
      for (const line of tree.keys())
        if (line.split(' ')[1] === name.split(' ')[0] && line.startsWith('set ')) tree.delete(line)
    if (verb === 'set') tree.set(text, new Map())
    if (verb !== 'config' && verb !== 'edit') continue
    const inner = tree.get(text) ?? new Map<string, Tree>()
    tree.set(text, inner)
    typeEdit(inner, children)
  }
}
