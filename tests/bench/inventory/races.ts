import { device } from '../../../shared/dcim/models/device.ts'
import { site } from '../../../shared/dcim/models/site.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import { createRows, getRow } from '../../../shared/model/records.ts'
import { emulateConflicts } from '../../support/conflicts.ts'
import { actor, startEngine } from '../../support/engine.ts'
import { makeDevice, makeGround } from '../../support/inventory.ts'

export type Races = {
  devices: { count: number; callers: number; failed: number; conflicts: number; seconds: number }
  deletions: { runs: number; orphans: number; deleted: number; kept: number }
}

export async function measureRaces(isWhole: boolean): Promise<Races> {
  return {
    devices: await createFromManySides({ count: isWhole ? 5000 : 500, callers: 16 }),
    deletions: await deleteWhileAdding(isWhole ? 200 : 20),
  }
}

/** Each caller has a container of its own, as functions have on AWS. */
export async function createFromManySides({
  count,
  callers,
}: {
  count: number
  callers: number
}): Promise<Races['devices']> {
  const started = await startEngine()
  const conflicts = emulateConflicts(started.served.client)
  try {
    const ground = await makeGround(started.engine)
    const startedMs = performance.now()
    let failed = 0
    let next = 0
    const caller = async (): Promise<void> => {
      const engine = started.another()
      while (next < count) {
        const name = `made-${next++}`
        await makeDevice(engine, ground, { name }).catch(() => (failed += 1))
      }
    }
    await Promise.all(Array.from({ length: callers }, caller))
    return { count, callers, failed, conflicts: conflicts(), seconds: (performance.now() - startedMs) / 1000 }
  } finally {
    await started.stop()
  }
}

const childrenOfEach = 6

/** Every run begins the deletion a little later, so that it meets the writers at every step of theirs. */
export async function deleteWhileAdding(runs: number): Promise<Races['deletions']> {
  const started = await startEngine()
  emulateConflicts(started.served.client)
  const seen = { runs, orphans: 0, deleted: 0, kept: 0 }
  try {
    const ground = await makeGround(started.engine)
    for (let run = 0; run < runs; run++) {
      const name = `doomed-${run}`
      const [place] = await createRows(started.engine, site, [{ name, slug: name }], { actor })
      const id = place?.id ?? 0
      const children = Array.from({ length: childrenOfEach }, (_, n) =>
        makeDevice(started.another(), { ...ground, site: id }, { name: `c${n}` }).catch(() => undefined),
      )
      await new Promise((resolve) => {
        setTimeout(resolve, run % 20)
      })
      await deleteRows(started.another(), site, [{ id }], { actor }).catch(() => undefined)
      const ids = (await Promise.all(children)).filter((one) => one !== undefined)
      const isGone = (await getRow(started.engine, site, id)) === undefined
      const left = await Promise.all(ids.map((one) => getRow(started.engine, device, one)))
      seen[isGone ? 'deleted' : 'kept'] += 1
      if (isGone) seen.orphans += left.filter((row) => row !== undefined).length
    }
    return seen
  } finally {
    await started.stop()
  }
}
