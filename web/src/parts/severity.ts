import type { Severity } from '../types.ts'

/** Worst first. */
export const severityWords: Record<Severity, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
}
