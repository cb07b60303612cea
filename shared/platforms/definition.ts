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
  /** What could not be confirmed by a source: shown in the table, so that nobody takes a guess for a fact. */
  unsure?: readonly [string, ...string[]]
  /** What is not there at all; by device type where the aliases differ. */
  missing?: Readonly<Record<string, string>>
  /**
   * What a prompt looks like: anchored, tried on the unfinished last line only. The session learns the real prompt
   * from it, and from then on expects that one.
   */
  prompt: RegExp
  /** What of the prompt changes from command to command, such as EXOS's counter or a mark of unsaved changes. */
  promptNoise?: RegExp
  /** Appended to the login name (RouterOS takes terminal options there). */
  usernameSuffix?: string
  /** What ends a line we send (default `\n`). */
  enter?: '\n' | '\r' | '\r\n'
  /** Questions before the prompt: those that differ from the usual ones, for telnet and for a second login inside SSH. */
  login?: LoginQuestions
  /** How to get the privilege that the captures need, where the prompt says that it is missing; several: in turn. */
  privilege?: Privilege | readonly Privilege[]
  /** Sent after login, before the captures. */
  onOpen: readonly Step[]
  /** Sent before the connection is closed, without waiting for answers. */
  onClose: readonly { send: string }[]
  /** What the device prints when it waits for a key, and the key to send. */
  pagers: readonly { prompt: RegExp; reply: string }[]
  captures: { running: Capture; serial?: Command; os?: Command; model?: Command }
  /** What is read out of the captured texts; for each field the first pattern that matches counts. */
  facts?: readonly Fact[]
  /** How the platform is told from others where a device has none. */
  identify?: Identify
  /** Lines that mean the command was refused. Tried on the first and last lines of a short answer. */
  rejections: readonly RegExp[]
  /** Lines that change by themselves; left out of what is compared and shown. */
  volatile: readonly RegExp[]
  /**
   * Lines of the shown text that mean nothing when they change, and are to be kept all the same: a version that differs in
   * such lines only is not significant. What changes at every show is volatile instead.
   */
  insignificant?: readonly RegExp[]
  /**
   * Of the volatile lines, the one that says who changed the configuration last: groups `by` (a login name and nothing
   * else) and `at`, the time in the device's own words. Only where the line is about the running configuration.
   */
  lastChange?: RegExp
  /** Blank lines come and go with the pages of the answer: none of them is kept. */
  blankLines?: 'of pages'
  /**
   * Secrets, tried on the whole text line by line (`^` and `$` are those of a line). The group `secret` of each match
   * is replaced by a keyed tag, the group `salted` by a constant one: it stands for what changes at every show.
   * What every family of syntaxes has in common is in `collect/secret-words.ts` and holds for all platforms.
   */
  secrets: readonly RegExp[]
  limits?: { startMs?: number; idleMs?: number; outputBytes?: number }
  /** How lines of the configuration belong together (default: `indent`). */
  blocks?: BlockStyle
}

/**
 * How a configuration is made of sections (`backups/config-tree.ts` reads it).
 * - `indent`: what is indented further belongs to the line above.
 * - `braces`: a line that ends in `{` opens, `}` closes.
 * - `edit`: FortiOS: `config` and `edit` open, `next` and `end` close.
 * - `headers`: RouterOS: a line that begins with `/` holds until the next such line.
 * - `lines`: every line stands by itself, its place is in its words.
 */
export type BlockStyle = 'indent' | 'braces' | 'edit' | 'headers' | 'lines'

/** `inside`: the device asks in the terminal although SSH has accepted the login. */
export type LoginQuestions = { username?: RegExp; password?: RegExp; inside?: true }

export type Privilege = {
  from: RegExp
  command: string
  secretPrompt?: RegExp
  /** Some ask for a name as well; it is that of the login. */
  usernamePrompt?: RegExp
  /** What answers the question: the enable secret, the password of the login, or an empty line where there is no secret. */
  secret?: 'password' | 'blank'
  refused: readonly RegExp[]
}

export type Step =
  | { send: string; optional?: boolean }
  | { send: string; expect: RegExp; reply: { text: string }; optional?: boolean }
  /** Another shell or mode: the prompt is learned again. */
  | { send: string; changesPrompt: true; optional?: boolean }

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
  | { contains: readonly [RegExp, ...RegExp[]] }

export const factNames = ['hostname', 'model', 'serial', 'version'] as const
export type FactName = (typeof factNames)[number]

/**
 * A pattern with groups named after the facts, tried on a captured text (`^` and `$` are those of a line) or on the
 * prompt.
 */
export type Fact = { of: 'os' | 'serial' | 'model' | 'running' | 'prompt'; pattern: RegExp }

type Identify = {
  /** What the SSH server calls itself, such as `SSH-2.0-Cisco-1.25`. A hint, no proof. */
  server?: RegExp
  /** A line of what is shown before the first prompt. A hint, no proof. */
  greeting?: RegExp
  /** Proof: a line of the answer to a command. */
  answer?: { command: string; line: RegExp }
}
