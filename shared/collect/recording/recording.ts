import { Buffer } from 'node:buffer'
import type { Platform } from '../../platforms/definition.ts'
import { findPlatform } from '../../platforms/platforms.ts'
import { version } from '../../version.ts'
import { clean } from '../clean.ts'
import { collectDevice } from '../collect-device.ts'
import type { ConnectorDeps } from '../connector.ts'
import type { Facts } from '../facts.ts'
import type { Failed, Outcome, SessionEvent } from '../outcome.ts'
import type { CollectRequest, Credential } from '../request.ts'
import { Masker, type Masked } from './mask.ts'
import { sessionRecorder, type Exchange, type RecordedSession } from './recorder.ts'
import { readView } from './views.ts'

/** One terminal, from its first byte to its last. */
type Terminal = {
  greeting: string
  exchanges: readonly Exchange[]
  /** The characters of `receive` are bytes, where it says so; else they are UTF-8. */
  encoding?: 'latin1'
  /** The device hung up. */
  closed?: true
  /** Bytes that came when the recording was full. */
  cut?: number
}

/**
 * The file of a recorded session: what `local/lab/replay.ts` replays, with what came of it. Secrets are masks, such as
 * `masked-1`: the same secret has the same number within a file.
 */
export type Recording = Terminal & {
  /** Netmiko's name of what the device is. */
  model: string
  device: string
  ordered: true
  /** The lines that are to come of it, cleaned; absent where no configuration was read. */
  config?: readonly string[]
  facts?: Facts
  outcome: { ok: true } | Failed
  attempts: Outcome['attempts']
  events: readonly SessionEvent[]
  /** Terminals before the last one: other credentials, and what the device was recognised by. */
  earlier: readonly (Terminal & { model: string })[]
  recorded: {
    at: string
    netkeep: string
    transport: 'ssh' | 'telnet'
    /** What the SSH server calls itself. */
    server: string
    username: string
    /** There was one to give. */
    enableSecret: boolean
    /** How many different secrets are masks. */
    masked: number
    /** Answers that are left out, because a secret could not be masked in them. */
    withheld: number
  }
}

/** Reads facts and configuration of a device as a backup does, and makes a file of what went over its terminals. */
export async function recordSession(
  request: CollectRequest,
  deps: Omit<ConnectorDeps, 'recorder'>,
  device: string,
): Promise<{ outcome: Outcome; recording: Recording }> {
  const recorder = sessionRecorder(deps)
  const outcome = await collectDevice(request, { ...deps, recorder })
  const sessions = recorder.sessions()
  return { outcome, recording: recordingOf({ request, outcome, sessions, device, at: deps.now() }) }
}

type Told = {
  request: CollectRequest
  outcome: Outcome
  sessions: readonly RecordedSession[]
  device: string
  at: Date
}

export function recordingOf({ request, outcome, sessions, device, at }: Told): Recording {
  const model = outcome.detected?.deviceType ?? request.deviceType
  const taken = findPlatform(model)
  const masker = new Masker(request.credentials.flatMap(secretsOf))
  const known = sessions.map((session) => maskedOf(session, taken))
  const last = known.at(-1)
  const lines = outcome.ok && last ? linesOf(last, outcome.running) : undefined
  masker.maskSessions(known)
  const platforms = platformsOf(model, taken)
  const config = taken && lines && last && configOf(last, taken, lines)
  const terminals = sessions.map((session, index) => terminalOf(session, known[index] ?? noSession))
  const about = sessions.at(-1)?.about
  return {
    model: taken?.id ?? model,
    device: masker.maskText(platforms, device),
    ordered: true,
    ...(terminals.at(-1) ?? { greeting: '', exchanges: [] }),
    ...(config ? { config } : {}),
    ...(outcome.ok ? { facts: maskedFacts(outcome.facts, masker) } : {}),
    outcome: outcome.ok
      ? { ok: true }
      : { ok: false, category: outcome.category, detail: masker.maskText(platforms, outcome.detail) },
    attempts: outcome.attempts,
    events: outcome.events.map((event) => ({ ...event, message: masker.maskText(platforms, event.message) })),
    earlier: terminals
      .slice(0, -1)
      .map((terminal, index) => ({ model: sessions[index]?.about.deviceType ?? '', ...terminal })),
    recorded: {
      at: sessions.at(-1)?.at ?? at.toISOString(),
      netkeep: version,
      transport: about?.transport ?? 'ssh',
      server: about?.server ?? '',
      username: masker.maskValues(about?.username ?? request.credentials[0]?.username ?? ''),
      enableSecret: about?.enableSecret ?? false,
      masked: masker.count,
      withheld: masker.withheld,
    },
  }
}

const noSession: Masked = { parts: [], sent: [], platforms: [] }

/** A private key is never typed, but a device may show the one that it was given. */
const keyLineChars = 16

/** As characters, and as the bytes of a terminal that is read byte by byte. */
function secretsOf({ password, passphrase, enableSecret, privateKey = '' }: Credential): string[] {
  const keyLines = privateKey
    .split(/\r?\n/)
    .filter((line) => line.length >= keyLineChars && !line.startsWith('-----'))
  return [password, passphrase, enableSecret, ...keyLines].flatMap((secret) =>
    secret === undefined ? [] : [secret, Buffer.from(secret, 'utf8').toString('latin1')],
  )
}

const platformsOf = (model: string, taken: Platform | undefined): Platform[] => {
  const found = [findPlatform(model), taken].filter((one) => one !== undefined)
  const usual = found.length === 0 ? findPlatform('generic') : undefined
  return [...new Set([...found, ...(usual ? [usual] : [])])]
}

const maskedOf = ({ about, greeting, exchanges }: RecordedSession, taken: Platform | undefined): Masked => ({
  parts: [greeting, ...exchanges.map(({ receive }) => receive)],
  sent: exchanges.map(({ send }) => send),
  platforms: platformsOf(about.deviceType, taken),
})

function terminalOf(
  { encoding, closed, cut, exchanges }: RecordedSession,
  { parts, sent }: Masked,
): Terminal {
  const [greeting = '', ...answers] = parts
  return {
    greeting,
    exchanges: exchanges.map(({ at, until }, index) => ({
      send: sent[index] ?? '',
      receive: answers[index] ?? '',
      at,
      until,
    })),
    ...(encoding === 'latin1' ? { encoding } : {}),
    ...(closed ? { closed } : {}),
    ...(cut > 0 ? { cut } : {}),
  }
}

type Lines = { from: number; count: number; all: number }

/** In which lines of what the session machine read the configuration stands. Masking adds none and takes none away. */
function linesOf(session: Masked, running: string): Lines | undefined {
  const text = viewOf(session)
  const at = `\n${text}`.lastIndexOf(`\n${running.trimEnd()}`)
  if (at === -1 || running.trim() === '') return undefined
  return {
    from: text.slice(0, at).split('\n').length - 1,
    count: running.trimEnd().split('\n').length,
    all: text.split('\n').length,
  }
}

function configOf(session: Masked, platform: Platform, { from, count, all }: Lines): string[] | undefined {
  const lines = viewOf(session).split('\n')
  if (lines.length !== all) return undefined
  return clean(platform, lines.slice(from, from + count).join('\n'))
    .trimEnd()
    .split('\n')
}

function viewOf({ parts, platforms }: Masked): string {
  const platform = platforms.at(-1)
  return platform ? readView({ parts, platform }).text : ''
}

function maskedFacts(facts: Facts, masker: Masker): Facts {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, masker.maskValues(value)]))
}
