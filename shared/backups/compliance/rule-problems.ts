import { redactAgain } from '../../collect/redact.ts'
import type { Issue } from '../../errors.ts'
import type { RuleDraft } from '../../model/define.ts'
import { compileRule, isOfPatterns, linesOf, type RuleText } from './rule.ts'

/** What is wrong with rules: one list per draft. */
export const ruleProblems = (drafts: readonly RuleDraft[]): Promise<Issue[][]> =>
  // What a row holds was checked by its fields.
  Promise.all(drafts.map(({ after }) => issuesOf(after as unknown as RuleText)))

export async function issuesOf(rule: RuleText): Promise<Issue[]> {
  const compiled = await compileRule(rule)
  return [...('issues' in compiled ? compiled.issues : []), ...secretIssues(rule)]
}

/**
 * Rules ask the shown texts, where secrets are tags: a line that holds one is in none of them. A pattern may mean
 * anything; a line is what it is.
 */
function secretIssues({ kind, value }: RuleText): Issue[] {
  if (isOfPatterns(kind)) return []
  const secret = linesOf(value).findIndex((line) => redactAgain({ secrets: [] }, line) !== line)
  if (secret === -1) return []
  const message =
    `Line ${secret + 1} holds a secret. Configurations are asked as they are shown, with \`<secret:…>\` in its ` +
    `place: no line can be this one. A pattern can ask for the rest, such as \`^enable secret \\S+ <secret:\`.`
  return [{ path: 'value', message }]
}
