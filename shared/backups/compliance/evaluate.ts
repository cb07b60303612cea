import type { BlockStyle } from '../../platforms/definition.ts'
import { linesBelow, nodesBelow, readTree, type ConfigNode, type TreeLine } from '../config-tree.ts'
import type { CompiledRule } from './rule.ts'
import { scopesOf, type Scope } from './scopes.ts'

/** What a rule found in one text. Lines are as the text has them, without indentation. */
export type Finding = {
  outcome: 'passed' | 'failed' | 'not_applicable'
  /** Lines or patterns that are not there, by the section where they should be; null: the whole text. */
  missing: { section: TreeLine | null; lines: string[] }[]
  /** Lines that should not be there. */
  offending: (TreeLine & { section: TreeLine | null })[]
  /** Sections that were asked. */
  sections: number
  /** More was found than is told. */
  is_cut: boolean
}

/** So many sections with missing lines, and so many lines, are told. */
const toldMax = 100

export type Config = { style: BlockStyle; nodes: readonly ConfigNode[] }

export const readConfig = (style: BlockStyle, text: string): Config => ({
  style,
  nodes: readTree(style, text),
})

/** Asks one configuration: every section that the rule is about must be as it says. */
export function evaluateRule(rule: CompiledRule, config: Config): Finding {
  const scopes = scopesOf(rule, config)
  if (scopes.length === 0) {
    const missing = rule.section_required ? [{ section: null, lines: [rule.section] }] : []
    return {
      outcome: rule.section_required ? 'failed' : 'not_applicable',
      missing,
      offending: [],
      sections: 0,
      is_cut: false,
    }
  }
  const ask = questions[rule.kind](rule, config.style)
  const answers = scopes.map((scope) => ({ scope, ...ask(scope) }))
  const missing = answers.flatMap(({ scope, missing: lines = [] }) =>
    lines.length === 0 ? [] : [{ section: scope.header, lines }],
  )
  const offending = answers.flatMap(({ scope, offending: lines = [] }) =>
    lines.map(({ text, number }) => ({ text, number, section: scope.header })),
  )
  return {
    outcome: missing.length + offending.length === 0 ? 'passed' : 'failed',
    missing: missing.slice(0, toldMax).map((one) => ({ ...one, lines: one.lines.slice(0, toldMax) })),
    offending: offending.slice(0, toldMax),
    sections: scopes.length,
    is_cut:
      missing.length > toldMax ||
      offending.length > toldMax ||
      missing.some(({ lines }) => lines.length > toldMax),
  }
}

type Answer = { missing?: string[]; offending?: TreeLine[] }
type Question = (rule: CompiledRule, style: BlockStyle) => (scope: Scope) => Answer

const questions: Record<CompiledRule['kind'], Question> = {
  contains(rule, style) {
    const wanted = readTree(style, rule.value)
    return ({ nodes }) => ({ missing: wanted.flatMap((one) => missingOf(one, [...nodesBelow(nodes)])) })
  },
  lacks(rule, style) {
    const unwanted = readTree(style, rule.value)
    return ({ nodes }) => ({ offending: unwanted.flatMap((one) => presentOf(one, [...nodesBelow(nodes)])) })
  },
  block(rule, style) {
    const wanted = linesBelow(readTree(style, rule.value)).map(({ text }) => text)
    return ({ nodes }) => ({ missing: missingOfBlock(wanted, linesBelow(nodes)) })
  },
  matches({ patterns }) {
    return ({ nodes }) => {
      const lines = linesBelow(nodes)
      const missing = patterns.filter(({ test }) => !lines.some(({ text }) => test(text)))
      return { missing: missing.map(({ source }) => source) }
    }
  },
  matches_not({ patterns }) {
    return ({ nodes }) => ({
      offending: linesBelow(nodes).filter(({ text }) => patterns.some(({ test }) => test(text))),
    })
  },
}

/** What of a wanted line and those below it is not there: the least, where several lines may be the wanted one. */
function missingOf(wanted: ConfigNode, among: readonly ConfigNode[]): string[] {
  const found = among.filter(({ text }) => text === wanted.text)
  const lacks = found.map(({ children }) => wanted.children.flatMap((one) => missingOf(one, children)))
  const least = lacks.toSorted((a, b) => a.length - b.length)[0]
  if (least === undefined) return linesBelow([wanted]).map(({ text }) => text)
  return least
}

/** Where an unwanted line is there with all that stands below it: the innermost lines. */
function presentOf(unwanted: ConfigNode, among: readonly ConfigNode[]): TreeLine[] {
  return among
    .filter(({ text }) => text === unwanted.text)
    .flatMap(({ text, number, children }) =>
      unwanted.children.length === 0
        ? [{ text, number }]
        : unwanted.children.flatMap((one) => presentOf(one, children)),
    )
}

/** What is left of the block behind the longest beginning of it that is there. */
function missingOfBlock(wanted: readonly string[], lines: readonly TreeLine[]): string[] {
  let longest = 0
  for (let start = 0; start < lines.length && longest < wanted.length; start += 1) {
    let length = 0
    while (length < wanted.length && lines[start + length]?.text === wanted[length]) length += 1
    longest = Math.max(longest, length)
  }
  return wanted.slice(longest)
}
