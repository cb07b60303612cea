/**
 * A device platform is data: no function, no inheritance. The session machine in `shared/collect` is one for all.
 * When a platform needs more, this vocabulary gets a word.
 *
 * Patterns are tried on single lines as a terminal shows them: no control characters, no blanks at the end.
 */
export type Platform = {
  /** Netmiko's name, for example `cisco_ios`. */
  id: string
  name: string
  /** Other device types that are the same to us, for example `cisco_xe` variants. */
  aliases?: readonly string[]
  /** Where the facts come from: manuals, captured sessions. */
  sources: readonly [string, ...string[]]
  /**
   * What a prompt looks like: anchored, tried on the unfinished last line only. The session learns the real prompt
   * from it, and from then on expects that one.
   */
  prompt: RegExp
  /** Appended to the login name (RouterOS takes terminal options there). */
  usernameSuffix?: string
  /** What ends a line we send (default `\n`). */
  enter?: '\n' | '\r' | '\r\n'
  /** How to get the privilege that the captures need, where the prompt says that it is missing. */
  privilege?: { from: RegExp; command: string; secretPrompt: RegExp; refused: readonly RegExp[] }
  /** Sent after login, before the captures. */
  onOpen: readonly Step[]
  /** Sent before the connection is closed, without waiting for answers. */
  onClose: readonly Step[]
  /** What the device prints when it waits for a key, and the key to send. */
  pagers: readonly { prompt: RegExp; reply: string }[]
  captures: { running: Capture; serial?: Command; os?: Command }
  /** Lines that mean the command was refused. Tried on the first and last lines of a short answer. */
  rejections: readonly RegExp[]
  /** Lines that change by themselves; left out of what is compared and shown. */
  volatile: readonly RegExp[]
  /**
   * Secrets, tried on the whole text line by line (`^` and `$` are those of a line). The group `secret` of each match
   * is replaced by a keyed tag, the group `salted` by a constant one: it stands for what changes at every show.
   */
  secrets: readonly RegExp[]
  limits?: { startMs?: number; idleMs?: number; outputBytes?: number }
}

export type Step =
  | { send: string; optional?: boolean }
  | { send: string; expect: RegExp; reply: { text: string }; optional?: boolean }

type Command = { command: string }

export type Capture = Command & {
  /** Tried in turn when the one before was rejected. */
  alternatives?: readonly string[]
  /** What a whole configuration must show; without it the capture is incomplete. */
  complete: Completeness
}

export type Completeness =
  /** Its last line that is not empty. */
  | { lastLine: RegExp }
  /** Braces close, with at least `blocks` of them. */
  | { balanced: '{}'; blocks: number }
  /**
   * Lines that every configuration of the platform has, where the platform prints no end. The session then asks the
   * device for its prompt once more before it believes the answer.
   */
  | { contains: readonly RegExp[] }
