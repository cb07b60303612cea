import type { Facts } from './facts.ts'

/**
 * What became of one device in one run. A device's failure is data, never an exception.
 * `retry`: a second attempt may help. `breaks`: counts toward the device's breaker; what is our own doing does not.
 */
export const failureCategories = {
  unreachable: { retry: true, breaks: true, meaning: 'no answer on the address and port' },
  refused: { retry: true, breaks: true, meaning: 'the connection was refused' },
  address_forbidden: {
    retry: false,
    breaks: false,
    meaning: 'the address is outside of the networks that its access rule allows: not connected to',
  },
  jump_host: { retry: true, breaks: false, meaning: 'a jump host on the way did not let us through' },
  timeout: { retry: true, breaks: true, meaning: 'connected, then silent for too long' },
  auth: { retry: false, breaks: true, meaning: 'no credential was accepted' },
  account_locked: {
    retry: false,
    breaks: false,
    meaning: 'the account was reported as locked: its username is left alone',
  },
  login_budget: {
    retry: true,
    breaks: false,
    meaning: 'not tried: the username has had as many failed logins as its realm allows',
  },
  session_cap: {
    retry: true,
    breaks: false,
    meaning: 'not asked: its site, jump host or AAA realm had as many sessions as it may have at once',
  },
  no_credentials: { retry: false, breaks: false, meaning: 'no credential applies to the device' },
  host_key_changed: { retry: false, breaks: true, meaning: 'the host key differs from the pinned one' },
  algorithms: { retry: false, breaks: true, meaning: 'no algorithm in common with the SSH server' },
  platform_unknown: { retry: false, breaks: false, meaning: 'the device has no platform, or an unknown one' },
  prompt_not_found: { retry: true, breaks: true, meaning: 'the prompt never came' },
  privilege: { retry: false, breaks: true, meaning: 'the needed privilege level was refused' },
  command_rejected: { retry: false, breaks: true, meaning: 'the device refused a command' },
  connection_lost: { retry: true, breaks: true, meaning: 'the connection broke in mid session' },
  incomplete: { retry: true, breaks: true, meaning: 'the configuration has no end or is empty' },
  too_large: { retry: false, breaks: true, meaning: 'more output than the limit' },
  not_text: { retry: false, breaks: true, meaning: 'the output is not text' },
  breaker_open: { retry: false, breaks: false, meaning: 'skipped: too many failures in a row' },
  internal: { retry: true, breaks: false, meaning: 'a fault on our side' },
} as const satisfies Record<string, { retry: boolean; breaks: boolean; meaning: string }>

export type FailureCategory = keyof typeof failureCategories

export type SessionEvent = { at: string; level: 'debug' | 'info' | 'warn' | 'error'; message: string }

/** Key type and base64 SHA-256 fingerprint of a server's host key, as `ssh-keygen -l` shows it. */
export type HostKey = { type: string; sha256: string }

export type Collected = {
  ok: true
  /** Raw texts as the device printed them, echo and prompt removed. */
  running: string
  serial?: string
  os?: string
  /** The same as fields, as far as they could be read. */
  facts: Facts
  /** The line that each of them was read from, up to its end. */
  factLines: Facts
}

/**
 * What a device was taken for. `confidence` from 0 to 1: an answer to a version command is proof (0.95, with a hint
 * that agrees 1), the name of the SSH server or the greeting alone are hints (0.5, both 0.7).
 */
export type Detection = { deviceType: string; confidence: number; evidence: readonly string[] }

export type Failed = { ok: false; category: FailureCategory; detail: string }

export type Outcome = (Collected | Failed) & {
  /** The credential that was accepted. */
  credentialId?: number
  /** It was accepted by its former secrets. */
  former?: boolean
  /** Each credential that was tried, in order, with what came of it. */
  attempts: { credentialId: number; accepted: boolean }[]
  /** The key the server showed. */
  hostKey?: HostKey
  /** What the device was taken for, where it had no platform. */
  detected?: Detection
  events: SessionEvent[]
  elapsedMs: number
}
