import type { Platform } from '../platforms/definition.ts'
import { renderTerminal } from './terminal.ts'

/** A line that changes by itself, and how many lines of the cleaned text stand before it. */
export type VolatileLine = { after: number; line: string }

/**
 * The configuration as it is compared, shown and stored in git: `\n` line ends, no blanks at the end of a line (devices
 * pad, and no configuration needs them), no lines that change by themselves, no blank lines at either end.
 * Cleaning what is clean changes nothing.
 */
export const clean = (platform: Platform, raw: string): string => separate(platform, raw).text

/** The cleaned text, and apart from it what was left out because it changes by itself. */
export function separate(platform: Platform, raw: string): { text: string; volatile: VolatileLine[] } {
  const kept: string[] = []
  const apart: VolatileLine[] = []
  for (const padded of renderTerminal(raw).split('\n')) {
    const line = padded.trimEnd()
    if (platform.blankLines === 'of pages' && line === '') continue
    if (platform.volatile.some((pattern) => pattern.test(line))) apart.push({ after: kept.length, line })
    else kept.push(line)
  }
  const start = kept.findIndex((line) => line !== '')
  const end = kept.findLastIndex((line) => line !== '')
  if (start === -1) return { text: '', volatile: [] }
  const lines = kept.slice(start, end + 1)
  const volatile = apart.map(({ after, line }) => ({
    after: Math.min(Math.max(after - start, 0), lines.length),
    line,
  }))
  return { text: `${lines.join('\n')}\n`, volatile }
}
