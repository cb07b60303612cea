import { guardFormula } from './cells.ts'
import { annotationColumns } from './columns.ts'
import type { ImportIssue } from './issues.ts'
import type { ExportFormat } from '../exports/formats.ts'
import type { Source } from './source.ts'

/** What is told of a row in the annotated file. */
export type Annotation = { status: string; issues: readonly ImportIssue[] }

const [statusColumn, errorsColumn] = annotationColumns

const sentenceOf = ({ column, message, suggestion }: ImportIssue): string => {
  const offered =
    suggestion === null || message.includes(`"${suggestion}"`) ? '' : ` Did you mean "${suggestion}"?`
  return `${column === null ? '' : `${column}: `}${message}${offered}`
}

/**
 * The file as it came, with what became of each row beside it. It can be mended and given again: the added columns
 * are passed over then. Cells that a spreadsheet would take for formulas are made harmless.
 * @param secrets columns whose values are left out.
 */
export async function annotate(
  source: Source,
  format: ExportFormat,
  { annotations, secrets }: { annotations: readonly Annotation[]; secrets: ReadonlySet<string> },
): Promise<string> {
  const shown = source.rows.map(({ index, cells }) => {
    const { status, issues } = annotations[index] ?? { status: '', issues: [] }
    const kept = cells
      .filter(([name]) => name !== statusColumn && name !== errorsColumn)
      .map(([name, value]) => [name, secrets.has(name) ? '' : value] as const)
    return { kept, status, errors: issues.map(sentenceOf) }
  })
  if (format !== 'csv') {
    const objects = shown.map(({ kept, status, errors }) => ({
      ...Object.fromEntries(kept),
      [statusColumn]: status,
      ...(errors.length === 0 ? {} : { [errorsColumn]: errors }),
    }))
    return writeObjects(objects, format)
  }
  const header = (source.header ?? []).filter((name) => name !== statusColumn && name !== errorsColumn)
  const rows = shown.map(({ kept, status, errors }) => [
    // What came guarded goes out guarded once.
    ...kept.map(([, value]) => guardOnce(String(value))),
    status,
    guardFormula(errors.join(' ')),
  ])
  return writeCsv([[...header, statusColumn, errorsColumn], ...rows], source.delimiter)
}

const guardOnce = (text: string): string => (text.startsWith("'") ? text : guardFormula(text))

export async function writeObjects(objects: readonly unknown[], format: 'json' | 'yaml'): Promise<string> {
  if (format === 'json') return `${JSON.stringify(objects, null, 1)}\n`
  const { stringify } = await import('yaml')
  return stringify(objects, { aliasDuplicateObjects: false, lineWidth: 0 })
}

/** Rows of cells as CSV with CRLF line ends (RFC 4180), which spreadsheets take as well. */
export async function writeCsv(rows: readonly (readonly string[])[], delimiter = ','): Promise<string> {
  const { stringify } = await import('csv-stringify/sync')
  // The library quotes what holds the row's own line end; a line feed alone would end a row as well.
  return stringify(rows as string[][], { delimiter, record_delimiter: '\r\n', quoted_match: /[\r\n]/ })
}
