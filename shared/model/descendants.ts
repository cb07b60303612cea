import type { Catalogs } from '../catalog/catalog.ts'
import { slotsWith, viewOf, type Column } from '../catalog/view.ts'
import type { Model } from './define.ts'

/** The ids of everything below an object of a tree. */
export function descendants(catalogs: Catalogs, model: Model, id: unknown): number[] {
  const { tree } = model
  if (tree === undefined || typeof id !== 'number') return []
  const view = viewOf(catalogs.of(model))
  const column: Column = { name: tree, read: (row) => row[tree] }
  const found = new Set<number>()
  const open = [id]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const slot of slotsWith(view, column, next)) {
      const child = view.slots[slot]?.id
      if (child === undefined || child === id || found.has(child)) continue
      found.add(child)
      open.push(child)
    }
  }
  return [...found]
}
