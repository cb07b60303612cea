import { Buffer, isUtf8 } from 'node:buffer'
import type { Channel } from './channel.ts'
import { CollectFailure } from './failure.ts'
import { renderTerminal } from './terminal.ts'

/** A prompt is looked for in the last bytes only, so that a chunk costs the same however long the answer is. */
const tailBytes = 2048
const lineFeed = 10
/** A session's patience may change with what has come: it is looked at again at the latest after this. */
const lookMs = 1000

type Waiter = { check: () => void; reject: (failure: CollectFailure) => void }

/**
 * What the device has sent since `clear`, and the only place that waits for more. Memory is bounded by `outputBytes`:
 * one byte more ends the session as `too_large`.
 */
export class Inbox {
  readonly #outputBytes: number
  #chunks: Buffer[] = []
  #bytes = 0
  #received = 0
  #tail: Buffer = Buffer.alloc(0)
  #lastLine: string | undefined
  #lastDataAt = 0
  #failure: CollectFailure | undefined
  #waiter: Waiter | undefined
  /** While a configuration is read, a NUL byte ends the session: no configuration has one. */
  textOnly = false

  constructor(channel: Channel, outputBytes: number) {
    this.#outputBytes = outputBytes
    channel.onData((chunk) => this.#receive(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)))
    channel.onClose((cause) => this.fail(new CollectFailure('connection_lost', closeDetail(cause))))
  }

  /** Ends the session: everything that waits, and every wait to come, gets this failure. */
  fail(failure: CollectFailure): void {
    this.#failure ??= failure
    this.#waiter?.reject(this.#failure)
  }

  get failure(): CollectFailure | undefined {
    return this.#failure
  }

  clear(): void {
    this.#chunks = []
    this.#bytes = 0
    this.#received = 0
    this.#tail = Buffer.alloc(0)
    this.#lastLine = undefined
  }

  /** Bytes held since `clear`. */
  get bytes(): number {
    return this.#bytes
  }

  /** The unfinished last line as a terminal shows it, without blanks at its end. */
  lastLine(): string {
    this.#lastLine ??= unfinishedLine(this.#tail)
    return this.#lastLine
  }

  /** Everything since `clear`, or since the given byte, decoded and rendered. */
  text(from = 0): string {
    return renderTerminal(decode(this.#since(from)))
  }

  /** The first bytes, rendered: enough to find an echo in. */
  head(bytes: number): string {
    const wanted: Buffer[] = []
    let held = 0
    for (const chunk of this.#chunks) {
      if (held >= bytes) break
      wanted.push(chunk.subarray(0, bytes - held))
      held += chunk.length
    }
    return renderTerminal(Buffer.concat(wanted).toString('latin1'))
  }

  /** Forgets the unfinished last line: a pager is no part of the answer. */
  dropLastLine(): void {
    for (;;) {
      const chunk = this.#chunks.pop()
      if (!chunk) break
      this.#bytes -= chunk.length
      const end = chunk.lastIndexOf(lineFeed)
      if (end === -1) continue
      this.#chunks.push(chunk.subarray(0, end + 1))
      this.#bytes += end + 1
      break
    }
    this.#tail = Buffer.alloc(0)
    this.#lastLine = undefined
  }

  /**
   * Until `test` holds: true. False when nothing came for `idleMs()` milliseconds (asked again after each silence, so
   * the patience may change with what has come: at the latest after `lookMs`). Throws the session's failure.
   */
  wait(test: () => boolean, idleMs: () => number): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      if (this.#failure) return reject(this.#failure)
      if (test()) return resolve(true)
      const startedAt = performance.now()
      let timer: NodeJS.Timeout
      const settle = (): void => {
        clearTimeout(timer)
        this.#waiter = undefined
      }
      const expire = (): void => {
        // Re-armed only when it fires: a timer for each chunk would cost more than the chunk.
        const left = Math.max(startedAt, this.#lastDataAt) + idleMs() - performance.now()
        if (left > 1) timer = setTimeout(expire, Math.min(left, lookMs))
        else {
          settle()
          resolve(false)
        }
      }
      timer = setTimeout(expire, Math.min(idleMs(), lookMs))
      const check = (): void => {
        if (!test()) return
        settle()
        resolve(true)
      }
      this.#waiter = { check, reject: (failure) => (settle(), reject(failure)) }
    })
  }

  /** True when nothing more comes for so long; false at the first byte. */
  async quiet(ms: number): Promise<boolean> {
    const before = this.#received
    return !(await this.wait(
      () => this.#received > before,
      () => ms,
    ))
  }

  #receive(chunk: Buffer): void {
    if (this.#failure || chunk.length === 0) return
    this.#lastDataAt = performance.now()
    this.#received += chunk.length
    if (this.#received > this.#outputBytes) {
      this.clear()
      return this.fail(new CollectFailure('too_large', `more than ${this.#outputBytes} bytes of output`))
    }
    if (this.textOnly && chunk.includes(0))
      return this.fail(new CollectFailure('not_text', 'the output holds NUL bytes'))
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    this.#tail =
      chunk.length >= tailBytes
        ? chunk.subarray(-tailBytes)
        : Buffer.concat([this.#tail, chunk]).subarray(-tailBytes)
    this.#lastLine = undefined
    this.#waiter?.check()
  }

  #since(from: number): Buffer {
    if (from === 0) return Buffer.concat(this.#chunks)
    const wanted: Buffer[] = []
    let start = this.#bytes
    for (let index = this.#chunks.length - 1; index >= 0 && start > from; index -= 1) {
      const chunk = this.#chunks[index] ?? Buffer.alloc(0)
      start -= chunk.length
      wanted.unshift(start < from ? chunk.subarray(from - start) : chunk)
    }
    return Buffer.concat(wanted)
  }
}

/** UTF-8 where it is, else Latin-1, which old devices send and in which every byte is a character. */
function decode(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}

function unfinishedLine(tail: Buffer): string {
  const text = tail.subarray(tail.lastIndexOf(lineFeed) + 1).toString()
  const rendered = renderTerminal(text)
  return rendered.slice(rendered.lastIndexOf('\n') + 1).trimEnd()
}

const closeDetail = (cause: Error | undefined): string =>
  cause ? `the connection broke: ${cause.message}` : 'the device closed the connection'
