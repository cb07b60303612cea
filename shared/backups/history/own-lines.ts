import type { Platform } from '../../platforms/definition.ts'

/** RANCID's first line, in the comments of the platform. */
const rancidMark = /^\s{0,4}(?:!|#|\/\*|--|;)?\s{0,4}RANCID-CONTENT-TYPE:/
/** A comment at the top: `!` with anything behind it, `#` with a blank (FortiOS begins with `#config-version` itself). */
const comment = /^(?:!|#(?:\s|$)|#RANCID)/
/** Devices write an empty comment as one character; Oxidized puts a blank behind it. */
const byTool = /^[!#]./
/** RANCID writes it between its comments and the configuration; routers show it elsewhere. */
const configRegister = /^config-register \S{1,20}$/

/**
 * The configuration itself, without what Oxidized and RANCID write above it: comments with the answers of other
 * commands (`! Image: …`, `!Chassis type: …`, `# RANCID-CONTENT-TYPE: …`). What the device wrote at the top itself is
 * told by the line of its last change; empty comments right above the configuration stay.
 */
export function ownLines({ lastChange }: Pick<Platform, 'lastChange'>, text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const isRancid = lines.slice(0, 3).some((line) => rancidMark.test(line))
  const firstOther = lines.findIndex((line) => line.trim() !== '' && !comment.test(line))
  const top = firstOther === -1 ? lines : lines.slice(0, firstOther)
  const ownTop = lastChange === undefined ? -1 : top.findIndex((line) => lastChange.test(line.trimEnd()))
  const header = ownTop === -1 ? top : top.slice(0, ownTop)
  const lastComment = header.findLastIndex((line) => byTool.test(line))
  if (lastComment === -1) return lines.join('\n')
  const rest = lines.slice(lastComment + 1)
  const register = isRancid ? rest.findIndex((line) => configRegister.test(line.trimEnd())) : -1
  const isAbove =
    register !== -1 && rest.slice(0, register).every((line) => line.trim() === '' || comment.test(line))
  return (isAbove ? rest.slice(register + 1) : rest).join('\n')
}
