export type RunCounts = { changed: number; unchanged: number; failed: number; skipped: number }

export type FinalStatus = 'success' | 'partial' | 'failed' | 'no_devices'

/** The status a run ends with, from what became of its devices. */
export function finalStatus(total: number, counts: RunCounts): FinalStatus {
  if (total === 0) return 'no_devices'
  if (counts.failed === 0) return 'success'
  return counts.failed >= total - counts.skipped ? 'failed' : 'partial'
}

/** A run in one of these goes on; all others have ended. */
const openStatuses = ['queued', 'planning', 'collecting', 'second_pass', 'committing', 'paused'] as const

export const isOpen = (status: string): boolean => openStatuses.some((open) => open === status)
