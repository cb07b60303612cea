import type { Issue } from '../errors.ts'
import { bindModel } from '../model/custom-fields.ts'
import { takesTags, type Model, type Row, type RuleDraft, type RuleTools } from '../model/define.ts'
import { filtersOf } from '../model/filters.ts'
import { noSuch } from '../model/nearest.ts'
import { Criteria, readCriteria, type ReadCriteria } from './criteria.ts'

type Sources = Pick<RuleTools, 'registry' | 'catalogs'>

/** What is wrong with rules: their models, tags, and the criteria among the filters there are now. */
export async function tagRuleRules(tools: RuleTools, drafts: readonly RuleDraft[]): Promise<Issue[][]> {
  return Promise.all(
    drafts.map(async ({ after }) => {
      const name = String(after['object_type'])
      const takers = tools.registry.all.filter(takesTags).map((model) => model.name as string)
      if (!takers.includes(name))
        return [{ path: 'object_type', message: noSuch('model with tags', name, takers) }]
      const read = await openRule(tools, after)
      const issues = read.issues.length > 0 ? read.issues : read.compile().issues
      const tags = after['add_tags'] as readonly number[]
      return tags.length === 0
        ? [...issues, { path: 'add_tags', message: 'At least one tag is expected.' }]
        : [...issues]
    }),
  )
}

/**
 * The criteria of a rule, with all they look into at hand. Compile and try them before the next wait: what is compiled
 * is good for the rows of this moment.
 */
export async function openRule(sources: Sources, rule: Row): Promise<ReadCriteria & { model: Model }> {
  const model = await bindModel(sources, sources.registry.get(String(rule['object_type'])))
  const read = readCriteria(Criteria.parse(rule['criteria']), filtersOf(model, sources))
  const names = read.issues.length > 0 ? [] : [model.name, 'extras.tag', ...read.needs]
  await Promise.all(
    [...new Set(names)].map((name) => sources.catalogs.of(sources.registry.get(name)).refresh()),
  )
  return { ...read, model }
}
