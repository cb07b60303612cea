import { AppError } from '../../errors.ts'

/** What is searched for, as a question to one line. */
export type Pattern = {
  test: (line: string) => boolean
  /** Where it stands in a line, from the left, without overlap; an empty place is none. */
  spans: (line: string) => Span[]
  /** Where it stands next in many lines at once; absent where each is to be asked by itself. */
  next?: (text: string, from: number) => number
}
export type Span = [start: number, end: number]

export type Asked = { q: string; regex: boolean; caseSensitive: boolean }

/** So many places of a line are told: enough to mark, and an answer stays small. */
const spansMax = 50

/**
 * Text is searched for as it stands. A regular expression is one of RE2: its time grows with the text alone, whatever
 * the expression, so nobody can keep a function busy with one.
 * @throws AppError `validation_failed` saying what is wrong with the expression, and where.
 */
export async function readPattern({ q, regex, caseSensitive }: Asked): Promise<Pattern> {
  if (regex) return readRegex(q, caseSensitive)
  return caseSensitive ? literal(q) : foldedLiteral(q)
}

function literal(q: string): Pattern {
  const next = (text: string, from: number): number => text.indexOf(q, from)
  return {
    test: (line) => line.includes(q),
    spans(line) {
      const found: Span[] = []
      for (
        let at = line.indexOf(q);
        at !== -1 && found.length < spansMax;
        at = line.indexOf(q, at + q.length)
      )
        found.push([at, at + q.length])
      return found
    },
    next,
  }
}

/** Letters are equal as Unicode folds them. What is escaped has no repetition in it, and cannot run away. */
function foldedLiteral(q: string): Pattern {
  const every = new RegExp(RegExp.escape(q), 'giu')
  const one = new RegExp(every.source, 'iu')
  return {
    test: (line) => one.test(line),
    spans: (line) =>
      [...line.matchAll(every).take(spansMax)].map(({ 0: text, index }) => [index, index + text.length]),
    next(text, from) {
      every.lastIndex = from
      return every.exec(text)?.index ?? -1
    },
  }
}

/** Loaded with the first expression: no other request needs it. */
async function readRegex(q: string, caseSensitive: boolean): Promise<Pattern> {
  const { RE2JS } = await import('re2js')
  const compile = (): InstanceType<typeof RE2JS> => {
    try {
      return RE2JS.compile(q, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE)
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'RE2JSSyntaxException') throw notAnExpression(q, cause)
      throw cause
    }
  }
  const expression = compile()
  return {
    test: (line) => expression.test(line),
    spans(line) {
      const found: Span[] = []
      const matcher = expression.matcher(line)
      while (found.length < spansMax && matcher.find())
        if (matcher.end() > matcher.start()) found.push([matcher.start(), matcher.end()])
      return found
    },
  }
}

function notAnExpression(q: string, cause: Error): AppError {
  const { error = cause.message, input = '' } = cause as { error?: string; input?: string | null }
  const part = (input ?? '').replace(/^\(\?i\)/, '')
  const at = part === '' ? -1 : q.indexOf(part)
  const isOnce = at !== -1 && q.indexOf(part, at + 1) === -1
  const where = part === '' ? '' : `: "${part}"${isOnce ? ` at character ${at + 1}` : ''}`
  const message = `This is not a regular expression of RE2: ${error}${where}.`
  return new AppError('validation_failed', message, { cause, issues: [{ path: 'q', message }] })
}
