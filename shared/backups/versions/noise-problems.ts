import { AppError, type Issue } from '../../errors.ts'
import type { RuleDraft } from '../../model/define.ts'
import { readPattern } from '../search/pattern.ts'

/** What is wrong with the patterns of noise rules, draft by draft. RE2 is loaded with the first of them. */
export const noisePatternProblems = (drafts: readonly RuleDraft[]): Promise<readonly (readonly Issue[])[]> =>
  Promise.all(
    drafts.map(async ({ after }): Promise<Issue[]> => {
      try {
        await readPattern({ q: String(after['pattern']), regex: true, caseSensitive: true })
        return []
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        return [{ path: 'pattern', message: error.issues[0]?.message ?? error.message }]
      }
    }),
  )
