import { AppError, type Issue } from '../../errors.ts'
import type { RuleKind } from '../models/compliance-rule.ts'
import { readPattern } from '../search/pattern.ts'

/** What is asked of a text: the part of a rule that does not choose devices. */
export type RuleText = {
  kind: RuleKind
  value: string
  section: string
  section_having: string
  section_lacking: string
  section_required: boolean
}

/** A question to one line; `span` is the part of the line that matches. */
export type LineTest = { test: (line: string) => boolean; span: (line: string) => string | undefined }

export type CompiledRule = RuleText & {
  /** Of `matches` and `matches_not`, with the pattern as it was given. */
  patterns: readonly (LineTest & { source: string })[]
  /** From the outermost section to the one that is asked. */
  levels: readonly LineTest[]
  having: LineTest | undefined
  lacking: LineTest | undefined
}

const patternsMax = 100
const patternMax = 500
const levelsMax = 5
const linesMax = 1000

export const isOfPatterns = (kind: RuleKind): boolean => kind === 'matches' || kind === 'matches_not'

/** Blanks at the end of a pattern mean something. */
export const linesOf = (text: string): string[] => text.split(/\r?\n/).filter((line) => line.trim() !== '')

/** @returns what is wrong with it, where something is. */
export async function compileRule(rule: RuleText): Promise<{ rule: CompiledRule } | { issues: Issue[] }> {
  const issues: Issue[] = []
  const read = async (path: string, source: string): Promise<LineTest> => {
    const tested = await readTest(source)
    if (!('message' in tested)) return tested
    issues.push({ path, message: tested.message })
    return { test: () => false, span: () => undefined }
  }
  const lines = linesOf(rule.value)
  issues.push(...sizeIssues(rule, lines))
  const patterns: CompiledRule['patterns'][number][] = []
  if (isOfPatterns(rule.kind) && issues.length === 0)
    for (const source of lines) patterns.push({ source, ...(await read('value', source)) })
  const levels: LineTest[] = []
  for (const source of linesOf(rule.section).slice(0, levelsMax)) levels.push(await read('section', source))
  const optional = async (path: 'section_having' | 'section_lacking'): Promise<LineTest | undefined> =>
    rule[path] === '' ? undefined : read(path, rule[path])
  const having = await optional('section_having')
  const lacking = await optional('section_lacking')
  return issues.length > 0 ? { issues } : { rule: { ...rule, patterns, levels, having, lacking } }
}

function sizeIssues(rule: RuleText, lines: readonly string[]): Issue[] {
  const issues: Issue[] = []
  const max = isOfPatterns(rule.kind) ? patternsMax : linesMax
  if (lines.length === 0) issues.push({ path: 'value', message: 'At least one line is expected.' })
  if (lines.length > max) issues.push({ path: 'value', message: `At most ${max} lines are taken.` })
  if (linesOf(rule.section).length > levelsMax)
    issues.push({ path: 'section', message: `At most ${levelsMax} levels are taken, one a line.` })
  const isInSection = rule.section !== ''
  for (const path of ['section_having', 'section_lacking'] as const)
    if (rule[path] !== '' && !isInSection)
      issues.push({ path, message: 'It chooses among sections: `section` must say of which.' })
  if (rule.section_required && !isInSection)
    issues.push({ path: 'section_required', message: '`section` must say which one is required.' })
  return issues
}

async function readTest(source: string): Promise<LineTest | { message: string }> {
  if (source.length > patternMax) return { message: `A pattern has at most ${patternMax} characters.` }
  try {
    const pattern = await readPattern({ q: source, regex: true, caseSensitive: true })
    const span = (line: string): string | undefined => {
      const [first] = pattern.spans(line)
      return first === undefined ? undefined : line.slice(...first)
    }
    return { test: pattern.test, span }
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'validation_failed') return { message: cause.message }
    throw cause
  }
}
