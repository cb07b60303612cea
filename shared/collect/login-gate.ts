import type { Duplex } from 'node:stream'
import { CollectFailure } from './failure.ts'
import type { Failed } from './outcome.ts'
import type { Reached } from './reach.ts'
import type { Credential } from './request.ts'

/** What came of a login: `unused` where nothing was sent that could be refused. */
export type LoginEnd = 'accepted' | 'refused' | 'locked' | 'unused'

/** Leave to log in once. It must be ended, whatever happened. */
export type LoginPass = { ok: true; end(result: LoginEnd): Promise<void> }

/** Asked before each login: may wait for its turn, and may say no. */
export type LoginGate = (credential: Credential) => Promise<LoginPass | Failed>

export const openGate: LoginGate = async () => ({ ok: true, end: async () => {} })

/** A connection that waits for longer is closed meanwhile: devices have few lines, and hang up on who is silent. */
const patienceMs = 5000

/**
 * A connection, and leave to log in over it. The connection comes first, so that nobody waits for a dead device.
 * @throws CollectFailure
 */
export async function reachInTurn(
  connect: () => Promise<Reached>,
  admit: () => Promise<LoginPass | Failed>,
): Promise<{ socket: Duplex; pass: LoginPass }> {
  const { socket } = opened(await connect())
  // It may break while nobody listens; who uses it finds out.
  socket.on('error', () => undefined)
  const timer = setTimeout(() => socket.destroy(), patienceMs)
  const pass = await admit().finally(() => clearTimeout(timer))
  if (!pass.ok) {
    socket.destroy()
    throw new CollectFailure(pass.category, pass.detail, true)
  }
  if (!socket.destroyed) return { socket, pass }
  try {
    return { socket: opened(await connect()).socket, pass }
  } catch (error) {
    await pass.end('unused')
    throw error
  }
}

function opened(reached: Reached): { socket: Duplex } {
  if (!reached.ok) throw new CollectFailure(reached.category, reached.detail)
  return reached
}

/** What a failed login means for its budget. What cannot be told counts as refused. */
export function endOf(error: unknown, wasOffered: boolean): LoginEnd {
  if (!wasOffered) return 'unused'
  return error instanceof CollectFailure && error.category === 'account_locked' ? 'locked' : 'refused'
}

/** How servers say that an account takes no password any more, not even the right one. */
const locked =
  /\b(?:account|user(?: ?name)?)\b(?: \S{1,64})? (?:is |has been |was |is now )?(?:temporarily )?locked\b/i

/** The line that says so. */
export const lockedIn = (text: string): string | undefined =>
  text
    .split(/\r?\n/)
    .find((line) => locked.test(line))
    ?.trim()
