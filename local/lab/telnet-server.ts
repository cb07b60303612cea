import { Buffer } from 'node:buffer'
import net from 'node:net'
import { Duplex } from 'node:stream'
import type { LabLogin } from './device.ts'
import type { Act } from './shell.ts'
import { portOf, type SshServer } from './ssh-server.ts'

/** The bytes of RFC 854. The server keeps its own: one mistake in both would not be seen. */
const command = { SE: 240, SB: 250, WILL: 251, WONT: 252, DO: 253, DONT: 254, IAC: 255 } as const
const option = {
  echo: 1,
  suppressGoAhead: 3,
  terminalType: 24,
  windowSize: 31,
  lineMode: 34,
  environment: 39,
} as const

export type TelnetServerOptions = {
  /** Where refused passwords are noted. */
  refused?: string[]
  onShell: (stream: Duplex, drop: () => void) => void
}

export type TelnetServer = SshServer & {
  /** What the clients said in negotiations: verb and option, and subnegotiations with their bytes. */
  readonly negotiated: readonly string[]
}

/** A telnet server on a free port of the loopback address, which negotiates as devices do. */
export async function startTelnetServer(options: TelnetServerOptions): Promise<TelnetServer> {
  const sockets = new Set<net.Socket>()
  const negotiated: string[] = []
  const listener = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    const stream = new TelnetStream(socket, negotiated)
    stream.negotiate()
    options.onShell(stream, () => socket.resetAndDestroy())
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return {
    port: portOf(listener),
    refused: options.refused ?? [],
    negotiated,
    get connections() {
      return sockets.size
    },
    changeHostKey: () => undefined,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => void listener.close(() => resolve()))
    },
  }
}

/** The server's end of a connection: commands are taken out of what comes, and data that looks like one is doubled. */
class TelnetStream extends Duplex {
  readonly #socket: net.Socket
  readonly #negotiated: string[]
  #pending: number[] = []

  constructor(socket: net.Socket, negotiated: string[]) {
    super()
    this.#socket = socket
    this.#negotiated = negotiated
    socket.on('data', (chunk) => this.#receive(chunk))
    socket.on('close', () => this.destroy())
  }

  negotiate(): void {
    const { DO, IAC, WILL } = command
    const wanted = [option.terminalType, option.windowSize, option.lineMode, option.environment]
    this.#socket.write(
      Uint8Array.from([
        IAC,
        WILL,
        option.echo,
        IAC,
        WILL,
        option.suppressGoAhead,
        ...wanted.flatMap((name) => [IAC, DO, name]),
      ]),
    )
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const bytes = [...chunk].flatMap((byte) => (byte === command.IAC ? [byte, byte] : [byte]))
    // A client that is gone is nothing to a device.
    if (this.#socket.writable) this.#socket.write(Uint8Array.from(bytes), () => done())
    else done()
  }

  override _final(done: () => void): void {
    this.#socket.end(() => done())
  }

  #receive(chunk: Uint8Array): void {
    this.#pending.push(...chunk)
    const data: number[] = []
    while (this.#pending.length > 0) {
      const used = this.#take(this.#pending, data)
      // A command that is cut short waits for its rest.
      if (used === 0) break
      this.#pending = this.#pending.slice(used)
    }
    if (data.length > 0) this.push(Buffer.from(data))
  }

  /** How many bytes were understood. */
  #take(bytes: readonly number[], data: number[]): number {
    const { DO, DONT, IAC, SB, SE, WILL, WONT } = command
    const [first, verb, name] = bytes
    if (first !== IAC) {
      // CR NUL is a bare carriage return.
      if (first !== 0) data.push(first ?? 0)
      return 1
    }
    if (verb === IAC) {
      data.push(IAC)
      return 2
    }
    if (verb === SB) {
      const end = bytes.findIndex((byte, at) => byte === IAC && bytes[at + 1] === SE)
      if (end === -1) return 0
      this.#negotiated.push(`SB ${bytes.slice(2, end).join(' ')}`)
      return end + 2
    }
    if (verb === undefined) return 0
    const names: Record<number, string> = { [DO]: 'DO', [DONT]: 'DONT', [WILL]: 'WILL', [WONT]: 'WONT' }
    const said = names[verb]
    if (said === undefined) return 2
    if (name === undefined) return 0
    this.#negotiated.push(`${said} ${name}`)
    if (verb === WILL && name === option.terminalType)
      this.#socket.write(Uint8Array.from([IAC, SB, name, 1, IAC, SE]))
    return 3
  }
}

const tries = 3

/** How a device asks for name and password in the terminal, and what it does then. */
export function* terminalLogin(
  logins: readonly LabLogin[],
  refused: string[],
  greeting: () => Iterable<Act>,
): Iterable<Act> {
  yield { write: '\r\nUser Access Verification\r\n\r\n' }
  yield askName(0)

  function askName(failures: number): Act {
    return { ask: 'Username: ', hidden: false, reply: (username) => [askPassword(username, failures)] }
  }

  function askPassword(username: string, failures: number): Act {
    return {
      ask: 'Password: ',
      hidden: true,
      reply: (password) => {
        const known = logins.some((login) => login.username === username && login.password === password)
        if (known) return [{ write: '\r\n' }, ...greeting()]
        refused.push('telnet')
        if (failures + 1 >= tries) return [{ write: '\r\n% Bad passwords\r\n' }, { hangUp: 'exit' }]
        return [{ write: '\r\n% Login invalid\r\n\r\n' }, askName(failures + 1)]
      },
    }
  }
}
