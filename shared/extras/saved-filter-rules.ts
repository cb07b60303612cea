import type { Issue } from '../errors.ts'
import { bindModel } from '../model/custom-fields.ts'
import type { RuleDraft, RuleTools } from '../model/define.ts'
import { filtersOf, readName, testOfParameter } from '../model/filters.ts'
import { parametersOf, savedNameIssues } from '../model/saved-filters.ts'
import { modelNameIssues } from './model-names.ts'

/** What is wrong with saved filters: their models, and each parameter among the filters that every one of them has. */
export async function savedFilterRules(tools: RuleTools, drafts: readonly RuleDraft[]): Promise<Issue[][]> {
  return Promise.all(
    drafts.map(async (draft) => {
      const names = draft.after['object_types'] as readonly string[]
      if (names.length === 0) return [{ path: 'object_types', message: 'At least one model is expected.' }]
      const unknown = modelNameIssues(tools, draft, () => true)
      if (unknown.length > 0) return unknown
      const read = await Promise.all(names.map((name) => parameterIssues(tools, name, draft)))
      return read.flat().map(({ path, message }) => ({ path: `parameters.${path}`, message }))
    }),
  )
}

async function parameterIssues(tools: RuleTools, name: string, { after }: RuleDraft): Promise<Issue[]> {
  const model = await bindModel(tools, tools.registry.get(name))
  const parameters = parametersOf(after)
  const unknown = savedNameIssues(tools, model, parameters)
  if (unknown.length > 0) return unknown
  const filters = filtersOf(model, tools)
  const asked = [...parameters].flatMap(([path, texts]) => {
    const read = path === 'q' ? undefined : readName(path, filters, [])
    return read !== undefined && 'filter' in read ? [{ ...read, texts, name: path }] : []
  })
  // A value may name an object: what is looked into must be at hand.
  const needs = new Set(asked.flatMap(({ filter }) => filter.needs))
  await Promise.all([...needs].map((need) => tools.catalogs.of(tools.registry.get(need)).refresh()))
  return asked.map(testOfParameter).filter((test): test is Issue => 'message' in test)
}
