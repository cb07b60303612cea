import type { Duplex } from 'node:stream'
import type { Act, Behaviour } from './shell.ts'
import { serveShell } from './shell.ts'
import { ed25519Key } from './lab.ts'
import { startSshServer } from './ssh-server.ts'
import type { LabLogin } from './device.ts'
import { serveRecording } from './recorded.ts'
import { startTelnetServer } from './telnet-server.ts'
import type { Recording } from '../../shared/collect/recording/recording.ts'
import { isGoodbye, lastLineOf, looksLikePrompt } from './shown.ts'

/**
 * A recorded session: what was typed and what came back, byte for byte. Recordings of a shell bring echo and prompt with
 * them; those of single commands (`ssh host command`) hold the bare answers, and the replay adds both. What netkeep has
 * recorded itself (`Recording`) holds every key, and is replayed key by key.
 */
export type Transcript = {
  model: string
  device: string
  ordered: boolean
  greeting: string
  exchanges: readonly { send: string; receive: string }[]
}

export type Replay = {
  host: string
  port: number
  /** What was typed and is not in the recording. */
  readonly unknown: readonly string[]
  stop(): Promise<void>
}

type Options = { logins: readonly LabLogin[]; responseMs?: number; bare?: BareShell }

/** What a recording of single commands lacks. */
export type BareShell = { prompt: string }

/** Serves a recorded session over real SSH, or telnet where it was, to any number of clients, each from its beginning. */
export async function startReplay(
  transcript: Transcript | Recording,
  { logins, responseMs = 0, bare }: Options,
): Promise<Replay> {
  const unknown: string[] = []
  if ('recorded' in transcript) return replayRecording(transcript, logins, unknown)
  const server = await startSshServer({
    hostKey: ed25519Key(),
    logins,
    onShell: (stream, drop) =>
      void serveShell(stream, replayBehaviour(transcript, unknown, bare), { responseMs, drop }),
  })
  return { host: '127.0.0.1', port: server.port, unknown, stop: () => server.close() }
}

async function replayRecording(
  recording: Recording,
  logins: readonly LabLogin[],
  unknown: string[],
): Promise<Replay> {
  const { transport, server: named } = recording.recorded
  const onShell = (stream: Duplex, drop: () => void): void =>
    serveRecording(stream, recording, { onUnknown: (line) => void unknown.push(line), drop })
  const server =
    transport === 'telnet'
      ? await startTelnetServer({ onShell })
      : await startSshServer({
          hostKey: ed25519Key(),
          logins,
          ident: named.replace(/^SSH-2\.0-/, ''),
          onShell,
        })
  return { host: '127.0.0.1', port: server.port, unknown, stop: () => server.close() }
}

function replayBehaviour(transcript: Transcript, unknown: string[], bare: BareShell | undefined): Behaviour {
  const { exchanges, greeting } = transcript
  // Where the greeting waits for a key, the prompt comes after it.
  const opening = isKey(exchanges[0]) ? (exchanges[0]?.receive ?? '') : greeting
  /** As it was shown last: privilege and modes change it. */
  let prompt = bare?.prompt ?? lastLineOf(opening)
  let next = 0

  /** The first exchange from where the session stands, else any that was recorded with these keys. */
  function find(typed: string): number {
    const from = exchanges.findIndex(({ send }, index) => index >= next && send.trimEnd() === typed)
    return from === -1 ? exchanges.findIndex(({ send }) => send.trimEnd() === typed) : from
  }

  function* answer(line: string): Iterable<Act> {
    const index = find(line)
    const exchange = exchanges[index]
    if (line === '' || exchange === undefined) {
      if (line !== '') unknown.push(line)
      yield {
        write: `${bare ? '' : line}\r\n${line === '' ? '' : "% Invalid input detected at '^' marker.\r\n"}${prompt}`,
      }
      return
    }
    next = index + 1
    yield* received(exchange.receive)
    const shown = lastLineOf(exchange.receive)
    if (!bare && looksLikePrompt.test(shown)) prompt = shown
    if (isGoodbye(line)) yield { hangUp: 'exit' }
  }

  function* received(text: string): Iterable<Act> {
    if (bare) {
      yield { write: `${text}\r\n${prompt}` }
      return
    }
    // What was typed next without a line, or Enter alone, is the key for a pager.
    const key = exchanges[next]
    if (!key || !isKey(key)) {
      yield { write: text }
      return
    }
    next += 1
    yield { pager: text, erase: '' }
    yield* received(key.receive)
  }

  return {
    echo: bare !== undefined,
    greeting: () => received(greeting),
    answer,
    prompt: () => prompt,
  }
}

const isKey = (exchange: Transcript['exchanges'][number] | undefined): boolean =>
  exchange !== undefined && (exchange.send === '\r' || !/[\r\n]$/.test(exchange.send))
