import type { Platform } from '../platforms/definition.ts'
import { answerIn, onlyPrompts, showsEcho } from './answer.ts'
import type { Channel } from './channel.ts'
import { CollectFailure } from './failure.ts'
import { Inbox } from './inbox.ts'
import type { SessionEvent } from './outcome.ts'

/** Milliseconds and bytes; what they mean and their defaults: `request.ts`. */
export type SessionLimits = { idleMs: number; startMs: number; promptMs: number; outputBytes: number }

export type Note = (level: SessionEvent['level'], message: string) => void

export type SessionOptions = { platform: Platform; limits: SessionLimits; note: Note }

/** A prompt counts after this silence: the rest of a line, or of a redraw, comes within a packet or two. */
const settleMs = 20
/** A device that shows nothing after login may be waiting for an empty line. */
const wakeMs = 2000
/** A device that never echoed gets this silence before its prompt is believed. */
const noEchoMs = 1000
/** Empty lines sent to learn the prompt. */
const mostProbes = 8
/** The echo of a command is looked for in so many bytes. */
const echoBytes = 4096
/** Until so many bytes came, a device may be building its configuration: `startMs` holds instead of `idleMs`. */
const preambleBytes = 256

/**
 * Line by line talk with a device: it learns the prompt, and from then on believes that prompt only at the very end of
 * what came, after the echo of the command it sent. Every method throws a `CollectFailure`.
 */
export class Dialogue {
  readonly inbox: Inbox
  readonly #channel: Channel
  readonly #platform: Platform
  readonly #limits: SessionLimits
  readonly #enter: string
  #prompt = ''
  #command = ''
  #echoed = false
  /** Once a device has echoed, its prompt never counts without an echo: a stale one cannot pass for an answer. */
  #echoes = false

  constructor(channel: Channel, { platform, limits }: SessionOptions) {
    this.#channel = channel
    this.#platform = platform
    this.#limits = limits
    this.#enter = platform.enter ?? '\n'
    this.inbox = new Inbox(channel, limits.outputBytes)
  }

  get prompt(): string {
    return this.#prompt
  }

  believe(prompt: string): void {
    this.#prompt = prompt
  }

  /** True for the prompt that was learned, whatever of it changes from command to command. */
  isPrompt(line: string): boolean {
    return this.#isSame(line, this.#prompt)
  }

