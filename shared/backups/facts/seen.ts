import type { Reading } from '../models/observation.ts'
import type { Observed } from '../records.ts'

/** How often and until when a device said so, as of its state. */
export function seenOf(
  reading: Reading | undefined,
  observed: Observed | undefined,
): { first_seen: string | null; last_seen: string | null; count: number } {
  if (reading === undefined) return { first_seen: null, last_seen: null, count: 0 }
  return {
    first_seen: reading.since,
    last_seen: reading.until?.at ?? observed?.at ?? reading.since,
    count: reading.until?.count ?? Math.max(1, (observed?.readings ?? reading.from) - reading.from + 1),
  }
}
