import { AppError, type ErrorCode, type Issue } from '../errors.ts'

/** Which row of a request: its place in a list, or its id. */
export type Place = { index: number } | { id: number }
export type RowProblem = {
  place: Place
  code: ErrorCode
  issues: readonly Issue[]
  extra?: Record<string, unknown>
}

export const problemOf = (
  place: Place,
  issues: readonly Issue[],
  code: ErrorCode = 'validation_failed',
): RowProblem[] => (issues.length === 0 ? [] : [{ place, code, issues }])

/**
 * Throws when there is a problem: for a lone row its issues, for many `errors` with each row's own.
 * @throws AppError the code that all problems share, else `validation_failed`.
 */
export function rejectProblems(problems: readonly RowProblem[], bulk: boolean): void {
  const [first] = problems
  if (first === undefined) return
  const code = problems.every((problem) => problem.code === first.code) ? first.code : 'validation_failed'
  const detail = detailOf(code, first)
  if (!bulk) throw new AppError(code, detail, { issues: first.issues, extra: first.extra ?? {} })
  const errors = problems.map(({ place, issues }) => ({ ...place, errors: fieldErrors(issues) }))
  const rows = problems.length === 1 ? 'One row is' : `${problems.length} rows are`
  throw new AppError(code, `${rows} not acceptable; nothing was changed by them.`, { extra: { errors } })
}

/** A failure of the field lists says nothing more in words; the others are sentences. */
const detailOf = (code: ErrorCode, { issues }: RowProblem): string | undefined =>
  code === 'validation_failed' ? undefined : issues[0]?.message

/** `{"field": ["message", …]}`, as NetBox clients read it. Complaints about no field are under `non_field_errors`. */
export function fieldErrors(issues: readonly Issue[]): Record<string, string[]> {
  const errors = new Map<string, string[]>()
  for (const { path, message } of issues) {
    const [field = '', ...rest] = path.split('.')
    const name = field === '' ? 'non_field_errors' : field
    errors.set(name, [
      ...(errors.get(name) ?? []),
      rest.length === 0 ? message : `${rest.join('.')}: ${message}`,
    ])
  }
  return Object.fromEntries(errors)
}
