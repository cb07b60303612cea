import type { Pattern, Span } from './pattern.ts'

/** A line of an answer. */
type ExcerptLine = {
  /** From 1, as in the shown text. */
  number: number
  text: string
  /** Where the pattern stands in `text`; none in a line that is only context. */
  matches: Span[]
  /** Characters left out before `text`, of a line that is too long to be shown whole. */
  offset: number
}

export type Excerpt = { lines: ExcerptLine[]; characters: number }

/** Longer lines are certificates and the like: what is shown of one begins a little before the first match. */
const lineCharactersMax = 500
const charactersBefore = 80

/**
 * The matching lines of a text with their neighbours, each line once.
 * @param hits indexes of matching lines, ascending. @param lineOf gives the line of an index below `lineCount`.
 */
export function excerptOf(
  pattern: Pattern,
  text: { lineCount: number; lineOf: (index: number) => string },
  hits: readonly number[],
  context: number,
): Excerpt {
  const lines: ExcerptLine[] = []
  let characters = 0
  let next = 0
  const isHit = new Set(hits)
  for (const hit of hits) {
    const to = Math.min(hit + context, text.lineCount - 1)
    for (let index = Math.max(next, hit - context); index <= to; index += 1) {
      const line = shownLine(index, text.lineOf(index), isHit.has(index) ? pattern : undefined)
      characters += line.text.length
      lines.push(line)
    }
    next = Math.max(next, to + 1)
  }
  return { lines, characters }
}

function shownLine(index: number, line: string, pattern: Pattern | undefined): ExcerptLine {
  const spans = pattern?.spans(line) ?? []
  const first = spans[0]?.[0] ?? 0
  const offset = line.length <= lineCharactersMax ? 0 : Math.max(0, first - charactersBefore)
  const text = line.slice(offset, offset + lineCharactersMax)
  const matches = spans.flatMap(([start, end]): Span[] =>
    start - offset >= text.length ? [] : [[start - offset, Math.min(end - offset, text.length)]],
  )
  return { number: index + 1, text, matches, offset }
}
