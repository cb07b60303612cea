import type { LineDialect } from '../../platforms/restore/guide.ts'
import type { ConfigNode } from '../config-tree.ts'
import { keyOfSet, type SectionPlan } from './line-plan.ts'

/** The lines of a plan as they would be typed, indented as their sections are. */
export const commandsOf = (plan: SectionPlan, dialect: LineDialect): string[] =>
  forms[dialect.form](plan, dialect)

type Render = (plan: SectionPlan, dialect: LineDialect) => string[]

const forms: Readonly<Record<LineDialect['form'], Render>> = {
  sections: (plan, dialect) => sectionLines(plan, dialect, ''),
  paths: (plan) => pathLines(plan, []),
  edit: (plan) => editLines(plan, ''),
  flat: (plan) => [
    ...plan.removed.map(({ node }) => node.text.replace(/^set /, 'delete ')),
    ...plan.wanted.flatMap((one) => ('added' in one ? [one.added.text] : [])),
  ],
}

/**
 * Single lines are taken back before others are put in, for they may stand in their way; sections at last, for
 * something may still refer to them, but for those that are written anew.
 */
function sectionLines({ removed, wanted }: SectionPlan, dialect: LineDialect, indent: string): string[] {
  const due = removed.filter(({ isReplaced }) => !isReplaced).map(({ node }) => node)
  const anew = new Set(wanted.flatMap((one) => ('added' in one ? [one.added.text] : [])))
  const isLast = ({ text, children }: ConfigNode): boolean => children.length > 0 && !anew.has(text)
  const takeBack = (node: ConfigNode): string =>
    `${indent}${negated(firstLine(node.text), dialect.negate ?? 'no')}`
  return [
    ...due.filter((node) => !isLast(node)).map(takeBack),
    ...wanted.flatMap((one) =>
      'added' in one
        ? addedLines(one.added, dialect, indent)
        : [
            `${indent}${one.inner.header}`,
            ...sectionLines(one.inner, dialect, `${indent} `),
            `${indent} ${dialect.exit ?? 'exit'}`,
          ],
    ),
    ...due.filter(isLast).toReversed().map(takeBack),
  ]
}

/** Text that is quoted goes on in lines of its own, which are as they are. */
const firstLine = (text: string): string => text.split('\n', 1)[0] ?? text

const negated = (text: string, negate: string): string =>
  text.startsWith(`${negate} `) ? text.slice(negate.length + 1) : `${negate} ${quotedAway(text)}`

/** A banner is taken back by its kind alone: what follows is its text. */
const quotedAway = (text: string): string => /^(?:banner|header) [\w-]+/.exec(text)?.[0] ?? text

function addedLines({ text, children }: ConfigNode, dialect: LineDialect, indent: string): string[] {
  const lines = [`${indent}${text}`, ...children.flatMap((child) => addedLines(child, dialect, `${indent} `))]
  const closes = dialect.whole?.find(({ begins }) => begins.test(text))?.closes
  if (closes !== undefined) return [...lines, `${indent}${closes}`]
  return children.length === 0 ? lines : [...lines, `${indent} ${dialect.exit ?? 'exit'}`]
}

/** Junos: marks that stand before a statement, and are statements of their own when it is set. */
const marked = /^(?<mark>inactive|protect): /
const markCommands: Readonly<Record<string, string>> = { inactive: 'deactivate', protect: 'protect' }

function pathLines({ removed, wanted }: SectionPlan, path: readonly string[]): string[] {
  return [
    ...removed.map(({ node }) => `delete ${[...path, bare(node.text).replace(/ \[.*\]$/, '')].join(' ')}`),
    ...wanted.flatMap((one) => ('added' in one ? setLines(one.added, path) : innerPaths(one.inner, path))),
  ]
}

/** A section that stays without lines must be said: `delete` of its last line may take it along. */
function innerPaths(inner: SectionPlan, path: readonly string[]): string[] {
  const own = [...path, bare(inner.header)]
  return [...pathLines(inner, own), ...(inner.isEmptied ? [`set ${own.join(' ')}`] : [])]
}

const bare = (text: string): string => text.replace(marked, '')

function setLines({ text, children }: ConfigNode, path: readonly string[]): string[] {
  const own = [...path, bare(text)]
  const mark = markCommands[marked.exec(text)?.groups?.['mark'] ?? '']
  return [
    ...(children.length === 0 ? [`set ${own.join(' ')}`] : children.flatMap((child) => setLines(child, own))),
    ...(mark === undefined ? [] : [`${mark} ${own.join(' ')}`]),
  ]
}

function editLines({ removed, wanted }: SectionPlan, indent: string): string[] {
  const due = removed.filter(({ isReplaced }) => !isReplaced)
  return [
    ...wanted.flatMap((one) =>
      'added' in one
        ? editAdded(one.added, indent)
        : editBlock(one.inner.header, editLines(one.inner, `${indent}    `), indent),
    ),
    ...due.flatMap(({ node }) => editRemoved(node, indent)),
  ]
}

const editBlock = (header: string, lines: readonly string[], indent: string): string[] => [
  `${indent}${header}`,
  ...lines,
  `${indent}${header.startsWith('edit ') ? 'next' : 'end'}`,
]

const editAdded = ({ text, children }: ConfigNode, indent: string): string[] =>
  /^(?:config|edit) /.test(text)
    ? editBlock(
        text,
        children.flatMap((child) => editAdded(child, `${indent}    `)),
        indent,
      )
    : [`${indent}${text}`]

/** An entry is deleted, a value unset; a table goes by its entries. */
function editRemoved({ text, children }: ConfigNode, indent: string): string[] {
  if (text.startsWith('edit ')) return [`${indent}delete ${text.slice('edit '.length)}`]
  if (text.startsWith('config '))
    return editBlock(
      text,
      children.flatMap((child) => editRemoved(child, `${indent}    `)),
      indent,
    )
  return [`${indent}unset ${keyOfSet(text) ?? text}`]
}
