import { expect, test } from 'vitest'
import { createCatalogs } from '../../../shared/catalog/catalog.ts'
import { takesCustomFields } from '../../../shared/model/custom-fields.ts'
import type { Model } from '../../../shared/model/define.ts'
import { shownNeeds } from '../../../shared/model/listing.ts'
import { changeShardCount, presenceCount } from '../../../shared/model/registry.ts'
import { registry } from '../../../shared/models.ts'
import type { Table } from '../../../shared/table/table.ts'
import { markdownTable } from '../../bench/report.ts'

/** The page names what a list reads; nothing is read here. */
const table = {} as Table
const now = (): Date => new Date()
const sources = { registry, table, now, catalogs: createCatalogs({ table, now }) }

const head = `# How each list is answered

No list scans the table. A list of any model, with any filters, order, words or facets, is answered from the catalogs in
the function's memory (\`shared/catalog/\`), which are brought up to date first:

| | Reads | Read units |
|---|---|---|
| a container that has the catalogs | per partition of change records of a model with many writes one strongly consistent query of the last moments (20 s and the time since the last request), and one of the notes of recent changes of all other models together | 1 per query, and 1 per 4 kB of changes that are that young |
| … and something was changed | \`BatchGetItem\` of the rows that were changed, once each | 1 per 4 kB of each row |
| a container that starts | one S3 \`GetObject\` of the snapshot, then as above for the time since it was taken | as above: a snapshot is made anew after 100 changes or one percent of the rows, within ten minutes |
| … where there is no snapshot that can be used | all change records of the model, then all rows by key | 1 per 4 kB of both: the log has a line when this happens |
| children of one parent, in a container without the catalog | the parent's reference partitions, then the rows and what they refer to by key | 1 per 4 kB of references, 1 per row |
| one object | \`GetItem\`, and by key what it refers to | 1 per 4 kB of each |
| the past (\`at=\`) | the change records since then, taken back | 1 per 4 kB of these |
| available addresses and prefixes, what contains an address | a key range of the tree of the VRF (\`shared/ipam/prefix-tree.ts\`) | 1 per 4 kB of the range |
| results of a run | the run's finished batches, one item for 25 devices, then the results of the page by key; all results where a batch died | 1 per 4 kB of batches (some 50 devices), 1 per result of the page |
| log lines and versions of backups | a partition of the run or the device, page by page | 1 per 4 kB of the page |
| search in current configurations | one query for the parts of the index (128 items), what the filters of devices need, and of S3 each part that this container has not read yet | 1 per 4 kB: about 10 |
| search in the history | a partition per device, and every text of the range of time from S3 | 1 per 4 kB of versions |

A list of the models below costs, when nothing was changed, one read unit per query. "Refers to" counts the other models whose
names are shown; with \`brief\`, \`fields\` or \`omit\` fewer are needed. A note is a small item beside the change record of a
model with few writes, kept for a day: a container that looked longer ago reads the change records themselves. This table is derived from the models:
\`npx vitest run --config tests/vitest.config.ts tests/unit/docs -u\` writes it anew.
`

function queriesOf(model: Model): { own: number; all: number; others: number } {
  const custom = takesCustomFields(model) ? ['extras.customfield'] : []
  const names = new Set([...shownNeeds(sources, model, {}), ...custom])
  names.delete(model.name)
  const counts = [model, ...[...names].map((name) => registry.get(name))].map(changeShardCount)
  const many = counts.filter((count) => count > 1).reduce((sum, count) => sum + count, 0)
  return { own: changeShardCount(model), others: names.size, all: many + (counts.includes(1) ? 1 : 0) }
}

function rowOf(model: Model): string[] {
  const { own, all, others } = queriesOf(model)
  const shape = model.parent === undefined ? undefined : model.fields[model.parent]
  const partitions = shape?.kind === 'ref' ? presenceCount(registry.get(shape.to)) : 0
  const parent = partitions === 0 ? '' : `\`${model.parent}_id\`: ${partitions} queries, then by key`
  return [`\`/api/${model.area}/${model.path}/\``, String(own), String(others), String(all), parent]
}

test('the page of access patterns is what the models say', async () => {
  const rows = registry.all.map(rowOf).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))
  const columns = ['List', 'Partitions of changes', 'Refers to', 'Queries of a warm list', 'By its parent']

  await expect(`${head}\n${markdownTable(columns, rows)}\n`).toMatchFileSnapshot(
    '../../../docs/access-patterns.md',
  )
})
