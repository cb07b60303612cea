import type { FactTexts, ReadFacts } from './facts.ts'
import type { Failed, HostKey, SessionEvent } from './outcome.ts'

/** A text as the device printed it, or why there is none. */
export type Reading = { ok: true; text: string } | Failed

/** What is known of the connection so far; it grows while `connect` runs. */
export type ConnectorState = {
  attempts: { credentialId: number; accepted: boolean }[]
  credentialId?: number
  /** It was accepted by its former secrets. */
  former?: boolean
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
  /** The raw answer that names the hardware, where it is in neither of the others. */
  getModel(): Promise<Reading>
  /** The answer to a command that shows something. */
  ask(command: string): Promise<Reading>
  /** Fields read out of texts by the platform's patterns, the hostname also out of the prompt. */
  factsIn(texts: FactTexts): ReadFacts
  /** What the server called itself, and what was shown before the first prompt. */
  readonly greeting: { server: string; shown: string }
  readonly state: ConnectorState
}
