import type { ConfigNode } from '../config-tree.ts'
import type { LineDialect } from '../../platforms/restore/guide.ts'

/** What must be done in one section, or in the whole configuration, so that it becomes the other. */
export type SectionPlan = {
  /** Empty: the whole configuration. */
  header: string
  /** Taken back, in the order they stand; `isReplaced`: a line that is put in takes its place, nothing needs to be typed. */
  removed: { node: ConfigNode; isReplaced: boolean }[]
  /** Put in or gone into, in the order of the configuration that is wanted. */
  /** Nothing is left in the section, and the section stays. */
  isEmptied: boolean
  wanted: ({ added: ConfigNode } | { inner: SectionPlan })[]
}

/**
 * How one configuration becomes another, by its sections. Lines of a section are a set, but for the sections that the
 * dialect writes anew as a whole.
 */
export function planLines(
  from: readonly ConfigNode[],
  to: readonly ConfigNode[],
  dialect: LineDialect,
  header = '',
): SectionPlan {
  const present = Map.groupBy(from, ({ text }) => text)
  const kept = new Set<ConfigNode>()
  const wanted: SectionPlan['wanted'] = []
  const rewritten = new Set<ConfigNode>()
  for (const node of to) {
    const same = present.get(node.text)?.find((one) => !kept.has(one))
    if (same === undefined) {
      wanted.push({ added: node })
      continue
    }
    kept.add(same)
    const whole = dialect.whole?.find(({ begins }) => begins.test(node.text))
    if (whole !== undefined) {
      if (isSame(same, node)) continue
      wanted.push({ added: node })
      // Where writing it anew puts it in the place of the old one, nothing is taken back before.
      if (whole.isReplaced !== true) rewritten.add(same)
      continue
    }
    const inner = planLines(same.children, node.children, dialect, node.text)
    if (inner.removed.length + inner.wanted.length > 0) wanted.push({ inner })
  }
  const added = wanted.flatMap((one) => ('added' in one ? [one.added] : []))
  const removed = from
    .filter((node) => !kept.has(node) || rewritten.has(node))
    .map((node) => ({ node, isReplaced: added.some((one) => takesPlaceOf(one, node, dialect)) }))
  return { header, removed, isEmptied: to.length === 0, wanted }
}

const isSame = (a: ConfigNode, b: ConfigNode): boolean =>
  a.text === b.text &&
  a.children.length === b.children.length &&
  a.children.every((child, index) => {
    const other = b.children[index]
    return other !== undefined && isSame(child, other)
  })

/** Whether putting in one line also takes the other back. */
function takesPlaceOf(added: ConfigNode, removed: ConfigNode, dialect: LineDialect): boolean {
  if (removed.children.length > 0 || added.children.length > 0) return false
  // `no shutdown` goes by `shutdown`, and the other way round.
  if (dialect.negate !== undefined) {
    const no = `${dialect.negate} `
    if (removed.text === `${no}${added.text}` || added.text === `${no}${removed.text}`) return true
    if (removed.text.startsWith(no) && added.text.startsWith(`${removed.text.slice(no.length)} `)) return true
  }
  if (dialect.form === 'edit')
    return keyOfSet(added.text) !== undefined && keyOfSet(added.text) === keyOfSet(removed.text)
  return (dialect.single ?? []).some((pattern) => {
    const [key] = pattern.exec(added.text) ?? []
    return key !== undefined && key === pattern.exec(removed.text)?.[0]
  })
}

/** FortiOS: `set <key> <value>`. */
export const keyOfSet = (text: string): string | undefined => /^set (\S+)/.exec(text)?.[1]

/** Lines taken back and put in, all sections together. */
export function countLines({ removed, wanted }: SectionPlan): { removed: number; added: number } {
  const sum = {
    removed: removed.reduce((count, { node }) => count + sizeOf(node), 0),
    added: 0,
  }
  for (const one of wanted) {
    if ('added' in one) {
      sum.added += sizeOf(one.added)
      continue
    }
    const inner = countLines(one.inner)
    sum.removed += inner.removed
    sum.added += inner.added
  }
  return sum
}

const sizeOf = ({ children }: ConfigNode): number =>
  children.reduce((count, child) => count + sizeOf(child), 1)
