/**
 * How a family of devices gets a configuration back, as data: what a person does, in the words of its manual. netkeep
 * shows it and does nothing of it. `{file}` stands for the file with the configuration, `{server}` for where it lies.
 */
export type RestoreGuide = {
  /** The manuals where a person looks it up before relying on it. No guide was tried on a device. */
  sources: readonly [string, ...string[]]
  /** The best one first. */
  ways: readonly [RestoreWay, ...RestoreWay[]]
  /** How to see that it worked. */
  check: readonly string[]
  /** Absent where lines cannot be taken back by a rule. */
  lines?: LineDialect
  /** What could not be confirmed by a source, or is not in the stored text. */
  unsure?: readonly string[]
}

export type RestoreWay = {
  name: string
  /** `exact`: what is not in the file goes. `merge`: it stays. */
  result: 'exact' | 'merge'
  reboot: boolean
  /** Lines that begin with `>` are typed into the device; others are said. */
  steps: readonly [string, ...string[]]
  undo: readonly string[]
  dangers: readonly string[]
}

/** How lines are put in and taken back. */
export type LineDialect = {
  /**
   * `sections`: a line enters its section, `exit` leaves it, `negate` takes a line back.
   * `paths`: `set` and `delete` with the whole path (Junos).
   * `edit`: FortiOS.
   * `flat`: the stored lines are `set` commands themselves (VyOS).
   */
  form: 'sections' | 'paths' | 'edit' | 'flat'
  /** Before and behind the lines, also as typed. */
  enter: readonly string[]
  leave: readonly string[]
  /** `no`, `undo`. */
  negate?: string
  exit?: string
  /** Lines of which a section has one, by what of them stays the same: a new one takes the place of the old one. */
  single?: readonly RegExp[]
  /** Sections that are written anew as a whole: their order counts, or the device takes them no other way. */
  whole?: readonly { begins: RegExp; closes?: string; isReplaced?: true }[]
  /** A text of another syntax of the same family, for which this does not hold. */
  unless?: RegExp
}
