import type { BackupState } from '../records.ts'

/** So many failures in a row open the breaker: the device, and the AAA server behind it, get a rest. */
export const failuresToOpen = 5
/** After this rest one attempt is let through; its success closes the breaker. */
const restMs = 60_000

/** Milliseconds that the device is still left alone; 0 when it may be tried. */
export function breakerRestMs(
  state: Pick<BackupState, 'failuresInRow' | 'lastFailureAt'> | undefined,
  now: Date,
): number {
  if (state?.lastFailureAt === undefined || state.failuresInRow < failuresToOpen) return 0
  return Math.max(0, Date.parse(state.lastFailureAt) + restMs - now.getTime())
}
