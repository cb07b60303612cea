import type { Issue } from '../errors.ts'
import type { Model, RuleDraft, RuleTools } from '../model/define.ts'
import { noSuch } from '../model/nearest.ts'

/** A complaint for each name in `object_types` that is not one of the models it may be. */
export function modelNameIssues(
  { registry }: Pick<RuleTools, 'registry'>,
  { after }: RuleDraft,
  isMeant: (model: Model) => boolean,
): Issue[] {
  const known = registry.all.filter(isMeant).map(({ name }) => name as string)
  const unknown = (after['object_types'] as readonly string[]).filter((name) => !known.includes(name))
  return unknown.map((name) => ({ path: 'object_types', message: noSuch('model for this', name, known) }))
}
