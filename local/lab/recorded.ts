import { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import { masks } from '../../shared/collect/recording/places.ts'
import type { Recording } from '../../shared/collect/recording/recording.ts'
import { isGoodbye, lastLineOf, looksLikePrompt } from './shown.ts'

/** What a recording has beyond a session that was written by hand: everything that was typed, Enter for Enter. */
export type RecordedTerminal = Pick<Recording, 'greeting' | 'exchanges' | 'encoding' | 'closed'>

type Served = {
  /** Told what was typed and is not in the recording. */
  onUnknown: (line: string) => void
  drop: () => void
}

/** `send` as it is compared: any Enter is one, and anything may be typed where a secret was. */
type Expected = { pattern: RegExp; isKey: boolean; receive: string }

/**
 * Gives a client what was received, exchange by exchange, as it types what was typed. Where it types something else (a
 * platform was changed since), the next exchange that begins so is taken, else any; Enter alone brings the prompt.
 */
export function serveRecording(
  stream: Duplex,
  recording: RecordedTerminal,
  { onUnknown, drop }: Served,
): void {
  const encoding = recording.encoding ?? 'utf8'
  const exchanges = recording.exchanges.map(expectedOf)
  let typed = ''
  let next = 0
  let prompt = lastLineOf(recording.greeting)

  const show = (text: string): void => {
    if (stream.writable && text !== '') stream.write(Buffer.from(text, encoding))
  }
  const end = (): void => {
    stream.end()
    if (recording.closed) drop()
  }
  const give = (index: number): void => {
    const { receive = '' } = exchanges[index] ?? {}
    next = index + 1
    show(receive)
    const shown = lastLineOf(receive)
    if (looksLikePrompt.test(shown)) prompt = shown
    if (recording.closed && next === exchanges.length) end()
  }
  /** True where something of what was typed was taken. */
  const take = (): boolean => {
    if (typed === '') return false
    const expected = exchanges[next]
    const found = expected?.pattern.exec(typed)
    if (found) typed = typed.slice(found[0].length)
    if (found) return (give(next), true)
    const enter = typed.indexOf('\n')
    if (expected?.isKey && (enter <= 0 || typed.length === 1) && typed !== '\n') {
      typed = typed.slice(1)
      return (give(next), true)
    }
    if (enter === -1) return false
    const line = typed.slice(0, enter)
    typed = typed.slice(enter + 1)
    answer(line)
    return true
  }
  const answer = (line: string): void => {
    const isIt = ({ pattern }: Expected): boolean => pattern.exec(`${line}\n`)?.[0].length === line.length + 1
    const later = exchanges.findIndex((one, index) => index >= next && isIt(one))
    const any = later === -1 && line !== '' ? exchanges.findIndex(isIt) : later
    // An empty line is not worth skipping what was recorded before the next one.
    if (any !== -1 && line !== '') give(any)
    else if (line === '') show(`\r\n${prompt}`)
    else {
      onUnknown(line)
      show(`${line}\r\n% Invalid input detected at '^' marker.\r\n${prompt}`)
    }
    if (isGoodbye(line)) end()
  }

  stream.on('data', (chunk: Uint8Array) => {
    // A return and a line feed are one Enter where they come together, and two keys where they do not.
    typed += Buffer.from(chunk).toString('utf8').replace(/\r\n?/g, '\n')
    let isTaken = true
    while (isTaken) isTaken = take()
  })
  show(recording.greeting)
  if (recording.closed && exchanges.length === 0) end()
}

function expectedOf({ send, receive }: Recording['exchanges'][number]): Expected {
  const typed = send.replace(/\r\n?/g, '\n')
  const pieces = typed.split(masks).map((piece) => RegExp.escape(piece))
  return { pattern: new RegExp(`^${pieces.join('[^\\n]*')}`), isKey: !typed.endsWith('\n'), receive }
}
