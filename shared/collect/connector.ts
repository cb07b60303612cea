import type { Duplex } from 'node:stream'
import type { Platform } from '../platforms/definition.ts'
import { findPlatform } from '../platforms/platforms.ts'
import type { ConnectorState, DeviceConnector, Reading } from './device-connector.ts'
import type { Note } from './dialogue.ts'
import { factsIn, type FactTexts, type ReadFacts } from './facts.ts'
import { CollectFailure, failedBy } from './failure.ts'
import { DeviceClock } from './device-clock.ts'
import { tryCredentials } from './credential-loop.ts'
import { endOf, openGate, reachInTurn, type LoginGate, type LoginPass } from './login-gate.ts'
import type { Failed } from './outcome.ts'
import { reach, type Reach } from './reach.ts'
import type { Recorder } from './recording/recorder.ts'
import {
  checkedRequest,
  type CollectRequest,
  effectiveLimits,
  type CheckedRequest,
  type Credential,
  type EffectiveLimits,
  withoutSecrets,
} from './request.ts'
import { Session } from './session.ts'
import { unknownPlatform } from './unknown-platform.ts'
import {
  asksInTerminal,
  openTerminal,
  portFor,
  transportOf,
  type Terminal,
  type Transport,
} from './transport.ts'

export type ConnectorDeps = {
  now: () => Date
  /** How the device is reached; directly where it is not given. */
  reach?: Reach
  /** Who says whether a login may be tried; all may where it is not given. */
  gate?: LoginGate
  /** Hears what is typed and what comes back, passwords and all. */
  recorder?: Recorder
}

/**
 * A connection to one device. Parameters that are missing or malformed throw `validation_failed`; everything that the
 * device does is data. The wall clock (`limits.deviceMs`) runs from `connect` on and ends whatever is under way.
 */
export function deviceConnector(parameters: CollectRequest, deps: ConnectorDeps): DeviceConnector {
  return new TerminalConnector(checkedRequest(parameters), deps)
}

class TerminalConnector implements DeviceConnector {
  readonly state: ConnectorState = { attempts: [], events: [] }
  readonly #request: CheckedRequest
  readonly #deps: ConnectorDeps
  readonly #platform: Platform | undefined
  readonly #limits: EffectiveLimits
  readonly #answers = new Map<string, Reading>()
  readonly #transport: Transport
  readonly #port: number
  #server = ''
  #terminal: Terminal | undefined
  #session: Session | undefined
  readonly #clock: DeviceClock
  /** Of a login that is not over before the privilege is reached. */
  #pass: LoginPass | undefined
  #expired: CollectFailure | undefined
  #abort: (() => void) | undefined

  constructor(request: CheckedRequest, deps: ConnectorDeps) {
    this.#request = request
    this.#deps = deps
    this.#platform = findPlatform(request.deviceType)
    this.#limits = effectiveLimits(request, this.#platform)
    this.#clock = new DeviceClock(this.#limits.deviceMs, () => this.#expire())
    this.#transport = transportOf(request.deviceType)
    this.#port = portFor(this.#transport, request.port)
  }

  get greeting(): { server: string; shown: string } {
    return { server: this.#server, shown: this.#session?.greeting ?? '' }
  }

  get isConnected(): boolean {
    return this.#session?.alive ?? false
  }

  async connect(): Promise<{ ok: true } | Failed> {
    const platform = this.#platform
    if (!platform) return this.#failed(unknownPlatform(this.#request.deviceType))
    const unsafe = this.#transport === 'telnet' ? ' over telnet, which nothing protects' : ''
    this.#note('info', `connecting to ${this.#request.host} port ${this.#port} as ${platform.id}${unsafe}`)
    this.#clock.start()
    try {
      const tryOne = (credential: Credential): Promise<Session> => this.#tryCredential(platform, credential)
      const { value: session, credential } = await tryCredentials(this.#request.credentials, tryOne, {
        state: this.state,
        note: this.#note,
        expired: () => this.#expired,
      })
      await session.open(credential)
      await this.#pass?.end('accepted')
      return { ok: true }
    } catch (error) {
      const failed = this.#failed(this.#expired ?? error)
      await this.#pass?.end(failed.category === 'privilege' ? 'refused' : 'accepted')
      await this.disconnect()
      return failed
    }
  }

