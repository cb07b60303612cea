import { AppError } from '../errors.ts'
import type { Platform } from '../platforms/definition.ts'
import { findPlatform, nearestPlatforms } from '../platforms/platforms.ts'
import type { Note } from './dialogue.ts'
import { CollectFailure, failedBy } from './failure.ts'
import type { Failed, HostKey, SessionEvent } from './outcome.ts'
import { reach } from './reach.ts'
import {
  CollectRequest,
  defaultLimits,
  type CheckedRequest,
  type Credential,
  type EffectiveLimits,
} from './request.ts'
import { Session } from './session.ts'
import { openShell, type SshShell } from './ssh.ts'

export type ConnectorDeps = { now: () => Date }

/** A text as the device printed it, or why there is none. */
type Reading = { ok: true; text: string } | Failed

/** What is known of the connection so far; it grows while `connect` runs. */
export type ConnectorState = {
  attempts: { credentialId: number; accepted: boolean }[]
  credentialId?: number
  hostKey?: HostKey
  events: SessionEvent[]
}

export type DeviceConnector = {
  /** Reachability, login with one credential after the other, prompt, privilege, paging off. Fails with a category. */
  connect(): Promise<{ ok: true } | Failed>
  /** Always safe, also twice or without `connect`; resolves when the connection is gone. */
  disconnect(): Promise<void>
  readonly isConnected: boolean
  getRunning(): Promise<Reading>
  /** The raw answer that holds the serial number. */
  getSerial(): Promise<Reading>
  /** The raw answer that names the operating system and its version. */
  getOs(): Promise<Reading>
  readonly state: ConnectorState
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
  return new SshConnector(parsed.data, deps)
}

class SshConnector implements DeviceConnector {
  readonly state: ConnectorState = { attempts: [], events: [] }
  readonly #request: CheckedRequest
  readonly #deps: ConnectorDeps
  readonly #platform: Platform | undefined
  readonly #limits: EffectiveLimits
  readonly #answers = new Map<string, Reading>()
  #shell: SshShell | undefined
  #session: Session | undefined
  #deadline: NodeJS.Timeout | undefined
  #expired: CollectFailure | undefined
  #abort: (() => void) | undefined

  constructor(request: CheckedRequest, deps: ConnectorDeps) {
    this.#request = request
    this.#deps = deps
    this.#platform = findPlatform(request.deviceType)
    this.#limits = effectiveLimits(request, this.#platform)
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
    this.#note('info', `connecting to ${this.#request.host} port ${this.#request.port} as ${platform.id}`)
    this.#deadline = setTimeout(() => this.#expire(), this.#limits.deviceMs)
    try {
      const credential = await this.#logIn(platform)
      const session = new Session(this.#shellOrThrow().channel, {
        platform,
        limits: this.#limits,
        note: this.#note,
      })
      this.#session = session
      await session.open(credential.enableSecret)
      return { ok: true }
    } catch (error) {
      const failed = this.#failed(this.#expired ?? error)
      await this.disconnect()
      return failed
    }
  }

  async disconnect(): Promise<void> {
    clearTimeout(this.#deadline)
    const shell = this.#shell
    this.#shell = undefined
    if (!shell) return
    this.#session?.leave()
    await shell.close()
    this.#note('debug', 'disconnected')
  }

  async getRunning(): Promise<Reading> {
    const reading = await this.#read((session, { captures }) => session.capture(captures.running))
    if (reading.ok) this.#note('info', `configuration read: ${reading.text.length} characters`)
    return reading
  }

  getSerial(): Promise<Reading> {
    return this.#ask(this.#platform?.captures.serial?.command)
  }

  getOs(): Promise<Reading> {
    return this.#ask(this.#platform?.captures.os?.command)
  }

  /** Many platforms show both facts by one command: it is sent once. */
  async #ask(command: string | undefined): Promise<Reading> {
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
  async #logIn(platform: Platform): Promise<Credential> {
    const { host, port, credentials, pinnedHostKeys, legacy } = this.#request
    let refusal: unknown
    for (const credential of credentials) {
      if (this.#expired) throw this.#expired
      const reached = await reach(host, port, this.#limits.reachMs)
      if (!reached.ok) throw new CollectFailure(reached.category, reached.detail)
      this.#abort = () => reached.socket.destroy()
      const attempt = { credentialId: credential.id, accepted: false }
      try {
        this.#shell = await openShell({
          socket: reached.socket,
          credential,
          username: credential.username + (platform.usernameSuffix ?? ''),
          pinnedHostKeys,
          legacy,
          loginMs: this.#limits.loginMs,
          onHostKey: (key) => (this.state.hostKey = key),
        })
        this.state.attempts.push({ ...attempt, accepted: true })
        this.state.credentialId = credential.id
        this.#note('info', `logged in with credential ${credential.id}`)
        return credential
      } catch (error) {
        if (!(error instanceof CollectFailure) || error.category !== 'auth' || this.#expired) throw error
        this.state.attempts.push(attempt)
        this.#note('warn', `credential ${credential.id}: ${error.message}`)
        refusal = error
      }
    }
    throw refusal
  }

  #shellOrThrow(): SshShell {
    if (!this.#shell) throw new CollectFailure('connection_lost', 'not connected')
    return this.#shell
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

function effectiveLimits(request: CheckedRequest, platform: Platform | undefined): EffectiveLimits {
  const given = Object.entries(request.limits).filter(([, value]) => value !== undefined)
  return { ...defaultLimits, ...platform?.limits, ...Object.fromEntries(given) }
}

/** Devices quote what was typed: whatever a message holds of a credential is struck out. */
function withoutSecrets(text: string, credentials: readonly Credential[]): string {
  return credentials
    .flatMap(({ password, passphrase, enableSecret }) => [password, passphrase, enableSecret])
    .filter((secret) => secret !== undefined && secret !== '')
    .reduce<string>((struck, secret) => struck.replaceAll(secret ?? '', '***'), text)
}
