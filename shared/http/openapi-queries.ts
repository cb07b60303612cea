import type { Catalogs } from '../catalog/catalog.ts'
import type { Model } from '../model/define.ts'
import { facetValuesMax } from '../model/facets.ts'
import type { Filter } from '../model/filter-tests.ts'
import { filtersOf, lookupsOfFilter } from '../model/filters.ts'
import { listParameters } from '../model/listing.ts'
import type { Lookup } from '../model/lookups.ts'
import { pageMax } from '../model/query.ts'
import type { Registry } from '../model/registry.ts'
import type { Json } from './openapi-answers.ts'

/** No row is read for the document. */
export type Sources = { registry: Registry; catalogs: Catalogs }

/** Every parameter of a list: the filters with their lookups, then the others. */
export const queryParameters = (sources: Sources, model: Model): Json[] => [
  ...filterParameters(sources, model),
  ...listParameters.map(listParameter),
]

/** Which objects a change or a deletion by filters is about. */
export const guardParameters = (sources: Sources, model: Model): Json[] => [
  ...filterParameters(sources, model),
  listParameter('q'),
  {
    name: 'expect_count',
    in: 'query',
    description: 'How many objects the filters are to match: needed with filters, refused without.',
    schema: { type: 'integer', minimum: 0 },
  },
]

/** Every filter with its lookups. */
function filterParameters(sources: Sources, model: Model): Json[] {
  return [...filtersOf(model, sources).values()].flatMap((filter) => [
    filterParameter(filter.name, filter),
    ...lookupsOfFilter(filter).map((lookup) => filterParameter(`${filter.name}__${lookup}`, filter, lookup)),
  ])
}

type ListParameter = (typeof listParameters)[number]

export const listParameter = (name: ListParameter): Json => ({ name, in: 'query', schema: listSchemas[name] })

const listSchemas: Record<ListParameter, Json> = {
  limit: {
    type: 'integer',
    minimum: 0,
    description: `0 asks for the most, ${pageMax}; anything above is capped.`,
  },
  offset: { type: 'integer', minimum: 0 },
  after: {
    type: 'string',
    description: 'Where the page before ended, from its `next`: it decides instead of the offset.',
  },
  ordering: { type: 'string', description: 'Fields, `-` in front for descending, separated by commas.' },
  q: { type: 'string', description: 'Every word must be found.' },
  brief: { type: 'boolean' },
  fields: { type: 'string', description: 'Only these members, separated by commas.' },
  exclude: {
    type: 'string',
    enum: ['config_context'],
    description: 'Clients of NetBox leave out what netkeep does not have: it changes nothing.',
  },
  omit: { type: 'string', description: 'All members but these, separated by commas.' },
  filter: {
    type: 'array',
    items: { type: 'string' },
    description: 'Slugs of saved filters: all must match.',
  },
  filter_id: {
    type: 'array',
    items: { type: 'integer' },
    description: 'Ids of saved filters: all must match.',
  },
  facets: {
    type: 'string',
    description: 'Filters by whose values to count what matches, separated by commas.',
  },
  at: { type: 'string', format: 'date-time', description: 'The list as it was at this time.' },
  format: { type: 'string' },
  export: {
    enum: ['csv', 'json', 'yaml'],
    description: 'All rows that match, as a file that an import takes. Beyond 4 MB a job writes it.',
  },
}

/** The counts of a list's values, where `facets` asks for them. */
export const facetsSchema: Json = {
  facets: {
    type: 'object',
    description: `By facet, the ${facetValuesMax} most frequent values.`,
    additionalProperties: {
      type: 'array',
      items: {
        type: 'object',
        required: ['count'],
        properties: {
          id: { type: ['integer', 'null'] },
          display: { type: ['string', 'null'] },
          value: {},
          label: { type: 'string' },
          count: { type: 'integer' },
        },
      },
    },
  },
  facets_truncated: { type: 'array', items: { type: 'string' }, description: 'Facets with more values.' },
}

const filterTypes: Record<Filter['kind'], Json> = {
  text: { type: 'string' },
  address: { type: 'string' },
  mac: { type: 'string' },
  number: { type: 'number' },
  time: { type: 'string' },
  choice: { type: 'string' },
  bool: { type: 'boolean' },
  reference: { type: 'string' },
  list: { type: 'string' },
  set: { type: 'string' },
}

/** Repeated values are alternatives; of tags every one must be there. */
const filterParameter = (name: string, filter: Filter, lookup?: Lookup): Json => ({
  name,
  in: 'query',
  schema: {
    type: 'array',
    items:
      lookup === 'empty'
        ? { type: 'boolean' }
        : filter.type === undefined
          ? filterTypes[filter.kind]
          : { type: filter.type },
  },
})
