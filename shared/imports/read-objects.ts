import { fileIssue, issueAt, type ImportIssue } from './issues.ts'
import { sourceLimits, type Source, type SourceRow } from './source.ts'

type Located = { value: unknown; line: number }

/** Reads a JSON list of objects, or a page of the API (`{"results": […]}`). */
export function readJsonSource(text: Buffer): Source {
  const whole = text.toString('utf8')
  let parsed: unknown
  try {
    parsed = JSON.parse(whole)
  } catch (cause) {
    return { rows: [], issues: [jsonIssue(whole, cause)] }
  }
  const results =
    parsed !== null && typeof parsed === 'object' && 'results' in parsed ? parsed.results : undefined
  const isPage = results !== undefined
  const list = isPage ? results : parsed
  if (!Array.isArray(list)) return { rows: [], issues: [notAList] }
  const lines = elementLines(whole, isPage ? 2 : 1)
  return rowsOf(list.map((value: unknown, index) => ({ value, line: lines[index] ?? 1 })))
}

const notAList = fileIssue('unreadable', 'A list of objects is expected.')

function jsonIssue(whole: string, cause: unknown): ImportIssue {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const position = /at position (\d+)/.exec(reason)?.[1]
  const line = position === undefined ? null : whole.slice(0, Number(position)).split('\n').length
  return fileIssue('unreadable', `The file is not valid JSON: ${reason.slice(0, 200)}`, line)
}

/** The line on which each object of the list begins. @param depth of brackets around the objects. The text is valid JSON. */
function elementLines(text: string, depth: number): number[] {
  const lines: number[] = []
  let line = 1
  let open = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '\n') line += 1
    else if (character === '"') {
      if (open === depth) lines.push(line)
      at = endOfString(text, at)
    } else if (character === '}' || character === ']') open -= 1
    else if (character === '{' || character === '[') {
      if (open === depth) lines.push(line)
      open += 1
    } else if (open === depth && isScalarStart(text, at)) lines.push(line)
  }
  return lines
}

/** Of a list that holds other things than objects: each is told with its line all the same. */
const isScalarStart = (text: string, at: number): boolean =>
  /[-\w]/.test(text[at] ?? '') && !/[-+.\w]/.test(text[at - 1] ?? '')

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

/** Reads a YAML list of objects (YAML 1.2: `no` and `1e3x` are texts), or of several documents. */
export async function readYamlSource(text: Buffer): Promise<Source> {
  if (text.length > sourceLimits.yamlBytes) {
    const message = `A YAML file has at most ${sourceLimits.yamlBytes} bytes: divide it, or give CSV or JSON.`
    return { rows: [], issues: [fileIssue('unreadable', message)] }
  }
  const { isSeq, LineCounter, parseAllDocuments } = await import('yaml')
  const lineCounter = new LineCounter()
  const documents = parseAllDocuments(text.toString('utf8'), { lineCounter, uniqueKeys: true })
  const located: Located[] = []
  const issues: ImportIssue[] = []
  for (const document of Array.isArray(documents) ? documents : []) {
    for (const { message, linePos } of document.errors)
      issues.push(fileIssue('unreadable', message.split('\n')[0] ?? message, linePos?.[0].line ?? null))
    if (document.errors.length > 0) continue
    const lineAt = (node: unknown): number => {
      const range = node !== null && typeof node === 'object' && 'range' in node ? node.range : undefined
      return Array.isArray(range) ? lineCounter.linePos(Number(range[0])).line : 1
    }
    try {
      // Aliases that multiply are refused by the library beyond a hundred.
      const value: unknown = document.toJS({ maxAliasCount: 100 })
      const { contents } = document
      if (isSeq(contents) && Array.isArray(value))
        for (const [at, one] of value.entries())
          located.push({ value: one, line: lineAt(contents.items[at]) })
      else if (value !== null) located.push({ value, line: lineAt(contents) })
    } catch (cause) {
      issues.push(fileIssue('unreadable', String(cause instanceof Error ? cause.message : cause)))
    }
  }
  if (issues.length > 0) return { rows: [], issues }
  return rowsOf(located)
}

function rowsOf(located: readonly Located[]): Source {
  const { rows: rowsMax, columns } = sourceLimits
  if (located.length > rowsMax)
    return { rows: [], issues: [fileIssue('unreadable', `At most ${rowsMax} rows: divide the file.`)] }
  const rows: SourceRow[] = []
  const issues: ImportIssue[] = []
  for (const [index, { value, line }] of located.entries()) {
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value)
    const cells = isObject ? Object.entries(value) : []
    const problem = isObject
      ? cells.length > columns
        ? `At most ${columns} members.`
        : undefined
      : 'An object is expected.'
    if (problem !== undefined)
      issues.push(issueAt({ index, line }, { column: null, code: 'unreadable', message: problem }))
    rows.push({ index, line, cells: problem === undefined ? cells : [] })
  }
  return { rows, issues }
}