  #isSame(line: string, prompt: string): boolean {
    const { promptNoise, prompt: looks } = this.#platform
    if (line === prompt) return true
    return (
      promptNoise !== undefined &&
      looks.test(line) &&
      without(line, promptNoise) === without(prompt, promptNoise)
    )
  }

  /** Starts an exchange: what came before is forgotten. */
  send(command: string): void {
    this.inbox.clear()
    this.#command = command
    this.#echoed = false
    this.write(command)
  }

  /** Writes a line within the exchange under way. */
  write(line: string): void {
    this.#channel.write(line + this.#enter)
  }

  /** The answer so far, without echo and prompts. */
  answer(): string {
    return answerIn(this.inbox.text(), this.#command, (line) => this.isPrompt(line))
  }

  /** True when nothing came since byte `mark` but prompts, at least one. */
  atRestSince(mark: number): boolean {
    return onlyPrompts(this.inbox.text(mark), (line) => this.isPrompt(line))
  }

  /**
   * Nothing came for a moment, and the test still holds: the echo of an empty line may stand right behind a prompt.
   * By default the test is that the prompt stands at the end.
   */
  async settled(test: () => boolean = () => this.#atPrompt() || this.#isMute()): Promise<boolean> {
    return (await this.inbox.quiet(settleMs)) && test()
  }

  looksLikePrompt(): boolean {
    const line = this.inbox.lastLine()
    return line !== '' && this.#platform.prompt.test(line)
  }

  /** At a prompt, or at a pager: nobody is asking for a name any more. */
  looksReady(): boolean {
    return this.looksLikePrompt() || this.#pager() !== undefined
  }

  hasEcho(): boolean {
    this.#echoed ||= showsEcho(this.inbox.head(echoBytes), this.#command)
    this.#echoes ||= this.#echoed
    return this.#echoed
  }

  /**
   * Waits for something like a prompt, then sends empty lines until the same one comes back with nothing before it.
   * Whatever came earlier, such as a banner with a line that looks like a prompt, is forgotten.
   */
  async learnPrompt(): Promise<void> {
    let candidate: string | undefined
    let mark = 0
    for (let probes = 0; probes <= mostProbes;) {
      const patienceMs = probes === 0 ? Math.min(wakeMs, this.#limits.promptMs) : this.#limits.promptMs
      const seen = await this.inbox.wait(
        () => this.#pager() !== undefined || (this.inbox.bytes > mark && this.looksLikePrompt()),
        () => patienceMs,
      )
      if (!seen && probes > 0) break
      if (seen && this.#repeats(candidate, mark)) return this.believe(this.inbox.lastLine())
      if (seen && !(await this.settled(() => this.#pager() !== undefined || this.looksLikePrompt()))) continue
      if (seen && this.answerPager()) continue
      candidate = seen ? this.inbox.lastLine() : undefined
      mark = this.inbox.bytes
      this.write('')
      probes += 1
    }
    const last = this.inbox.text().trimEnd().split('\n').at(-1) ?? ''
    throw new CollectFailure(
      'prompt_not_found',
      `no prompt; the last line was ${JSON.stringify(last.slice(-80))}`,
    )
  }

  /** The prompt that was asked for came, and nothing else: no silence is needed to believe it. */
  #repeats(candidate: string | undefined, mark: number): boolean {
    const isCandidate = (line: string): boolean => candidate !== undefined && this.#isSame(line, candidate)
    return isCandidate(this.inbox.lastLine()) && onlyPrompts(this.inbox.text(mark), isCandidate)
  }

  /** Waits for the prompt at the very end, behind the echo and (where given) behind byte `mark`; answers pagers. */
  async promptAtEnd(mark = -1): Promise<void> {
    let nudgedAt: number | undefined
    for (;;) {
      const seen = await this.inbox.wait(
        () => this.#pager() !== undefined || (this.inbox.bytes > mark && this.#atPrompt()),
        () => this.#patienceMs(nudgedAt),
      )
      if (seen) {
        if (this.#pager() === undefined) return
        if (await this.settled(() => this.#pager() !== undefined)) this.answerPager()
      } else if (this.#isMute()) {
        return
      } else if (nudgedAt !== undefined) {
        throw new CollectFailure(
          'timeout',
          `no more output after \`${this.#command}\` for ${this.#idleMs()} ms`,
        )
      } else {
        // A log line may have been written over the prompt: an empty line brings it back.
        nudgedAt = this.inbox.bytes
        this.write('')
      }
    }
  }

  /** Waits for what the test looks for: `timeout` after a silence of `idleMs`. */
  async expect(test: () => boolean): Promise<void> {
    if (await this.inbox.wait(test, () => this.#limits.idleMs)) return
    throw new CollectFailure('timeout', `no answer to \`${this.#command}\` for ${this.#limits.idleMs} ms`)
  }

  /** A silence is cut in two by one empty line. */
  #patienceMs(nudgedAt: number | undefined): number {
    if (this.#isMute()) return noEchoMs
    const idleMs = this.#idleMs()
    return nudgedAt === undefined || nudgedAt === this.inbox.bytes ? idleMs / 2 : idleMs
  }

  #idleMs(): number {
    if (this.inbox.bytes < preambleBytes) return Math.max(this.#limits.startMs, this.#limits.idleMs)
    return this.#limits.idleMs
  }

  #atPrompt(): boolean {
    return this.isPrompt(this.inbox.lastLine()) && this.hasEcho()
  }

  /** At the prompt on a device that has never echoed anything. */
  #isMute(): boolean {
    return !this.#echoes && this.isPrompt(this.inbox.lastLine())
  }

  #pager(): string | undefined {
    const line = this.inbox.lastLine()
    return line === '' ? undefined : this.#platform.pagers.find(({ prompt }) => prompt.test(line))?.reply
  }

  /** Gives a waiting pager its key; false where none waits. */
  answerPager(): boolean {
    const reply = this.#pager()
    if (reply === undefined) return false
    this.inbox.dropLastLine()
    this.#channel.write(reply)
    return true
  }
}

const without = (prompt: string, noise: RegExp): string => prompt.replace(noise, '')
