import type { Issue } from '../errors.ts'
import { takesTags, type Model, type Row } from './define.ts'
import { knownKey, type Known } from './references.ts'

/** A complaint for each tag that a row would get, and that is kept for other models. Tags it has already may stay. */
export function tagScopeIssues(
  model: Model,
  { before, after }: { before: Row | undefined; after: Row },
  known: Known,
): Issue[] {
  if (!takesTags(model)) return []
  const had = new Set((before?.['tags'] ?? []) as readonly number[])
  const added = (after['tags'] as readonly number[]).filter((id) => !had.has(id))
  return added.flatMap((id) => {
    const tag = known.get(knownKey('extras.tag', id))
    const models = (tag?.['object_types'] ?? []) as readonly string[]
    if (models.length === 0 || models.includes(model.name)) return []
    return [{ path: 'tags', message: `The tag "${String(tag?.['name'])}" is for ${models.join(', ')} only.` }]
  })
}
