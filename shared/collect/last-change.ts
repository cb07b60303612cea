import type { Platform } from '../platforms/definition.ts'
import type { VolatileLine } from './clean.ts'

/** Who changed a configuration last, and when, both as the device says it. */
export type LastChange = { by: string; at: string }

/** Read from the lines that the platform's pattern is about; undefined where none of them names somebody. */
export function lastChangeIn(
  { lastChange }: Platform,
  lines: readonly Pick<VolatileLine, 'line'>[],
): LastChange | undefined {
  if (lastChange === undefined) return undefined
  for (const { line } of lines) {
    const { by, at } = lastChange.exec(line)?.groups ?? {}
    if (by !== undefined && at !== undefined) return { by, at }
  }
  return undefined
}
