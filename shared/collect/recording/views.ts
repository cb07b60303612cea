import type { Platform } from '../../platforms/definition.ts'
import { renderTerminal, renderWithOrigins, type Rendered } from '../terminal.ts'

/** What came and what was typed, as one stream: `parts` are what came, each but the last followed by a key or a line. */
type Stream = { parts: readonly string[]; platform: Pick<Platform, 'pagers'> }

/** A pager is looked for in so many characters of an unfinished line. */
const tailChars = 2048

/** Where the parts begin, and behind the last one the length of the whole. */
export function startsOf(parts: readonly string[]): number[] {
  const starts = [0]
  for (const part of parts) starts.push((starts.at(-1) ?? 0) + part.length)
  return starts
}

/**
 * What the session machine reads of the stream: drawn as a terminal would, and without the pagers that it answered.
 * The origins are places in the stream.
 */
export function readView({ parts, platform }: Stream): Rendered {
  const kept: { from: number; text: string }[] = []
  let from = 0
  for (const [index, part] of parts.entries()) {
    kept.push({ from, text: part })
    from += part.length
    if (index < parts.length - 1 && isPager(kept, platform)) dropLastLine(kept)
  }
  const places: number[] = []
  for (const { from: start, text } of kept)
    for (let at = 0; at < text.length; at += 1) places.push(start + at)
  const { text, origins } = renderWithOrigins(kept.map((one) => one.text).join(''))
  return { text, origins: origins.map((at) => places[at] ?? from) }
}

/** The whole stream as a terminal would show it, pagers included. */
export const wholeView = ({ parts }: Pick<Stream, 'parts'>): Rendered => renderWithOrigins(parts.join(''))

function isPager(kept: readonly { text: string }[], { pagers }: Pick<Platform, 'pagers'>): boolean {
  let tail = ''
  for (let index = kept.length - 1; index >= 0 && tail.length < tailChars && !tail.includes('\n'); index -= 1)
    tail = (kept[index]?.text ?? '').slice(-tailChars) + tail
  const rendered = renderTerminal(tail.slice(tail.lastIndexOf('\n') + 1))
  const line = rendered.slice(rendered.lastIndexOf('\n') + 1).trimEnd()
  return line !== '' && pagers.some(({ prompt }) => prompt.test(line))
}

function dropLastLine(kept: { from: number; text: string }[]): void {
  for (;;) {
    const last = kept.pop()
    if (!last) return
    const end = last.text.lastIndexOf('\n')
    if (end === -1) continue
    kept.push({ from: last.from, text: last.text.slice(0, end + 1) })
    return
  }
}

/** What a terminal does with text and what it wraps lines with: it may stand in the middle of a word. */
const noise =
  /\x1b\[[0-9;:<=>?!]{0,32}[ -/]{0,4}[@-~]|\x1b\][^\x07\x1b\n]{0,512}(?:\x07|\x1b\\)?|\x1b[()*+#%][\x20-\x7e]|\x1b[\s\S]?| ?\r+\n?|[\x00\x07\x08\n\x0b\x0c\x0e\x0f]/g

/** The characters that print, one behind the other, however their lines were wrapped. */
export function printedView({ parts }: Pick<Stream, 'parts'>): Rendered {
  const whole = parts.join('')
  const origins: number[] = []
  const pieces: string[] = []
  let at = 0
  const take = (end: number): void => {
    pieces.push(whole.slice(at, end))
    for (; at < end; at += 1) origins.push(at)
  }
  for (const match of whole.matchAll(noise)) {
    take(match.index)
    at = match.index + match[0].length
  }
  take(whole.length)
  return { text: pieces.join(''), origins }
}
