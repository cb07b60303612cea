import { defineModel } from '../../model/define.ts'
import { bool, choice, refs, tags, text } from '../../model/fields.ts'

export const ruleKinds = {
  contains: 'Must contain these lines',
  lacks: 'Must not contain these lines',
  block: 'Must contain these lines one after the other',
  matches: 'A line must match each pattern',
  matches_not: 'No line may match a pattern',
} as const
export type RuleKind = keyof typeof ruleKinds

export const ruleSeverities = { low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' } as const
export type RuleSeverity = keyof typeof ruleSeverities

const patternMax = 500

/**
 * What shown configurations must hold, or must not. Of its sites, platforms and tags, each that is given must have
 * something in common with a device. Patterns are those of RE2; a line is asked without its indentation.
 */
export const complianceRule = defineModel({
  name: 'backups.compliancerule',
  path: 'compliance-rules',
  label: 'Compliance rule',
  labelPlural: 'Compliance rules',
  fields: {
    name: text({ max: 100 }),
    enabled: bool({ default: true }),
    severity: choice(ruleSeverities, { default: 'medium' }),
    kind: choice(ruleKinds, {}),
    value: text({
      multiline: true,
      help: 'Lines or RE2 patterns, one a line; indented lines stand below others',
    }),
    section: text({
      multiline: true,
      max: 2000,
      default: '',
      help: 'RE2 patterns for the first line of sections, one a level; none: the whole configuration',
    }),
    section_having: text({
      max: patternMax,
      default: '',
      help: 'Only sections in which a line matches this pattern',
    }),
    section_lacking: text({
      max: patternMax,
      default: '',
      help: 'Only sections in which no line matches this pattern',
    }),
    section_required: bool({ default: false, help: 'A configuration without such a section fails' }),
    remediation: text({ multiline: true, default: '', help: 'What to do about it' }),
    sites: refs('dcim.site', { filter: 'site' }),
    platforms: refs('dcim.platform', { filter: 'platform', max: 20 }),
    description: text({ multiline: true, max: 2000, default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }],
  onDelete: { sites: 'clear', platforms: 'clear', tags: 'clear' },
  search: ['name', 'description', 'value'],
  columns: ['name', 'enabled', 'severity', 'kind', 'section', 'description'],
  rules: async (_tools, drafts) => (await import('../compliance/rule-problems.ts')).ruleProblems(drafts),
})
