import type { ObjectStore } from '../../objects.ts'
import { folderMode } from '../object-format.ts'
import type { RepositoryName } from '../repositories.ts'
import { treeStore, type TreeStore } from '../trees.ts'
import type { Link } from './history.ts'

/** Some commits in a row, and the names of all objects that they bring. */
export type Step = { links: Link[]; objects: Set<string> }

/**
 * A long history in steps of so much, each of whole commits. What a commit brings is found by comparing its tree with the
 * one before, so only folders that were touched are read.
 */
export async function* stepsOf(
  { objects, repository }: { objects: ObjectStore; repository: RepositoryName },
  links: readonly Link[],
  max: { commits: number; objects: number },
): AsyncIterable<Step> {
  let step: Step = { links: [], objects: new Set() }
  for (const link of links) {
    step.links.push(link)
    step.objects.add(link.commit)
    // One store a commit: it keeps what it has read.
    await addTree(treeStore(objects, repository), link.before, link.tree, step.objects)
    if (step.links.length < max.commits && step.objects.size < max.objects) continue
    yield step
    step = { links: [], objects: new Set() }
  }
  if (step.links.length > 0) yield step
}

async function addTree(
  trees: TreeStore,
  before: string | undefined,
  after: string,
  found: Set<string>,
): Promise<void> {
  // One that was found before came with all that it holds, or its parent had that.
  if (before === after || found.has(after)) return
  found.add(after)
  const [old, now] = await Promise.all([
    before === undefined ? new Map<string, never>() : trees.read(before),
    trees.read(after),
  ])
  await Promise.all(
    [...now].map(async ([name, entry]) => {
      const former = old.get(name)
      if (former?.oid === entry.oid) return
      if (entry.mode !== folderMode) found.add(entry.oid)
      else await addTree(trees, former?.mode === folderMode ? former.oid : undefined, entry.oid, found)
    }),
  )
}
