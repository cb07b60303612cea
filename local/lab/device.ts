/** What a simulated device is, as data. The lab turns each of these into an SSH server on its own port. */
export type LabDevice = {
  /** Host name, shown in the prompt. */
  name: string
  /** A dialect's name: Netmiko's device type. */
  deviceType: string
  logins: readonly LabLogin[]
  enableSecret?: string
  /** How long the device thinks before each answer. */
  responseMs?: number
  /** Seeds what makes one device different from the next. */
  index?: number
  interfaces?: number
  /** The first `show` pages even where paging can be switched off. */
  pager?: { lines: number; pageMs?: number }
  /** SSH where it is not given. */
  transport?: 'telnet'
  /** Offers SHA-1 key exchange, CBC and an RSA key only, as devices of 2005 do. */
  legacyOnly?: boolean
  /** How passwords are asked for (default: both). */
  authentication?: 'password' | 'keyboard-interactive'
  /** Refused logins after which it says that the account is locked, where it asks by keyboard-interactive. */
  locksAfter?: number
  fault?: Fault
}

export type LabLogin = {
  username: string
  password?: string
  /** OpenSSH format, one line. */
  publicKey?: string
}

/** One thing that goes wrong. Lines are counted in the running configuration. */
export type Fault =
  /** The port is closed. */
  | { kind: 'dead' }
  /** The port is open and nothing ever speaks. */
  | { kind: 'mute' }
  /** The shell opens and no prompt ever comes. */
  | { kind: 'prompt-never' }
  /** A line that looks like a prompt, then a pause, in the greeting or in the configuration. */
  | { kind: 'false-prompt'; where: 'greeting' | 'config'; line: 'own' | 'foreign'; pauseMs: number }
  /** The TCP connection breaks: in the first session only, or in all. */
  | { kind: 'drop'; afterLines: number; once?: true }
  | { kind: 'silence'; afterLines: number; ms: number }
  /** The configuration stops early, and the prompt comes as if all were well. */
  | { kind: 'no-end'; afterLines: number }
  /** Lines are missing in the middle, and the end stands: in the first session only, or in all. */
  | { kind: 'shrunk'; lines: number; once: boolean }
  | { kind: 'flood'; bytes: number }
  | { kind: 'junk'; bytes: number }
  | { kind: 'unauthorized' }

/** What the configurations are made from. */
export type DeviceFacts = {
  name: string
  index: number
  interfaces: number
  /** Lines that were added by hand since the start. */
  changes: readonly string[]
}
