import type { Result } from './types.ts'

export type ResultStatus = Result['status']

/** Failures first: they are what somebody has to look at. */
export const resultOrder: readonly ResultStatus[] = ['failed', 'changed', 'skipped', 'unchanged']

export type Window = { status: ResultStatus; offset: number; limit: number }

/**
 * The API lists results by name, and by status only one at a time. A page of the list in which all failures come first
 * is made of windows into those lists.
 */
export function windowsOf(
  counts: Readonly<Record<ResultStatus, number>>,
  statuses: readonly ResultStatus[],
  { offset, limit }: { offset: number; limit: number },
): Window[] {
  const windows: Window[] = []
  let start = 0
  for (const status of statuses) {
    const from = Math.max(offset, start)
    const to = Math.min(offset + limit, start + counts[status])
    if (to > from) windows.push({ status, offset: from - start, limit: to - from })
    start += counts[status]
  }
  return windows
}
