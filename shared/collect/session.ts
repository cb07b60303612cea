import type { Capture, Platform, Step } from '../platforms/definition.ts'
import { isText, refusalIn } from './answer.ts'
import type { Channel } from './channel.ts'
import { wholenessOf } from './completeness.ts'
import { Dialogue, type Note, type SessionOptions } from './dialogue.ts'
import { CollectFailure } from './failure.ts'
import { raisePrivilege, type Secrets } from './privilege.ts'
import { logInAtTerminal } from './terminal-login.ts'

/** An answer that ends in the prompt but lacks its end may be pausing: only then is the device asked. */
const doubtMs = 1000
/** So much of what is shown at login is kept. */
const greetingBytes = 8192
/** Empty lines sent to confirm one end. */
const mostProbes = 8

/**
 * One login on one device, from its prompt to its configuration. The machine is the same for all platforms. A
 * configuration is believed when it shows its end; where it does not, the device must answer an empty line
 * with the prompt and nothing else. Every method throws a `CollectFailure`; after one the session is of no more use.
 */
export class Session {
  readonly #dialogue: Dialogue
  readonly #platform: Platform
  readonly #note: Note
  #greeting = ''

  constructor(channel: Channel, options: SessionOptions) {
    this.#dialogue = new Dialogue(channel, options)
    this.#platform = options.platform
    this.#note = options.note
  }

  get prompt(): string {
    return this.#dialogue.prompt
  }

  /** What was shown before the first prompt. */
  get greeting(): string {
    return this.#greeting
  }

  get alive(): boolean {
    return this.#dialogue.inbox.failure === undefined
  }

  /** Ends the session from outside, for example at the device's wall clock limit. */
  fail(failure: CollectFailure): void {
    this.#dialogue.inbox.fail(failure)
  }

  /** Answers the questions for name and password that come in the terminal itself. `auth`. */
  logIn(credential: Parameters<typeof logInAtTerminal>[1]): Promise<void> {
    return logInAtTerminal(this.#dialogue, credential, this.#platform.login)
  }

  /** Prompt, privilege, paging: after this the device takes commands. `prompt_not_found`, `privilege`, `command_rejected`. */
  async open(secrets: Secrets = {}): Promise<void> {
    await this.#dialogue.learnPrompt()
    this.#greeting = this.#dialogue.inbox.head(greetingBytes)
    for (const step of [this.#platform.privilege ?? []].flat())
      await raisePrivilege(this.#dialogue, step, secrets)
    this.#note('debug', `the prompt is ${JSON.stringify(this.prompt.slice(0, 80))}`)
    for (const step of this.#platform.onOpen) await this.#take(step)
  }

  /** One command, its answer without echo and prompt. `command_rejected` where the device refuses it. */
  async ask(command: string): Promise<string> {
    this.#dialogue.send(command)
    await this.#dialogue.promptAtEnd()
    const answer = this.#dialogue.answer()
    const refusal = this.#refusalIn(answer)
    if (refusal !== undefined) throw rejected(command, refusal)
    return answer
  }

  /** A whole configuration, by the first of its commands that is not refused. `incomplete`, `not_text`, `too_large`. */
  async capture({ command, alternatives = [], complete }: Capture): Promise<string> {
    this.#dialogue.inbox.textOnly = true
    let refused: CollectFailure | undefined
    for (const attempt of [command, ...alternatives]) {
      const answer = await this.#confirmed(attempt, complete)
      const wholeness = wholenessOf(answer, complete)
      const refusal = wholeness === 'ended' ? undefined : this.#refusalIn(answer)
      if (refusal === undefined) {
        if (!isText(answer)) throw new CollectFailure('not_text', `the answer to \`${attempt}\` is not text`)
        if (wholeness === 'open')
          throw new CollectFailure('incomplete', `\`${attempt}\`: ${answer.length} characters and no end`)
        this.#dialogue.inbox.textOnly = false
        return answer
      }
      refused ??= rejected(attempt, refusal)
      this.#note('info', `\`${attempt}\` was refused: ${refusal}`)
    }
    throw refused ?? rejected(command, 'no answer')
  }

  /** Says goodbye without waiting: the caller closes the connection anyway. */
  leave(): void {
    if (!this.alive) return
    for (const step of this.#platform.onClose) this.#dialogue.write(step.send)
  }

  async #take(step: Step): Promise<void> {
    this.#dialogue.send(step.send)
    if ('expect' in step) await this.#reply(step)
    if ('changesPrompt' in step) await this.#dialogue.learnPrompt()
    else await this.#dialogue.promptAtEnd()
    const refusal = this.#refusalIn(this.#dialogue.answer())
    if (refusal === undefined) return
    if (!step.optional) throw rejected(step.send, refusal)
    this.#note('debug', `\`${step.send}\` is unknown to the device`)
  }

  async #reply(step: Extract<Step, { expect: RegExp }>): Promise<void> {
    const { inbox } = this.#dialogue
    await this.#dialogue.expect(
      () => step.expect.test(inbox.lastLine()) || this.#dialogue.isPrompt(inbox.lastLine()),
    )
    if (step.expect.test(inbox.lastLine())) this.#dialogue.write(step.reply.text)
  }

  /** Reads until the answer shows its end, or an empty line sent after it brings the prompt and nothing else. */
  async #confirmed(command: string, complete: Capture['complete']): Promise<string> {
    const dialogue = this.#dialogue
    dialogue.send(command)
    let mark: number | undefined
    for (let probes = 0; probes <= mostProbes;) {
      await dialogue.promptAtEnd(mark)
      if (!(await dialogue.settled())) continue
      const answer = dialogue.answer()
      const wholeness = wholenessOf(answer, complete)
      if (wholeness === 'ended' || (mark !== undefined && dialogue.atRestSince(mark))) return answer
      if (wholeness === 'open') {
        if (this.#refusalIn(answer) !== undefined) return answer
        if (!(await dialogue.inbox.quiet(doubtMs))) continue
      }
      mark = dialogue.inbox.bytes
      dialogue.write('')
      probes += 1
    }
    throw new CollectFailure(
      'incomplete',
      `the answer to \`${command}\` has no end after ${mostProbes} empty lines`,
    )
  }

  #refusalIn(answer: string): string | undefined {
    return refusalIn(answer, this.#platform.rejections)
  }
}

const rejected = (command: string, refusal: string): CollectFailure =>
  new CollectFailure('command_rejected', `\`${command}\` was refused: ${refusal}`)
