import type * as z from 'zod'
import type { Row } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { urlOf, type Links } from '../model/output.ts'
import { displayOf } from '../model/rows.ts'
import type { findByRule } from './apply-tag-rule.ts'
import { tag } from './models/tag.ts'
import type { TestedRule } from './routes.ts'

type Found = Awaited<ReturnType<typeof findByRule>>

/** What a rule would do: the rows that would change first, then those that are as they shall be. */
export function showTested(
  { catalogs }: Engine,
  links: Links,
  { model, matched, toAdd, toRemove }: Found,
  limit: number,
): z.input<typeof TestedRule> {
  const slugOf = (id: number): string => displaySlug(catalogs.of(tag).rows.get(id), id)
  const changes = new Map<Row, { add_tags: string[]; remove_tags: string[] }>()
  for (const { row, tags } of toAdd) changes.set(row, { add_tags: tags.map(slugOf), remove_tags: [] })
  for (const { row, tags } of toRemove) {
    changes.set(row, { add_tags: changes.get(row)?.add_tags ?? [], remove_tags: tags.map(slugOf) })
  }
  const rows = [...new Set([...changes.keys(), ...matched])].slice(0, limit)
  return {
    matched: matched.length,
    to_add: toAdd.length,
    to_remove: toRemove.length,
    objects: rows.map((row) => ({
      id: row.id,
      url: urlOf(links, model, row.id),
      display: displayOf(model, row),
      add_tags: [],
      remove_tags: [],
      ...changes.get(row),
    })),
  }
}

const displaySlug = (tag: Row | undefined, id: number): string => String(tag === undefined ? id : tag['slug'])
