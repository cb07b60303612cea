/**
 * Rows of comma-separated values (RFC 4180): quoted fields may hold the delimiter, line ends and doubled quotes.
 */
export function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  const endField = (): void => {
    row.push(field)
    field = ''
  }
  const endRow = (): void => {
    endField()
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (quoted) {
      if (char !== '"') field += char
      else if (text[at + 1] === '"') field += text[at++]
      else quoted = false
    } else if (char === '"' && field === '') quoted = true
    else if (char === delimiter) endField()
    else if (char === '\n') endRow()
    else if (char !== '\r' || text[at + 1] !== '\n') field += char
  }
  if (field !== '' || row.length > 0) endRow()
  return rows
}
