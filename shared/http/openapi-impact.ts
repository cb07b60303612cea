import type { Json } from './openapi-answers.ts'

const named: Json = {
  type: 'object',
  required: ['id', 'url', 'display'],
  properties: {
    id: { type: 'integer' },
    url: { type: 'string', format: 'uri' },
    display: { type: 'string' },
  },
}

const groups = (description: string): Json => ({
  type: 'array',
  description,
  items: {
    type: 'object',
    required: ['type', 'label', 'field', 'refers_to', 'count', 'objects'],
    properties: {
      type: { type: 'string' },
      label: { type: 'string' },
      field: { type: 'string', description: 'The field of these objects that refers to what goes.' },
      refers_to: { type: 'string', description: 'The type of what it refers to.' },
      count: { type: 'integer' },
      objects: {
        type: 'array',
        description: 'The first ones; none that the caller may not see.',
        items: named,
      },
    },
  },
})

/** What deleting an object would do. */
export const impactSchema: Json = {
  type: 'object',
  required: ['object', 'deletable', 'problem', 'complete', 'restricted', 'deleted', 'cleared'],
  properties: {
    object: named,
    deletable: { type: 'boolean' },
    problem: { type: ['string', 'null'], description: 'Why a deletion would be refused.' },
    complete: { type: 'boolean', description: 'False where there is more than was looked at.' },
    restricted: groups('Objects that keep it from being deleted.'),
    deleted: groups('Objects that go with it.'),
    cleared: groups('Objects that stay without the reference.'),
  },
}
