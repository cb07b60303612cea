import { AppError } from '../errors.ts'
import type { Platform } from '../platforms/definition.ts'
import { findPlatform, nearestPlatforms } from '../platforms/platforms.ts'
import type { ConnectorState, DeviceConnector, Reading } from './device-connector.ts'
import type { Note } from './dialogue.ts'
import { factsIn, type Facts, type FactTexts } from './facts.ts'
import { CollectFailure, failedBy } from './failure.ts'
import type { Failed } from './outcome.ts'
import { reach, type Reach } from './reach.ts'
import {
  CollectRequest,
  effectiveLimits,
  type CheckedRequest,
  type Credential,
  type EffectiveLimits,
  withoutSecrets,
} from './request.ts'
import { Session } from './session.ts'
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
}

/**
 * A connection to one device. Parameters that are missing or malformed throw `validation_failed`; everything that the
 * device does is data. The wall clock (`limits.deviceMs`) runs from `connect` on and ends whatever is under way.
 */
export function deviceConnector(parameters: CollectRequest, deps: ConnectorDeps): DeviceConnector {
  const parsed = CollectRequest.safeParse(parameters)
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
    throw new AppError(
      'validation_failed',
      issues.map(({ path, message }) => `${path}: ${message}`).join('; '),
      { issues },
    )
  }
  return new TerminalConnector(parsed.data, deps)
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
  #deadline: NodeJS.Timeout | undefined
  #expired: CollectFailure | undefined
  #abort: (() => void) | undefined

  constructor(request: CheckedRequest, deps: ConnectorDeps) {
    this.#request = request
    this.#deps = deps
    this.#platform = findPlatform(request.deviceType)
    this.#limits = effectiveLimits(request, this.#platform)
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
    if (this.#request.credentials.length === 0) {
      return this.#failed(new CollectFailure('no_credentials', 'no credential applies to the device'))
    }
    const unsafe = this.#transport === 'telnet' ? ' over telnet, which nothing protects' : ''
    this.#note('info', `connecting to ${this.#request.host} port ${this.#port} as ${platform.id}${unsafe}`)
    this.#deadline = setTimeout(() => this.#expire(), this.#limits.deviceMs)
    try {
      const { session, credential } = await this.#logIn(platform)
      await session.open(credential)
      return { ok: true }
    } catch (error) {
      const failed = this.#failed(this.#expired ?? error)
      await this.disconnect()
      return failed
    }
  }

  async disconnect(): Promise<void> {
    clearTimeout(this.#deadline)
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

  factsIn(texts: FactTexts): Facts {
    return this.#platform ? factsIn(this.#platform, { ...texts, prompt: this.#session?.prompt ?? '' }) : {}
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

  /** A refused credential leads to the next one, over a new connection; any other failure ends it. */
  async #logIn(platform: Platform): Promise<{ session: Session; credential: Credential }> {
    let refusal: unknown
    for (const credential of this.#request.credentials) {
      if (this.#expired) throw this.#expired
      const attempt = { credentialId: credential.id, accepted: false }
      try {
        const session = await this.#tryCredential(platform, credential)
        this.state.attempts.push({ ...attempt, accepted: true })
        this.state.credentialId = credential.id
        this.#note('info', `logged in with credential ${credential.id}`)
        return { session, credential }
      } catch (error) {
        await this.#close()
        if (!(error instanceof CollectFailure) || error.category !== 'auth' || this.#expired) throw error
        this.state.attempts.push(attempt)
        this.#note('warn', `credential ${credential.id}: ${error.message}`)
        refusal = error
      }
    }
    throw refusal
  }

  async #tryCredential(platform: Platform, credential: Credential): Promise<Session> {
    const connect = this.#deps.reach ?? reach
    const reached = await connect(this.#request.host, this.#port, this.#limits.reachMs)
    if (!reached.ok) throw new CollectFailure(reached.category, reached.detail)
    this.#abort = () => reached.socket.destroy()
    const { pinnedHostKeys, legacy } = this.#request
    const username = credential.username + (platform.usernameSuffix ?? '')
    const terminal = await openTerminal(this.#transport, {
      socket: reached.socket,
      credential,
      username,
      pinnedHostKeys,
      legacy,
      loginMs: this.#limits.loginMs,
      onHostKey: (key) => (this.state.hostKey = key),
      onServer: (name) => (this.#server = name),
    })
    this.#terminal = terminal
    const session = new Session(terminal.channel, { platform, limits: this.#limits, note: this.#note })
    this.#session = session
    if (asksInTerminal(this.#transport, platform)) await session.logIn({ ...credential, username })
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

function unknownPlatform(deviceType: string): CollectFailure {
  const detail =
    deviceType === ''
      ? 'the device has no device type'
      : `the device type \`${deviceType}\` is unknown; near: ${nearestPlatforms(deviceType).join(', ')}`
  return new CollectFailure('platform_unknown', detail)
}
