import { expect, test } from 'vitest'
import { createFromManySides, deleteWhileAdding } from '../../bench/inventory/races.ts'

/** The same as `npm run bench -- inventory` does with 5,000 devices and 200 sites. */

test('devices made in one site by sixteen callers at once: conflicts are met and none fails', async () => {
  const { failed, conflicts } = await createFromManySides({ count: 320, callers: 16 })

  expect(failed).toBe(0)
  expect(conflicts).toBeGreaterThan(0)
})

test('a site that is deleted while devices are added to it leaves no orphan', async () => {
  const { orphans, deleted, kept } = await deleteWhileAdding(20)

  expect(orphans).toBe(0)
  expect(deleted + kept).toBe(20)
})
