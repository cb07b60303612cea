import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listChanges } from '../../../shared/core/changes.ts'
import { AppError } from '../../../shared/errors.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { site } from '../../../shared/dcim/models/site.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import { createRows, getRow, updateRows } from '../../../shared/model/records.ts'
import { tag } from '../../../shared/extras/models/tag.ts'
import type { Table } from '../../../shared/table/table.ts'
import { emulateConflicts } from '../../support/conflicts.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { makeDevice, makeGround } from '../../support/inventory.ts'

let started: TestEngine
let conflictsSoFar: () => number
beforeAll(async () => {
  started = await startEngine()
  conflictsSoFar = emulateConflicts(started.served.client)
})
afterAll(() => started.stop())

const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (cause: unknown) => (cause instanceof AppError ? cause.code : String(cause)),
  )

const countOf = (outcomes: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(outcomes, (one) => one)).map(([name, all]) => [name, all?.length ?? 0]),
  )

test('of one hundred who want one name exactly one gets it', async () => {
  const attempts = Array.from({ length: 100 }, (_, n) =>
    outcome(createRows(started.another(), site, [{ name: 'Wanted', slug: `wanted-${n}` }], { actor })),
  )

  const outcomes = countOf(await Promise.all(attempts))

  expect(outcomes).toEqual({ done: 1, duplicate: 99 })
})

test('children of one parent do not keep each other from being written', async () => {
  const ground = await makeGround(started.engine)
  const before = conflictsSoFar()

  const attempts = Array.from({ length: 50 }, (_, n) =>
    outcome(makeDevice(started.another(), ground, { name: `child-${n}` })),
  )

  expect(countOf(await Promise.all(attempts))).toEqual({ done: 50 })
  // The presence items are hit at random; the emulation counts each clash, and the retries outlast them.
  expect(conflictsSoFar()).toBeGreaterThan(before)
})

test('changes of one row are all made, one after the other', async () => {
  const [row] = await createRows(started.engine, tag, [{ name: 'counted', slug: 'counted' }], { actor })
  const id = row?.id ?? 0

  const attempts = Array.from({ length: 4 }, (_, n) =>
    outcome(updateRows(started.another(), tag, [{ id, values: { description: `by ${n}` } }], { actor })),
  )

  expect(countOf(await Promise.all(attempts))).toEqual({ done: 4 })
  expect((await getRow(started.engine, tag, id))?.version).toBe(5)
})

describe('deleting a parent while children are attached', () => {
  test.each(Array.from({ length: 8 }, (_, n) => [n] as const))(
    'never leaves an orphan (%i)',
    async (delay) => {
      const ground = await makeGround(started.engine)
      const children = Array.from({ length: 6 }, (_, n) =>
        makeDevice(started.another(), ground, { name: `attached-${delay}-${n}` }).catch(() => undefined),
      )
      await new Promise((resolve) => {
        setTimeout(resolve, delay * 3)
      })

      const deleted = await outcome(deleteRows(started.another(), site, [{ id: ground.site }], { actor }))
      const ids = (await Promise.all(children)).filter((id) => id !== undefined)

      const parent = await getRow(started.engine, site, ground.site)
      const orphans = await Promise.all(ids.map((id) => getRow(started.engine, device, id)))
      expect(parent === undefined ? orphans.filter((one) => one !== undefined) : []).toEqual([])
      expect(deleted === 'done').toBe(parent === undefined)
      // A parent that stays takes children again.
      if (parent !== undefined) await makeDevice(started.engine, ground, { name: 'afterwards' })
    },
  )
})

test('a parent that is deleted between a look at it and the write is missed by the write', async () => {
  const { engine, served } = started
  const ground = await makeGround(engine)
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  let isAtTheGate = (): void => {}
  const arrived = new Promise<void>((resolve) => {
    isAtTheGate = resolve
  })
  const table: Table = {
    ...served.table,
    write: async (writes) => {
      isAtTheGate()
      await gate
      await served.table.write(writes)
    },
  }
  const late = outcome(makeDevice(started.another({ table }), ground, { name: 'late' }))
  await arrived

  await deleteRows(engine, site, [{ id: ground.site }], { actor })
  open()

  expect(await late).toBe('validation_failed')
  const { changes } = await listChanges(engine, { model: device.name }, { offset: 0, limit: 1000 })
  expect(changes.filter(({ display }) => display === 'late')).toEqual([])
})
