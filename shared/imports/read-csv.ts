import { fileIssue, issueAt } from './issues.ts'
import { sourceLimits, type Source, type SourceRow } from './source.ts'

const delimiters = [',', ';', '\t', '|'] as const
const [carriageReturn, lineFeed, quote] = [0x0d, 0x0a, 0x22]

/** Ends the parsing from within; what was read stays. */
const enough = new Error('the file is beyond its bounds')

/**
 * Reads CSV: commas, semicolons, tabs or bars; line ends of any system; quoted cells over several lines. Empty lines
 * are passed over, and counted.
 * @param text UTF-8, without a byte order mark.
 */
export async function readCsv(text: Buffer, givenDelimiter?: string): Promise<Source> {
  const { parse, CsvError } = await import('csv-parse/sync')
  const delimiter = givenDelimiter ?? delimiterOf(text)
  const source: Source & { rows: SourceRow[] } = { rows: [], issues: [], delimiter }
  let header: string[] | undefined
  let endByte = 0
  let nextLine = 1
  let lineOfRecord = 1
  const take = (cells: string[], end: number): void => {
    lineOfRecord = nextLine
    nextLine += lineEnds(text, endByte, end)
    endByte = end
    if (cells.every((cell) => cell === '')) return
    if (header === undefined) {
      header = cells.map((cell) => cell.trim())
      if (header.length > sourceLimits.columns) throw enough
      return
    }
    if (source.rows.length >= sourceLimits.rows) throw enough
    takeRow(source, { header, cells, line: lineOfRecord })
  }
  try {
    parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      on_record: (cells: string[], { bytes }) => {
        take(cells, bytes)
        return null
      },
    })
  } catch (cause) {
    if (cause === enough) {
      const { rows, columns } = sourceLimits
      source.issues.push(
        fileIssue('unreadable', `At most ${rows} rows and ${columns} columns: divide the file.`),
      )
    } else if (cause instanceof CsvError) {
      const message =
        cause.code === 'CSV_QUOTE_NOT_CLOSED'
          ? 'A quote opens a cell in this row and is never closed.'
          : `The file cannot be read from this row on: ${cause.message}`
      source.issues.push(fileIssue('unreadable', message, nextLine))
    } else throw cause
  }
  if (header === undefined && source.issues.length === 0)
    source.issues.push(fileIssue('unreadable', 'The file is empty: its first row is to name the columns.'))
  return header === undefined ? source : { ...source, header }
}

function takeRow(
  source: Source,
  { header, cells, line }: { header: readonly string[]; cells: readonly string[]; line: number },
): void {
  const index = source.rows.length
  source.rows.push({ index, line, cells: header.map((column, at) => [column, cells[at] ?? ''] as const) })
  const complain = (column: string | null, code: 'cell_count' | 'invalid_value', message: string): void => {
    source.issues.push(issueAt({ index, line }, { column, code, message }))
  }
  const extra = cells.slice(header.length).some((cell) => cell !== '')
  if (extra || cells.length < header.length)
    complain(null, 'cell_count', `This row has ${cells.length} cells; the header has ${header.length}.`)
  for (const [at, cell] of cells.entries()) {
    if (cell.length > sourceLimits.cellCharacters)
      complain(header[at] ?? null, 'invalid_value', `At most ${sourceLimits.cellCharacters} characters.`)
  }
}

/** Line ends between two bytes; a carriage return and a line feed together are one. */
function lineEnds(text: Buffer, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at++) {
    const byte = text[at]
    if (byte === lineFeed || (byte === carriageReturn && text[at + 1] !== lineFeed)) count += 1
  }
  return count
}

/** The one that the header has most of, outside quotes. */
function delimiterOf(text: Buffer): string {
  const counts = new Map<number, number>()
  let isQuoted = false
  for (const byte of text.subarray(0, 64_000)) {
    if (byte === quote) isQuoted = !isQuoted
    else if (!isQuoted && (byte === lineFeed || byte === carriageReturn) && counts.size > 0) break
    else if (!isQuoted) counts.set(byte, (counts.get(byte) ?? 0) + 1)
  }
  const [best] = delimiters
    .map((delimiter) => ({ delimiter, count: counts.get(delimiter.charCodeAt(0)) ?? 0 }))
    .sort((a, b) => b.count - a.count)
  return best === undefined || best.count === 0 ? ',' : best.delimiter
}