  async disconnect(): Promise<void> {
    this.#clock.stop()
    if (!this.#terminal) return
    this.#session?.leave()
    await this.#close()
    this.#note('debug', 'disconnected')
  }

  async getRunning(): Promise<Reading> {
    const reading = await this.#read((session, { captures }) => session.capture(captures.running))
    if (reading.ok) this.#note('info', `configuration read: ${reading.text.length} characters`)
    return reading
  }

  getSerial(): Promise<Reading> {
    return this.#answerTo(this.#platform?.captures.serial?.command)
  }

  getOs(): Promise<Reading> {
    return this.#answerTo(this.#platform?.captures.os?.command)
  }

  getModel(): Promise<Reading> {
    return this.#answerTo(this.#platform?.captures.model?.command)
  }

  ask(command: string): Promise<Reading> {
    return this.#answerTo(command)
  }

  factsIn(texts: FactTexts): ReadFacts {
    if (!this.#platform) return { facts: {}, lines: {} }
    return factsIn(this.#platform, { ...texts, prompt: this.#session?.prompt ?? '' })
  }

  /** Many platforms show both facts by one command: it is sent once. */
  async #answerTo(command: string | undefined): Promise<Reading> {
    if (command === undefined) return { ok: true, text: '' }
    const known = this.#answers.get(command)
    if (known) return known
    const reading = await this.#read((session) => session.ask(command), 'warn')
    this.#answers.set(command, reading)
    return reading
  }

  async #read(
    read: (session: Session, platform: Platform) => Promise<string>,
    level: 'warn' | 'error' = 'error',
  ): Promise<Reading> {
    if (!this.#session || !this.#platform)
      return { ok: false, category: 'connection_lost', detail: 'not connected' }
    try {
      return { ok: true, text: await read(this.#session, this.#platform) }
    } catch (error) {
      return this.#failed(this.#expired ?? error, level)
    }
  }

  async #tryCredential(platform: Platform, credential: Credential): Promise<Session> {
    const { gate = openGate, reach: connect = reach } = this.#deps
    const { socket, pass } = await reachInTurn(
      () => connect(this.#request.host, this.#port, this.#limits.reachMs),
      () => this.#clock.without(() => gate(credential)),
    )
    this.#abort = () => socket.destroy()
    let wasOffered = false
    const onOffer = (): void => void (wasOffered = true)
    try {
      const session = await this.#logIn(platform, { credential, socket, onOffer })
      // The enable secret may be asked of the same realm.
      if (credential.enableSecret === undefined) await pass.end('accepted')
      else this.#pass = pass
      return session
    } catch (error) {
      await this.#close()
      await pass.end(endOf(error, wasOffered))
      throw this.#expired ?? error
    }
  }

  async #logIn(
    platform: Platform,
    login: { credential: Credential; socket: Duplex; onOffer: () => void },
  ): Promise<Session> {
    const { credential, socket, onOffer } = login
    const { pinnedHostKeys, legacy } = this.#request
    const username = credential.username + (platform.usernameSuffix ?? '')
    const terminal = await openTerminal(this.#transport, {
      socket,
      credential,
      username,
      pinnedHostKeys,
      legacy,
      loginMs: this.#limits.loginMs,
      onHostKey: (key) => (this.state.hostKey = key),
      onOffer,
      onServer: (name) => (this.#server = name),
    })
    const { deviceType } = this.#request
    const enableSecret = credential.enableSecret !== undefined
    const about = { deviceType, transport: this.#transport, server: this.#server, enableSecret }
    this.#terminal =
      this.#deps.recorder?.listenIn(terminal, { ...about, username: credential.username }) ?? terminal
    const options = { platform, limits: this.#limits, note: this.#note }
    const session = new Session(this.#terminal.channel, options)
    this.#session = session
    if (asksInTerminal(this.#transport, platform)) await session.logIn({ ...credential, username, onOffer })
    return session
  }

  async #close(): Promise<void> {
    const terminal = this.#terminal
    this.#terminal = undefined
    await terminal?.close()
  }

  #expire(): void {
    this.#expired = new CollectFailure(
      'timeout',
      `the device took more than ${this.#limits.deviceMs} ms in all`,
    )
    this.#session?.fail(this.#expired)
    this.#abort?.()
  }

  #failed(error: unknown, level: 'warn' | 'error' = 'error'): Failed {
    const failed = failedBy(error)
    const detail = withoutSecrets(failed.detail, this.#request.credentials)
    this.#note(level, `${failed.category}: ${detail}`)
    return { ...failed, detail }
  }

  readonly #note: Note = (level, message) => {
    const text = withoutSecrets(message, this.#request.credentials)
    this.state.events.push({ at: this.#deps.now().toISOString(), level, message: text })
  }
}
