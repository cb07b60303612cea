/**
 * What a terminal would show. Devices redraw, erase pagers and echo with backspaces: the text that counts is the one
 * a person would have read. Only lines that hold a control character are drawn, cell by cell; all others pass as they are.
 */

/** A cursor may be sent past the end of a line, but not so far that a few bytes cost megabytes. */
const furthestColumn = 4096

/** ESC E is "next line" (ECMA-48 NEL): ProCurve ends its lines with it. */
const nextLine = /\x1bE/g
const control = /[\x00\x07\x08\x0b\x0c\x0e\x0f\r\x1b]/

/** One control: CSI with parameters and final byte, OSC up to its end, a charset choice, a two-byte escape, or a single one. */
const controls =
  /\x1b\[([0-9;:<=>?!]{0,32})[ -/]{0,4}([@-~])|\x1b\][^\x07\x1b\n]{0,512}(?:\x07|\x1b\\)?|\x1b[()*+#%][\x20-\x7e]|\x1b[\s\S]?|[\x00\x07\x08\x0b\x0c\x0e\x0f\r]/y

/** `origins`: where in the line each cell was written. */
type Screen = { cells: string[]; origins: number[]; column: number }

/** The text as it stands on the screen at the end; lines end with `\n`, and no control characters but tabs remain. */
export function renderTerminal(text: string): string {
  if (!control.test(text)) return text
  return text.replace(nextLine, '\n').split('\n').map(renderLine).join('\n')
}

export type Rendered = {
  text: string
  /** Of each character of the text, where in the bytes it was written. */
  origins: readonly number[]
}

/** The same as `renderTerminal`, and where each character comes from. */
export function renderWithOrigins(bytes: string): Rendered {
  const lines: string[] = []
  const origins: number[] = []
  let at = 0
  for (const { index, 0: end } of [...bytes.matchAll(/\n|\x1bE/g), { index: bytes.length, 0: '' }]) {
    const line = withoutReturns(bytes.slice(at, index))
    const drawn = control.test(line) ? drawLine(line) : undefined
    const text = drawn?.text ?? line
    for (let column = 0; column < text.length; column += 1)
      origins.push(at + (drawn?.origins[column] ?? column))
    lines.push(text)
    origins.push(index)
    at = index + end.length
  }
  // Behind the last line nothing ends.
  origins.pop()
  return { text: lines.join('\n'), origins }
}

function renderLine(line: string): string {
  const text = withoutReturns(line)
  return control.test(text) ? drawLine(text).text : text
}

function withoutReturns(line: string): string {
  let end = line.length
  while (end > 0 && line.charCodeAt(end - 1) === 13) end -= 1
  return end === line.length ? line : line.slice(0, end)
}

function drawLine(line: string): { text: string; origins: readonly number[] } {
  const screen: Screen = { cells: [], origins: [], column: 0 }
  for (let at = 0; at < line.length;) {
    controls.lastIndex = at
    const found = controls.exec(line)
    if (found) {
      obey(screen, found)
      at += found[0].length
    } else {
      put(screen, line.charAt(at), at)
      at += 1
    }
  }
  // Blanks at the end of a drawn line are what an erased pager left behind.
  return { text: screen.cells.join('').trimEnd(), origins: screen.origins }
}

function put(screen: Screen, character: string, at: number): void {
  while (screen.cells.length < screen.column) {
    screen.origins[screen.cells.length] = at
    screen.cells.push(' ')
  }
  screen.cells[screen.column] = character
  screen.origins[screen.column] = at
  screen.column += 1
}

function obey(screen: Screen, [whole, parameters, final]: RegExpExecArray): void {
  if (whole === '\r') screen.column = 0
  else if (whole === '\b') screen.column = Math.max(0, screen.column - 1)
  else if (final !== undefined) obeySequence(screen, parameters ?? '', final)
}

function obeySequence(screen: Screen, parameters: string, final: string): void {
  const numbers = parameters.split(';').map(Number)
  const first = numbers[0] ?? 0
  const count = Math.min(Number.isFinite(first) && first > 0 ? first : 1, furthestColumn)
  if (final === 'D') screen.column = Math.max(0, screen.column - count)
  else if (final === 'C') screen.column = Math.min(screen.column + count, furthestColumn)
  else if (final === 'G') screen.column = count - 1
  // Rows are not kept: ProCurve draws every line on row 24 and lets the screen scroll.
  else if (final === 'H' || final === 'f')
    screen.column = Math.min(Math.max(numbers[1] ?? 1, 1), furthestColumn) - 1
  else if (final === 'K' || final === 'J') erase(screen, first)
}

/** ECMA-48 EL: 0 from the cursor on, 1 up to the cursor, 2 all. ED is taken for the one line we keep. */
function erase(screen: Screen, part: number): void {
  if (part === 2) screen.cells.length = 0
  else if (part === 1) screen.cells.fill(' ', 0, Math.min(screen.column + 1, screen.cells.length))
  else screen.cells.length = Math.min(screen.cells.length, screen.column)
}

/** Without any white space: what is left of an echo that was wrapped, padded or redrawn. */
export const compact = (text: string): string => text.replace(/\s+/g, '')
