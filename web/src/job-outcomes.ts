import type { Job } from './types.ts'

type Outcome = { isGood: boolean; words: string; why: string | null }

/** What came of a job that was carried out: some kinds do all they can, and the answer is no. */
export function outcomeOf({ kind, result }: Pick<Job, 'kind' | 'result'>): Outcome | undefined {
  return result === null ? undefined : outcomes[kind]?.(result)
}

type Result = NonNullable<Job['result']>

const outcomes: Partial<Record<string, (result: Result) => Outcome>> = {
  subscription_test: ({ delivered, attempts, error }) =>
    delivered === true
      ? { isGood: true, words: 'Delivered', why: null }
      : { isGood: false, words: 'Not delivered', why: `${textOf(error)} (attempts: ${String(attempts)})` },
  record_session: ({ category, detail }) =>
    category === null
      ? { isGood: true, words: 'Configuration read', why: null }
      : { isGood: false, words: `Session failed: ${textOf(category)}`, why: textOf(detail) },
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
