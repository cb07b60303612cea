import type { Duplex } from 'node:stream'

/** A client's terminal: an SSH channel, which wants to know how the shell ended, or any other stream. */
type TerminalStream = Duplex & { exit?: (status: number) => void }

/** What a device does in answer to a line: one act after the other. */
export type Act =
  | { write: string | Uint8Array }
  | { waitMs: number }
  /** A pager waits for a key; `erase` is written when it came, `q` ends the acts. */
  | { pager: string; erase: string }
  /** A question answered by a line; a hidden one is not echoed. */
  | { ask: string; hidden: boolean; reply: (line: string) => Iterable<Act> }
  | { hangUp: 'exit' | 'drop' }

export type Behaviour = {
  /** False where the answers bring the echo with them, as recordings do. */
  echo: boolean
  greeting: () => Iterable<Act>
  answer: (line: string) => Iterable<Act>
  prompt: () => string
}

type Options = { responseMs: number; drop: () => void }

const erasers = new Set(['\b', '\x7f'])

/**
 * A line terminal as devices have it: typed characters are echoed, a line is answered after `responseMs`, and what is
 * typed meanwhile waits (and is echoed then). Ends when the device hangs up or the client is gone.
 */
export async function serveShell(
  stream: TerminalStream,
  behaviour: Behaviour,
  options: Options,
): Promise<void> {
  const keys = new Keys(stream)
  const performer = { stream, keys, options }
  try {
    await perform(performer, behaviour.greeting())
    for (;;) {
      const line = await keys.line(behaviour.echo)
      if (options.responseMs > 0) await sleep(options.responseMs)
      await perform(
        performer,
        line === '' && behaviour.echo ? [{ write: behaviour.prompt() }] : behaviour.answer(line),
      )
    }
  } catch (error) {
    if (error !== gone) throw error
  }
}

type Performer = { stream: TerminalStream; keys: Keys; options: Options }

/** Thrown through the loop when there is nobody left to serve. */
const gone = new Error('the session is over')

async function perform(performer: Performer, acts: Iterable<Act>): Promise<void> {
  const { stream, keys, options } = performer
  for (const act of acts) {
    if ('write' in act) await write(stream, act.write)
    else if ('waitMs' in act) await sleep(act.waitMs)
    else if ('pager' in act) {
      await write(stream, act.pager)
      const key = await keys.key()
      await write(stream, act.erase)
      if (key === 'q') return
    } else if ('ask' in act) {
      await write(stream, act.ask)
      const line = await keys.line(!act.hidden)
      if (options.responseMs > 0) await sleep(options.responseMs)
      return perform(performer, act.reply(line))
    } else {
      if (act.hangUp === 'drop') options.drop()
      else {
        stream.exit?.(0)
        stream.end()
      }
      throw gone
    }
  }
}

async function write(stream: TerminalStream, data: string | Uint8Array): Promise<void> {
  if (stream.destroyed || !stream.writable) throw gone
  if (stream.write(data)) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stream.off('drain', done)
      stream.off('close', done)
      resolve()
    }
    stream.once('drain', done)
    stream.once('close', done)
  })
}

/** A device in the middle of a pause keeps no process from ending. */
const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms).unref())

/** Typed characters, handed out as keys or lines. `\r`, `\n` and `\r\n` all mean Enter. */
class Keys {
  readonly #stream: TerminalStream
  readonly #typed: string[] = []
  #wake: (() => void) | undefined
  #closed = false
  #afterReturn = false

  constructor(stream: TerminalStream) {
    this.#stream = stream
    stream.on('data', (chunk: Uint8Array) => {
      this.#typed.push(...Array.from(new TextDecoder().decode(chunk)))
      this.#wake?.()
    })
    stream.on('close', () => {
      this.#closed = true
      this.#wake?.()
    })
  }

  async key(): Promise<string> {
    for (;;) {
      const key = this.#typed.shift()
      if (key === undefined) {
        if (this.#closed) throw gone
        await new Promise<void>((resolve) => (this.#wake = resolve))
        continue
      }
      const secondHalf = key === '\n' && this.#afterReturn
      this.#afterReturn = key === '\r'
      if (!secondHalf) return key
    }
  }

  async line(echo: boolean): Promise<string> {
    let line = ''
    let pending = ''
    for (;;) {
      // Characters that came together are echoed together, as a busy device does.
      if (this.#typed.length === 0 && pending !== '') {
        await write(this.#stream, pending)
        pending = ''
      }
      const key = await this.key()
      if (key === '\r' || key === '\n') {
        await write(this.#stream, echo ? `${pending}\r\n` : '')
        return line
      }
      if (erasers.has(key)) {
        if (line !== '' && echo) pending += '\b \b'
        line = line.slice(0, -1)
      } else {
        line += key
        if (echo) pending += key
      }
    }
  }
}
