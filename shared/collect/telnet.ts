import { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import type { Channel } from './channel.ts'

/** Command bytes of RFC 854, and the options that matter here (RFC 857, 858, 1073, 1091). */
const IAC = 255
const DONT = 254
const DO = 253
const WONT = 252
const WILL = 251
const SB = 250
const SE = 240
const optionEcho = 1
const optionSuppressGoAhead = 3
const optionTerminalType = 24
const optionWindowSize = 31
const terminalTypeIs = 0
const terminalTypeSend = 1

/** As over SSH: wide, so that nothing wraps, and tall, for devices that page by the window. */
const columns = 511
const rows = 1000
/** No subnegotiation that means anything to us is longer. */
const mostParameters = 64

/** What the other side may do, and what we do when it asks. Everything else is declined. */
const theirs = new Set([optionEcho, optionSuppressGoAhead])
const ours = new Set([optionSuppressGoAhead, optionTerminalType, optionWindowSize])

/**
 * A device's terminal over telnet (RFC 854): commands are taken out of the stream and answered, data bytes go through.
 * Echo is left to the device, as a terminal would. The socket belongs to the channel from here on.
 */
export function telnetChannel(socket: Duplex): Channel {
  const heard: Uint8Array[] = []
  let listener: ((chunk: Uint8Array) => void) | undefined
  let broken: Error | undefined
  const send = (bytes: Uint8Array): void => {
    if (socket.writable) socket.write(bytes)
  }
  const protocol = new TelnetProtocol((answer) => send(Uint8Array.from(answer)))
  socket.on('error', (error) => {
    broken = error
  })
  socket.on('data', (chunk: Uint8Array) => {
    const data = protocol.receive(chunk)
    if (data.length === 0) return
    if (listener) listener(data)
    else heard.push(data)
  })
  // The other side has nothing more to say: a device that half-closes is gone.
  socket.on('end', () => socket.destroy())
  return {
    write: (text) => send(encode(text)),
    onData: (given) => {
      setImmediate(() => {
        for (const chunk of heard.splice(0)) given(chunk)
        listener = given
      })
    },
    onClose: (given) => {
      if (socket.destroyed) setImmediate(() => given(broken))
      else socket.once('close', () => given(broken))
    },
    close: () => socket.destroy(),
  }
}

/** A network virtual terminal ends its lines with CR LF, and a bare CR is CR NUL; a 255 among the data is doubled. */
function encode(text: string): Uint8Array {
  const bytes = Buffer.from(text.replaceAll(/\r\n|\n|\r/g, (end) => (end === '\r' ? '\r\0' : '\r\n')))
  return bytes.includes(IAC)
    ? Uint8Array.from([...bytes].flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte])))
    : bytes
}

type State = 'data' | 'return' | 'command' | 'option' | 'parameters' | 'parameters-command'

/** The receiving side as a state machine: a command may be cut anywhere between two chunks. */
class TelnetProtocol {
  readonly #reply: (bytes: number[]) => void
  #state: State = 'data'
  #command = 0
  #parameters: number[] = []
  /** What was agreed, so that an acknowledgement is not acknowledged again (RFC 854, rule b). */
  readonly #agreed = new Map<string, boolean>()

  constructor(reply: (bytes: number[]) => void) {
    this.#reply = reply
  }

  /** The data bytes in a chunk. */
  receive(chunk: Uint8Array): Uint8Array {
    if (this.#state === 'data' && !chunk.includes(IAC) && !chunk.includes(13)) return chunk
    const data: number[] = []
    for (const byte of chunk) this.#take(byte, data)
    return Uint8Array.from(data)
  }

  #take(byte: number, data: number[]): void {
    switch (this.#state) {
      case 'return':
      case 'data': {
        // CR NUL is a bare carriage return.
        if (this.#state === 'return' && byte === 0) this.#state = 'data'
        else if (byte === IAC) this.#state = 'command'
        else {
          this.#state = byte === 13 ? 'return' : 'data'
          data.push(byte)
        }
        return
      }
      case 'command': {
        if (byte === IAC) data.push(IAC)
        if (byte === SB) this.#parameters = []
        this.#command = byte
        this.#state = byte === SB ? 'parameters' : byte >= WILL && byte <= DONT ? 'option' : 'data'
        return
      }
      case 'option': {
        this.#negotiate(this.#command, byte)
        this.#state = 'data'
        return
      }
      case 'parameters': {
        if (byte === IAC) this.#state = 'parameters-command'
        else if (this.#parameters.length < mostParameters) this.#parameters.push(byte)
        return
      }
      case 'parameters-command': {
        this.#state = byte === SE ? 'data' : 'parameters'
        if (byte === SE) this.#subnegotiate()
        return
      }
    }
  }

  #negotiate(command: number, option: number): void {
    const isTheirs = command === WILL || command === WONT
    const wanted = command === WILL || command === DO
    const enabled = wanted && (isTheirs ? theirs : ours).has(option)
    const name = `${isTheirs ? 'their' : 'our'} ${option}`
    const before = this.#agreed.get(name)
    if (before === enabled || (before === undefined && !wanted)) return
    this.#agreed.set(name, enabled)
    if (isTheirs) this.#reply([IAC, enabled ? DO : DONT, option])
    else this.#reply([IAC, enabled ? WILL : WONT, option])
    if (!isTheirs && enabled && option === optionWindowSize) {
      const size = [columns >> 8, columns & 255, rows >> 8, rows & 255].flatMap((byte) =>
        byte === IAC ? [IAC, IAC] : [byte],
      )
      this.#reply([IAC, SB, optionWindowSize, ...size, IAC, SE])
    }
  }

  #subnegotiate(): void {
    const [option, verb] = this.#parameters
    if (option !== optionTerminalType || verb !== terminalTypeSend) return
    this.#reply([IAC, SB, optionTerminalType, terminalTypeIs, ...Buffer.from('VT100'), IAC, SE])
  }
}
