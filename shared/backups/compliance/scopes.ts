import { linesBelow, nodesBelow, type ConfigNode, type TreeLine } from '../config-tree.ts'
import type { Config } from './evaluate.ts'
import type { CompiledRule, LineTest } from './rule.ts'

/** A part of a configuration that a rule is asked of; without a header the whole. */
export type Scope = { header: TreeLine | null; nodes: readonly ConfigNode[] }

/** The sections that a rule is about, from above. */
export function scopesOf(rule: CompiledRule, { style, nodes }: Config): Scope[] {
  const { levels, having, lacking } = rule
  if (levels.length === 0) return [{ header: null, nodes }]
  const sections = style === 'lines' ? groupsOf(nodes, levels) : sectionsOf(nodes, levels)
  return sections.filter((section) => {
    const lines = linesBelow(section.nodes)
    const has = ({ test }: LineTest): boolean => lines.some(({ text }) => test(text))
    return (having === undefined || has(having)) && (lacking === undefined || !has(lacking))
  })
}

/** The outermost level stands anywhere, each further one directly in the one before it. */
function sectionsOf(nodes: readonly ConfigNode[], [outermost, ...inner]: readonly LineTest[]): Scope[] {
  let found = [...nodesBelow(nodes)].filter(({ text }) => outermost?.test(text) === true)
  for (const { test } of inner)
    found = found.flatMap(({ children }) => children.filter(({ text }) => test(text)))
  return found.map(({ text, number, children }) => ({ header: { text, number }, nodes: children }))
}

/**
 * Where every line stands by itself, a section is the lines that begin with the same words, as the pattern matches
 * them (`^set interfaces ethernet \S+`): what is asked is the rest of each.
 */
function groupsOf(nodes: readonly ConfigNode[], levels: readonly LineTest[]): Scope[] {
  const groups = new Map<string, { header: TreeLine; nodes: ConfigNode[] }>()
  for (const { text, number } of nodes) {
    const words = beginningOf(text, levels)
    if (words === undefined) continue
    const group = groups.get(words) ?? { header: { text: words, number }, nodes: [] }
    groups.set(words, group)
    const rest = text.slice(words.length).trim()
    if (rest !== '') group.nodes.push({ text: rest, number, children: [] })
  }
  return [...groups.values()]
}

/** Each level goes on where the one before it has ended. */
function beginningOf(text: string, levels: readonly LineTest[]): string | undefined {
  let rest = text
  for (const { span } of levels) {
    const words = span(rest)
    if (words === undefined || !rest.startsWith(words)) return undefined
    rest = rest.slice(words.length).trimStart()
  }
  return text.slice(0, text.length - rest.length).trimEnd()
}
