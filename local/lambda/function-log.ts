import { createWriteStream, existsSync, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** A log file grows to this, then makes room: the one before it is kept as `.1`. */
const fileBytesMax = 20 * 1024 * 1024
/** A line without an end is cut here. */
const lineCharactersMax = 256 * 1024

export type LineLog = { write(line: string): void; close(): Promise<void> }

/** Lines into a file, bounded by rotation. */
export function openLineLog(folder: string, name: string): LineLog {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.log`)
  let writtenBytes = existsSync(file) ? statSync(file).size : 0
  let stream: WriteStream | undefined
  return {
    write(line) {
      if (writtenBytes > fileBytesMax) {
        stream?.end()
        renameSync(file, `${file}.1`)
        stream = undefined
        writtenBytes = 0
      }
      stream ??= createWriteStream(file, { flags: 'a' })
      stream.write(`${line}\n`)
      writtenBytes += Buffer.byteLength(line) + 1
    },
    close: () =>
      new Promise((resolve) => {
        if (stream === undefined) resolve()
        else stream.end(resolve)
      }),
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
