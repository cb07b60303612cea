import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** A log file grows to this, then makes room: the one before it is kept as `.1`. */
const fileBytesMax = 20 * 1024 * 1024
/** A line without an end is cut here. */
const lineCharactersMax = 256 * 1024

export type LineLog = { write(line: string): void; close(): void }

/** Lines into a file, bounded by rotation. Written at once: what a killed runtime did last is what one wants to read. */
export function openLineLog(folder: string, name: string): LineLog {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.log`)
  let fd: number | undefined
  let writtenBytes = 0
  let isClosed = false
  const open = (): number => {
    const opened = openSync(file, 'a')
    writtenBytes = fstatSync(opened).size
    return opened
  }
  const closeFile = (): void => {
    if (fd !== undefined) closeSync(fd)
    fd = undefined
  }
  return {
    write(line) {
      // A worker's last words may come after the end.
      if (isClosed) return
      if (fd !== undefined && writtenBytes > fileBytesMax) {
        closeFile()
        renameSync(file, `${file}.1`)
      }
      fd ??= open()
      writtenBytes += writeSync(fd, `${line}\n`)
    },
    close() {
      isClosed = true
      closeFile()
    },
  }
}

/**
 * What a function prints, line by line: JSON lines as they are, other text wrapped as Lambda's JSON log format does.
 */
export function captureLines(output: Readable, now: () => Date, write: (line: string) => void): void {
  let held = ''
  output.setEncoding('utf8')
  output.on('data', (chunk: string) => {
    held += chunk
    const lines = held.split('\n')
    held = lines.pop() ?? ''
    if (held.length > lineCharactersMax) {
      lines.push(held)
      held = ''
    }
    for (const line of lines) if (line !== '') write(asJson(line, now))
  })
  output.on('end', () => {
    if (held !== '') write(asJson(held, now))
  })
}

function asJson(line: string, now: () => Date): string {
  if (line.startsWith('{')) {
    try {
      JSON.parse(line)
      return line
    } catch {
      // Looks like JSON and is not: text.
    }
  }
  return JSON.stringify({ timestamp: now().toISOString(), level: 'INFO', message: line })
}
