import type { DeviceFacts } from './device.ts'

/** How a family of devices talks, as data: enough of it for a backup, and for other programs that make backups. */
export type Dialect = {
  deviceType: string
  prompt: (name: string) => string
  /** The prompt before `enable`, where there are two. */
  lowPrompt?: (name: string) => string
  enable?: { command: string; ask: string; refused: string }
  greeting: (name: string) => string
  /** What may follow a login name and is no part of it. */
  loginOptions?: RegExp
  /** Commands that show the running configuration. */
  running: readonly string[]
  config: (facts: DeviceFacts) => readonly string[]
  /** The line such a device gets when somebody works on it. */
  change: (facts: DeviceFacts) => string
  facts: Readonly<Record<string, (facts: DeviceFacts) => readonly string[]>>
  /** Commands that are taken without an answer. */
  silent: RegExp
  /** Those among them that switch paging off. */
  pagingOff?: RegExp
  pager: { text: string; erase: string }
  unknown: (command: string) => readonly string[]
  unauthorized: string
  exit: RegExp
}
