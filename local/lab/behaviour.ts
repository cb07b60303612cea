import type { Dialect } from './dialect.ts'
import type { DeviceFacts, Fault, LabDevice } from './device.ts'
import type { Act, Behaviour } from './shell.ts'

/** Output is written in pieces of so many bytes, as far as the client takes them. */
const floodPiece = 64 * 1024

export type Served = {
  device: LabDevice
  dialect: Dialect
  fault: Fault | undefined
  /** As they are when the command is typed. */
  facts: () => DeviceFacts
}

/** One login on a simulated device. */
export function deviceBehaviour(served: Served): Behaviour {
  const { device, dialect, fault } = served
  let enabled = dialect.lowPrompt === undefined || device.enableSecret === undefined
  let paging = device.pager !== undefined
  const prompt = (): string => (enabled ? dialect.prompt : (dialect.lowPrompt ?? dialect.prompt))(device.name)

  function* greeting(): Iterable<Act> {
    if (fault?.kind === 'prompt-never') {
      yield { write: 'System is starting, please wait...\r\n' }
      // Keys are taken, and nothing comes of them.
      for (;;) yield { pager: '', erase: '' }
    }
    yield { write: dialect.greeting(device.name) }
    if (fault?.kind === 'false-prompt' && fault.where === 'greeting') yield* falsePrompt(fault, served)
    yield { write: prompt() }
  }

  function* answer(line: string): Iterable<Act> {
    const command = line.trim()
    if (dialect.exit.test(command)) {
      yield { hangUp: 'exit' }
      return
    }
    if (dialect.enable && !enabled && command === dialect.enable.command) {
      yield enableQuestion(dialect.enable)
      return
    }
    if (dialect.pagingOff?.test(command)) paging = false
    yield* output(command)
    yield { write: prompt() }
  }

  function enableQuestion(enable: NonNullable<Dialect['enable']>): Act {
    const reply = (secret: string): Act[] => {
      enabled = secret === device.enableSecret
      return [{ write: `\r\n${enabled ? '' : `${enable.refused}\r\n`}${prompt()}` }]
    }
    return { ask: enable.ask, hidden: true, reply }
  }

  function* output(command: string): Iterable<Act> {
    const facts = dialect.facts[command]
    if (dialect.running.includes(command) && enabled) yield* runningConfig(served, paging)
    else if (facts) yield* paged(facts(served.facts()), served, paging)
    else if (!dialect.silent.test(command)) yield { write: textOf(dialect.unknown(command)) }
  }

  return { echo: true, greeting, answer, prompt }
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('')

function* paged(lines: readonly string[], { device, dialect }: Served, paging: boolean): Iterable<Act> {
  const { pager } = device
  if (!pager || !paging) {
    yield { write: textOf(lines) }
    return
  }
  for (let start = 0; start < lines.length; start += pager.lines) {
    if (start > 0) yield { pager: dialect.pager.text, erase: dialect.pager.erase }
    if (pager.pageMs) yield { waitMs: pager.pageMs }
    yield { write: textOf(lines.slice(start, start + pager.lines)) }
  }
}

/** Faults of one session that have had it. */
const spent = new WeakSet<object>()

/** The running configuration, with what goes wrong in it. */
function runningConfig(served: Served, paging: boolean): Iterable<Act> {
  const { dialect, fault } = served
  const lines = dialect.config(served.facts())
  const head = (count: number): Act => ({ write: textOf(lines.slice(0, count)) })
  switch (fault?.kind) {
    case 'unauthorized':
      return [{ write: `${dialect.unauthorized}\r\n` }]
    case 'flood':
      return flood(fault.bytes)
    case 'junk':
      return [{ write: junk(fault.bytes) }]
    case 'drop':
      if (fault.once && spent.has(fault)) return paged(lines, served, paging)
      spent.add(fault)
      return [head(fault.afterLines), { hangUp: 'drop' }]
    case 'no-end':
      return [head(fault.afterLines)]
    case 'shrunk':
      if (fault.once && spent.has(fault)) return paged(lines, served, paging)
      spent.add(fault)
      return [head(fault.lines), { write: textOf(lines.slice(lines.findLastIndex((line) => line !== ''))) }]
    case 'silence':
      return [head(fault.afterLines), { waitMs: fault.ms }, { write: textOf(lines.slice(fault.afterLines)) }]
    case 'false-prompt': {
      if (fault.where === 'greeting') return paged(lines, served, paging)
      const half = Math.floor(lines.length / 2)
      return [head(half), ...falsePrompt(fault, served), { write: textOf(lines.slice(half)) }]
    }
    case 'dead':
    case 'mute':
    case 'prompt-never':
    case undefined:
    default:
      return paged(lines, served, paging)
  }
}

/** The line stands there without an end while the device pauses: just as its prompt would. */
function* falsePrompt(
  fault: Extract<Fault, { kind: 'false-prompt' }>,
  { dialect, device }: Served,
): Iterable<Act> {
  yield { write: dialect.prompt(fault.line === 'own' ? device.name : 'otherhost') }
  yield { waitMs: fault.pauseMs }
  yield { write: '\r\n' }
}

function* flood(bytes: number): Iterable<Act> {
  const line = ' description this line comes again and again and again and again and again\r\n'
  const piece = line.repeat(Math.ceil(floodPiece / line.length))
  for (let written = 0; written < bytes; written += piece.length) yield { write: piece }
}

/** Every byte value there is, over and over. */
const junk = (bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, index) => (index * 7919 + (index >> 8) * 31) & 255)
