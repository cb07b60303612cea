import { compact } from './terminal.ts'

/** An echo stands in the first lines: behind a stale prompt, or wrapped over a few of them. */
const echoLines = 12
/** A refusal stands at the top of an answer (below a caret line) or at its very end. */
const headLines = 4
const tailLines = 2
/** No refusal is longer: a longer answer is output, whatever its lines look like. */
const refusalLines = 12

/** Tells a line, without blanks at its end, that is the session's prompt. */
type LineTest = (line: string) => boolean

/** True when the text shows the command, however it was spaced, wrapped or redrawn. */
export const showsEcho = (text: string, command: string): boolean => compact(text).includes(compact(command))

/**
 * The answer in what the terminal showed: without the echo of the command, and without the prompts at its end
 * (a probe leaves more than one). Blank lines around it go as well.
 */
export function answerIn(shown: string, command: string, isPrompt: LineTest): string {
  const lines = shown.split('\n')
  const first = afterEcho(lines, command)
  let end = lines.length
  while (end > first && isBlankOrPrompt(lines[end - 1] ?? '', isPrompt)) end -= 1
  let start = first
  while (start < end && lines[start]?.trim() === '') start += 1
  return start === end ? '' : `${lines.slice(start, end).join('\n')}\n`
}

function afterEcho(lines: readonly string[], command: string): number {
  const wanted = compact(command)
  let seen = ''
  for (let index = 0; index < Math.min(echoLines, lines.length); index += 1) {
    seen += compact(lines[index] ?? '')
    if (seen.endsWith(wanted)) return index + 1
  }
  return 0
}

const isBlankOrPrompt = (line: string, isPrompt: LineTest): boolean => {
  const text = line.trimEnd()
  return text === '' || isPrompt(text)
}

/** True when the text is nothing but prompts, at least one: what a device at rest answers to an empty line. */
export function onlyPrompts(shown: string, isPrompt: LineTest): boolean {
  const lines = shown.split('\n')
  return (
    lines.every((line) => isBlankOrPrompt(line, isPrompt)) && lines.some((line) => isPrompt(line.trimEnd()))
  )
}

/** The line by which the device refused the command, if the answer is a refusal. */
export function refusalIn(answer: string, rejections: readonly RegExp[]): string | undefined {
  const lines = answer.split('\n').filter((line) => line.trim() !== '')
  if (lines.length > refusalLines) return undefined
  const looked =
    lines.length <= headLines + tailLines ? lines : [...lines.slice(0, headLines), ...lines.slice(-tailLines)]
  return looked.find((line) => rejections.some((rejection) => rejection.test(line)))?.trim()
}

/** C0 controls that no configuration has; ^C (3) stands in banners, ESC and the like were rendered away. */
const junk = /[\x00-\x02\x04-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]/g
/** One stray byte in a description is no reason to lose a backup; one in a hundred is. */
const junkShare = 0.01

/** True when the text is text: bytes that are neither UTF-8 nor Latin-1 show as control characters. */
export function isText(text: string): boolean {
  const found = text.match(junk)?.length ?? 0
  return found <= text.length * junkShare
}
