import { defineModel } from '../../model/define.ts'
import { slug, tags, text } from '../../model/fields.ts'

export const clusterType = defineModel({
  name: 'virtualization.clustertype',
  path: 'cluster-types',
  label: 'Cluster type',
  labelPlural: 'Cluster types',
  fields: {
    name: text({ max: 100 }),
    slug: slug(),
    description: text({ default: '' }),
    tags: tags(),
  },
  unique: [{ fields: ['name'], ignoreCase: true }, ['slug']],
  onDelete: { tags: 'clear' },
  counts: {
    cluster_count: 'virtualization.cluster.type',
  },
  search: ['name', 'slug', 'description'],
  columns: ['name', 'description'],
})
