import type { Column } from '../catalog/view.ts'
import type { Model, Row } from './define.ts'
import type { FilterHook } from './filter-hooks.ts'
import type { Filter } from './filter-tests.ts'
import { parseBoolean, parseInteger, parseText, parseTime } from './filter-values.ts'
import type { FilterKind } from './lookups.ts'
import { reverseFilter, throughFilters, type FilterSources } from './reference-filters.ts'

/** The filters that a hook of a model makes. */
export function hookFilters(name: string, hook: FilterHook, model: Model, sources: FilterSources): Filter[] {
  if (hook.hook === 'through') return throughFilters(name, hook.path, model, sources)
  if (hook.hook === 'reverse') return [reverseFilter(name, hook, sources)]
  if (hook.hook === 'derived') {
    const column: Column = { name: `derived ${name}`, read: hook.valueOf }
    return [
      { name, kind: hook.kind, column, parse: hook.parse ?? parsers[hook.kind] ?? parseText, needs: [] },
    ]
  }
  const rowsOf = (other: string): ReadonlyMap<number, Row> =>
    sources.catalogs.of(sources.registry.get(other)).rows
  return [
    {
      name,
      kind: 'text',
      column: { name: `computed ${name}`, read: () => null },
      parse: hook.parse,
      needs: hook.needs ?? [],
      hasLookups: false,
      type: hook.type,
      compile: (_, groups) => ({ holds: hook.test(groups.flat(), rowsOf) }),
    },
  ]
}

const parsers: Partial<Record<FilterKind, Filter['parse']>> = {
  number: parseInteger,
  bool: parseBoolean,
  time: parseTime,
}
