import type { BlockStyle } from '../platforms/definition.ts'

/**
 * A configuration as its sections, by the style of its platform. Comments, separators and what only closes a section
 * are no part of it.
 */
export type ConfigNode = {
  /** Without indentation, and without what opens or ends it (`{`, `;`). Of several lines where it is quoted text. */
  text: string
  /** Of its first line in the text, from 1. */
  number: number
  children: ConfigNode[]
}

type Line = { text: string; indent: number; number: number }

/** Lines that separate or close, in the families whose sections are told by indentation. */
const closings =
  /^(?:[!#]+|exit|exit-[\w-]+|exit all|quit|end|return|end-(?:policy|set)|\}|<\/[\w:.-]{1,80}>)$/
const comment = /^(?:!|#)/

const withoutBlank = (lines: readonly Line[]): Line[] => lines.filter(({ text }) => text !== '')

const readers: Readonly<Record<BlockStyle, (lines: readonly Line[]) => ConfigNode[]>> = {
  indent: readIndented,
  braces: (lines) => readNested(withoutBlank(lines), braceStep),
  edit: (lines) => readNested(withoutBlank(lines), editStep),
  headers: (lines) => readHeaders(withoutBlank(lines)),
  lines: (lines) => withoutBlank(lines).flatMap((line) => (comment.test(line.text) ? [] : [nodeOf(line)])),
}

export const readTree = (style: BlockStyle, text: string): ConfigNode[] => readers[style](linesOf(text))

function linesOf(text: string): Line[] {
  return text.split('\n').map((whole, index) => {
    const line = whole.trimEnd()
    const bare = line.trimStart()
    return { text: bare, indent: line.length - bare.length, number: index + 1 }
  })
}

const nodeOf = ({ text, number }: Line, shown = text): ConfigNode => ({ text: shown, number, children: [] })

/**
 * Text that a device takes as it stands, and that may look like anything: banners up to their delimiter, certificates.
 * The end is looked for in what follows the first line; none of them: the line is an ordinary one.
 */
const quoted: readonly { begins: RegExp; endOf: (match: RegExpExecArray) => (line: string) => boolean }[] = [
  // IOS, NX-OS, ASA with a delimiter; EOS without one, up to EOF.
  {
    begins: /^banner [\w-]{1,40} (?<delimiter>\^C|[^\w\s"])(?!.*\k<delimiter>)/,
    endOf:
      ({ groups }) =>
      (line) =>
        line.includes(groups?.['delimiter'] ?? '\n'),
  },
  { begins: /^banner (?:login|motd)$/, endOf: () => (line) => line === 'EOF' },
  // VRP and Comware.
  { begins: /^header [\w-]{1,40} (?:information )?"[^"]*$/, endOf: () => (line) => line.endsWith('"') },
  // IOS: hex digits up to `quit`.
  {
    begins: /^certificate (?:ca |self-signed |rollover )?[0-9A-F]{2,}$/,
    endOf: () => (line) => line === 'quit',
  },
]

/** @returns how many lines belong to the quoted text that begins here; 1 where none does. */
function quotedLength(lines: readonly Line[], at: number): number {
  for (const { begins, endOf } of quoted) {
    const match = begins.exec(lines[at]?.text ?? '')
    if (match === null) continue
    const isEnd = endOf(match)
    const end = lines.findIndex((line, index) => index > at && isEnd(line.text))
    if (end !== -1) return end - at + 1
  }
  return 1
}

function readIndented(lines: readonly Line[]): ConfigNode[] {
  const roots: ConfigNode[] = []
  const open: { indent: number; children: ConfigNode[] }[] = [{ indent: -1, children: roots }]
  for (let at = 0; at < lines.length;) {
    const line = lines[at]
    if (line === undefined) break
    const length = quotedLength(lines, at)
    const isQuoted = length > 1
    const part = lines.slice(at, at + length)
    at += length
    if (!isQuoted && (line.text === '' || closings.test(line.text) || comment.test(line.text))) continue
    while ((open.at(-1)?.indent ?? -1) >= line.indent) open.pop()
    const node = nodeOf(
      line,
      isQuoted ? part.map(({ text }) => text).join('\n') : line.text.replace(/ \{$/, ''),
    )
    open.at(-1)?.children.push(node)
    open.push({ indent: line.indent, children: node.children })
  }
  return roots
}

/** What a line does: it opens a section, is one line, closes the section, or is nothing. */
type Nesting = { opens: string } | { leaf: string } | 'closes' | 'nothing'

function readNested(lines: readonly Line[], step: (text: string) => Nesting): ConfigNode[] {
  const roots: ConfigNode[] = []
  const open: ConfigNode[][] = [roots]
  for (const line of lines) {
    const what = step(line.text)
    if (what === 'nothing') continue
    if (what === 'closes') {
      // One too many, as in a text that was cut, closes nothing.
      if (open.length > 1) open.pop()
      continue
    }
    const node = nodeOf(line, 'opens' in what ? what.opens : what.leaf)
    open.at(-1)?.push(node)
    if ('opens' in what) open.push(node.children)
  }
  return roots
}

function braceStep(text: string): Nesting {
  if (/^(?:#|\/\*|\*)/.test(text)) return 'nothing'
  if (/^\}[;,]?$/.test(text)) return 'closes'
  const opens = /^(?<header>.*?)\s*\{$/.exec(text)?.groups?.['header']
  if (opens !== undefined) return { opens }
  // `## SECRET-DATA` and the like stand behind the line.
  return { leaf: text.replace(/\s*(?:;)?\s*(?:##.*)?$/, '') }
}

/** @see https://docs.fortinet.com/document/fortigate/7.4.0/cli-reference */
function editStep(text: string): Nesting {
  if (text.startsWith('#')) return 'nothing'
  if (text === 'next' || text === 'end') return 'closes'
  return /^(?:config|edit) /.test(text) ? { opens: text } : { leaf: text }
}

/** A line that ends in `\` goes on in the next one. */
function readHeaders(lines: readonly Line[]): ConfigNode[] {
  const roots: ConfigNode[] = []
  let section = roots
  let unfinished: ConfigNode | undefined
  for (const line of lines) {
    const goesOn = line.text.endsWith('\\')
    const bare = goesOn ? line.text.slice(0, -1).trimEnd() : line.text
    if (unfinished !== undefined) {
      unfinished.text += ` ${bare}`
      if (!goesOn) unfinished = undefined
      continue
    }
    if (comment.test(line.text)) continue
    const node = nodeOf(line, bare)
    if (bare.startsWith('/')) {
      roots.push(node)
      section = node.children
    } else {
      section.push(node)
    }
    unfinished = goesOn ? node : undefined
  }
  return roots
}

/** A line of a tree with its place in the text. */
export type TreeLine = { text: string; number: number }

/** Every line below, from above: quoted text line by line. */
export function linesBelow(nodes: readonly ConfigNode[]): TreeLine[] {
  return nodes.flatMap((node) => [...ownLines(node), ...linesBelow(node.children)])
}

const ownLines = ({ text, number }: ConfigNode): TreeLine[] =>
  text.split('\n').map((line, index) => ({ text: line, number: number + index }))

/** Every node below, from above. */
export function* nodesBelow(nodes: readonly ConfigNode[]): Generator<ConfigNode> {
  for (const node of nodes) {
    yield node
    yield* nodesBelow(node.children)
  }
}
