import type { Issue } from '../errors.ts'
import { customFieldOf } from '../model/custom-definition.ts'
import type { CustomType } from '../model/custom-field.ts'
import { takesCustomFields } from '../model/custom-fields.ts'
import { customValuesOf, fittingValue, readValue } from '../model/custom-values.ts'
import type { Refs, Row, RuleDraft, RuleTools } from '../model/define.ts'
import { patternProblem } from '../model/lookups.ts'
import { noSuch } from '../model/nearest.ts'
import { newSetIssues } from './choices-in-use.ts'

/** Which types a setting means something for. */
const settings: Readonly<Record<string, readonly CustomType[]>> = {
  validation_minimum: ['integer', 'decimal'],
  validation_maximum: ['integer', 'decimal'],
  validation_regex: ['text', 'longtext', 'url'],
  choice_set: ['select', 'multiselect'],
  related_object_type: ['object', 'multiobject'],
}
/** Without these the type cannot do its work. */
const needed: Readonly<Record<string, readonly CustomType[]>> = {
  choice_set: ['select', 'multiselect'],
  related_object_type: ['object', 'multiobject'],
}
const neverUnique: readonly CustomType[] = ['boolean', 'json', 'multiselect', 'multiobject', 'longtext']
const fixed = ['name', 'type', 'related_object_type'] as const

/** What is wrong with a definition by itself. */
function definitionIssues(row: Row, refs: Refs, before: Row | undefined): readonly Issue[] {
  const type = row['type'] as CustomType
  const issues: Issue[] = [...fixedIssues(row, before), ...settingIssues(row, type)]
  const pattern = String(row['validation_regex'])
  const problem = pattern === '' ? undefined : patternProblem(pattern)
  if (problem !== undefined)
    issues.push({ path: 'validation_regex', message: `This pattern is refused: ${problem}.` })
  const [minimum, maximum] = [row['validation_minimum'], row['validation_maximum']]
  if (typeof minimum === 'number' && typeof maximum === 'number' && minimum > maximum)
    issues.push({ path: 'validation_maximum', message: 'The maximum is below the minimum.' })
  if (row['unique'] === true && neverUnique.includes(type))
    issues.push({ path: 'unique', message: `Values of the type ${type} cannot be unique.` })
  if (row['unique'] === true && row['default'] !== null)
    issues.push({
      path: 'default',
      message: 'A unique field cannot have a default: every row would take it.',
    })
  return issues.length > 0 ? issues : defaultIssues(row, refs)
}

function fixedIssues(row: Row, before: Row | undefined): Issue[] {
  if (before === undefined) return []
  const changed = fixed.filter((name) => row[name] !== before[name])
  const issues = changed.map((name) => ({
    path: name,
    message: 'This stays as it is: rows hold values under it. Make another custom field.',
  }))
  const isTightened = row['unique'] === true && before['unique'] !== true
  return isTightened
    ? [
        ...issues,
        {
          path: 'unique',
          message: 'Only a new custom field can be made unique: rows may hold equal values.',
        },
      ]
    : issues
}

function settingIssues(row: Row, type: CustomType): Issue[] {
  const isSet = (name: string): boolean => row[name] !== null && row[name] !== '' && row[name] !== undefined
  const misplaced = Object.entries(settings)
    .filter(([name, types]) => isSet(name) && !types.includes(type))
    .map(([name, types]) => ({ path: name, message: `This is for the types ${types.join(' and ')} only.` }))
  const missing = Object.entries(needed)
    .filter(([name, types]) => !isSet(name) && types.includes(type))
    .map(([name]) => ({ path: name, message: `The type ${type} needs it.` }))
  return [...misplaced, ...missing]
}

function defaultIssues(row: Row, refs: Refs): Issue[] {
  const given = row['default']
  if (given === null || given === undefined) return []
  const { field, type } = customFieldOf(row, refs['choice_set'])
  if (type === 'object' || type === 'multiobject')
    return [{ path: 'default', message: 'An object field has no default.' }]
  const read = readValue({ name: '', field, required: false }, given, true)
  return 'issues' in read ? read.issues.map(({ message }) => ({ path: 'default', message })) : []
}

/** What is wrong with a definition among the models there are, and the rows they hold. */
export async function customFieldRules(tools: RuleTools, drafts: readonly RuleDraft[]): Promise<Issue[][]> {
  const { registry, catalogs } = tools
  const takers = registry.all.filter(takesCustomFields).map(({ name }) => name as string)
  const targets = registry.all
    .filter(({ referrers }) => referrers !== 'none')
    .map(({ name }) => name as string)
  return Promise.all(
    drafts.map(async ({ before, after, refs }) => {
      const own = definitionIssues(after, refs, before)
      if (own.length > 0) return [...own]
      const types = after['object_types'] as readonly string[]
      const issues: Issue[] = types
        .filter((name) => !takers.includes(name))
        .map((name) => ({ path: 'object_types', message: noSuch('model with custom fields', name, takers) }))
      if (types.length === 0)
        issues.push({ path: 'object_types', message: 'At least one model is expected.' })
      const related = after['related_object_type']
      if (typeof related === 'string' && !targets.includes(related))
        issues.push({ path: 'related_object_type', message: noSuch('model to refer to', related, targets) })
      issues.push(...(await newSetIssues(tools, before, after)))
      if (issues.length > 0 || after['unique'] !== true) return issues
      const added = types.filter(
        (name) => !((before?.['object_types'] ?? []) as readonly string[]).includes(name),
      )
      const field = customFieldOf(after, refs['choice_set'])
      for (const name of added) {
        const catalog = catalogs.of(registry.get(name))
        await catalog.refresh()
        const holds = [...catalog.rows.values()].some(
          (row) => fittingValue(field, customValuesOf(row)) !== null,
        )
        if (!holds) continue
        const message = `Rows of ${name} still hold values of a deleted field "${field.name}": take another name.`
        issues.push({ path: 'unique', message })
      }
      return issues
    }),
  )
}
