import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deleteRows } from '../../../shared/model/deletion.ts'
import { listRows } from '../../../shared/model/listing.ts'
import { createRows, updateRows } from '../../../shared/model/records.ts'
import { tag } from '../../../shared/extras/models/tag.ts'
import { wirelessLan } from '../../../shared/wireless/models/wireless-lan.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'

let served: TestEngine

beforeAll(async () => {
  served = await startEngine()
})
afterAll(() => served.stop())

const moment = async (): Promise<string> => {
  await setTimeout(5)
  const at = new Date().toISOString()
  await setTimeout(5)
  return at
}

test('a secret is in no state of the past', async () => {
  const { engine } = served
  const [made] = await createRows(engine, wirelessLan, [{ ssid: 'guest', auth_psk: 'correct horse' }], {
    actor,
  })
  const at = await moment()
  await updateRows(engine, wirelessLan, [{ id: made?.id ?? 0, values: { auth_psk: 'battery staple' } }], {
    actor,
  })

  const { rows } = await listRows(engine, wirelessLan, new Map([['at', [at]]]))

  expect(rows).toMatchObject([{ ssid: 'guest', has_auth_psk: true, version: 1 }])
  expect(rows[0]).not.toHaveProperty('auth_psk')
})

test('every state that there ever was comes back, whatever was changed since', async () => {
  const { engine } = served
  const states: { at: string; rows: unknown[] }[] = []
  const ids: number[] = []
  const remember = async (): Promise<void> => {
    const { rows } = await listRows(engine, tag, new Map([['ordering', ['id']]]))
    states.push({ at: await moment(), rows: [...rows] })
  }
  for (let step = 0; step < 24; step++) {
    const name = `tag ${step}`
    const at = step % 3
    const id = ids[(step * 7) % Math.max(1, ids.length)] ?? 0
    if (at === 0 || ids.length < 2) {
      const [row] = await createRows(engine, tag, [{ name, slug: `tag-${step}` }], { actor })
      ids.push(row?.id ?? 0)
    } else if (at === 1) {
      await updateRows(engine, tag, [{ id, values: { name, description: `by ${step}` } }], { actor })
    } else {
      await deleteRows(engine, tag, [{ id }], { actor })
      ids.splice(ids.indexOf(id), 1)
    }
    await remember()
  }

  // A container that has seen nothing of it knows as much as the one that wrote it.
  for (const container of [engine, served.another()]) {
    for (const { at, rows } of states) {
      const past = await listRows(container, tag, new Map(Object.entries({ ordering: ['id'], at: [at] })))
      expect(past.rows).toEqual(rows)
    }
  }
})
