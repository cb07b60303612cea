import type { Failed, FailureCategory } from './outcome.ts'

/**
 * Ends a session from inside, with the category the outcome will show. It never leaves `shared/collect`:
 * `connector.ts` turns it into data, because one device's failure is no exception to anybody else.
 */
export class CollectFailure extends Error {
  readonly category: FailureCategory
  /** Nothing was sent that the device could refuse. */
  readonly isBeforeLogin: boolean

  constructor(category: FailureCategory, detail: string, isBeforeLogin = false) {
    super(detail)
    this.name = category
    this.category = category
    this.isBeforeLogin = isBeforeLogin
  }
}

/** What anything thrown during a session means for the device. An unknown error is a fault of ours: `internal`. */
export function failedBy(error: unknown): Failed {
  if (error instanceof CollectFailure) return { ok: false, category: error.category, detail: error.message }
  return {
    ok: false,
    category: 'internal',
    detail: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown',
  }
}
