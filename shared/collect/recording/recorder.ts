import { Buffer, isUtf8 } from 'node:buffer'
import type { Terminal, Transport } from '../transport.ts'

/** Of one session. What a device sends beyond it is counted, not kept. */
const recordedBytesMax = 4 * 1024 * 1024

/** What is known of a session before its first byte. */
type SessionAbout = {
  /** Netmiko's name, as the session was opened with. */
  deviceType: string
  transport: Transport
  /** What the SSH server calls itself; empty over telnet. */
  server: string
  /** As it was sent, without what a platform appends to it. */
  username: string
  /** The credential had one to give. */
  enableSecret: boolean
}

/** What was typed, and what came until the next thing was typed. Milliseconds since the session began. */
export type Exchange = { send: string; receive: string; at: number; until: number }

export type RecordedSession = {
  about: SessionAbout
  /** When the terminal was open. ISO 8601. */
  at: string
  /** Latin-1 where the device sent bytes that are no UTF-8: each character is a byte then. */
  encoding: 'utf8' | 'latin1'
  /** What came before anything was typed. */
  greeting: string
  exchanges: Exchange[]
  /** The device hung up. */
  closed: boolean
  /** Bytes that came after the recording was full. */
  cut: number
}

/** Listens in on the terminals that are opened to a device, one session after the other. */
export type Recorder = {
  /** The same terminal, with everything noted that goes through it. */
  listenIn(terminal: Terminal, about: SessionAbout): Terminal
  /** What was heard so far. */
  sessions(): RecordedSession[]
}

type Heard = { about: SessionAbout; at: Date; pieces: Piece[]; bytes: number; cut: number; closed: boolean }
type Piece = { at: number; sent: string } | { at: number; received: Buffer }

export function sessionRecorder({
  now,
  bytesMax = recordedBytesMax,
}: {
  now: () => Date
  bytesMax?: number
}): Recorder {
  const heard: Heard[] = []
  return {
    listenIn(terminal, about) {
      const session: Heard = { about, at: now(), pieces: [], bytes: 0, cut: 0, closed: false }
      heard.push(session)
      return listening(terminal, session, { now, bytesMax })
    },
    sessions: () => heard.map(sessionOf),
  }
}

function listening(
  terminal: Terminal,
  session: Heard,
  { now, bytesMax }: { now: () => Date; bytesMax: number },
): Terminal {
  const { channel } = terminal
  const elapsed = (): number => now().getTime() - session.at.getTime()
  let isOurs = false
  return {
    channel: {
      write(text) {
        // What is typed costs memory as well: a pager is answered ten thousand times.
        session.bytes += text.length
        if (session.bytes <= bytesMax) session.pieces.push({ at: elapsed(), sent: text })
        channel.write(text)
      },
      onData: (listener) =>
        channel.onData((chunk) => {
          const kept = chunk.subarray(0, Math.max(0, bytesMax - session.bytes))
          session.bytes += chunk.length
          session.cut += chunk.length - kept.length
          // A copy: the chunk belongs to the transport, which may use it again.
          if (kept.length > 0) session.pieces.push({ at: elapsed(), received: Buffer.from(kept) })
          listener(chunk)
        }),
      onClose: (listener) =>
        channel.onClose((cause) => {
          session.closed ||= !isOurs
          listener(cause)
        }),
      close() {
        isOurs = true
        channel.close()
      },
    },
    close() {
      isOurs = true
      return terminal.close()
    },
  }
}

type Spoken = { send: string; at: number; until: number; received: Buffer[] }

function sessionOf({ about, at, pieces, cut, closed }: Heard): RecordedSession {
  const spoken: Spoken[] = [{ send: '', at: 0, until: 0, received: [] }]
  for (const piece of pieces) {
    const last = spoken.at(-1)
    if ('sent' in piece) spoken.push({ send: piece.sent, at: piece.at, until: piece.at, received: [] })
    else if (last) {
      last.received.push(piece.received)
      last.until = piece.at
    }
  }
  const bytes = spoken.map(({ received }) => Buffer.concat(received))
  const encoding = bytes.every((one) => isUtf8(one)) ? 'utf8' : 'latin1'
  const [greeting = '', ...answers] = bytes.map((one) => one.toString(encoding))
  const exchanges = spoken
    .slice(1)
    .map(({ send, at: sentAt, until }, index) => ({ send, receive: answers[index] ?? '', at: sentAt, until }))
  return { about, at: at.toISOString(), encoding, greeting, exchanges, closed, cut }
}
