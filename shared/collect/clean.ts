import type { Platform } from '../platforms/definition.ts'
import { renderTerminal } from './terminal.ts'

/**
 * The configuration as it is compared, shown and stored in git: `\n` line ends, no blanks at the end of a line (devices
 * pad, and no configuration needs them), no lines that change by themselves, no blank lines at either end.
 * Cleaning what is clean changes nothing.
 */
export function clean(platform: Platform, raw: string): string {
  const lines = renderTerminal(raw)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => !platform.volatile.some((pattern) => pattern.test(line)))
  const start = lines.findIndex((line) => line !== '')
  const end = lines.findLastIndex((line) => line !== '')
  return start === -1 ? '' : `${lines.slice(start, end + 1).join('\n')}\n`
}
