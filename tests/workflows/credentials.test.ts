import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { backUp, labOf, loadDevices, placeLab, resultsOf } from '../support/backups.ts'
import { startProduct, type Product } from '../support/product.ts'

const accepted = { username: 'field', password: 'Second-One-2' }
let product: Product
let lab: Lab

beforeAll(async () => {
  ;[product, lab] = await Promise.all([startProduct(), labOf([{ name: 'sw1', logins: [accepted] }])])
  await loadDevices(product.api, placeLab(lab), [
    { name: 'first', priority: 1, username: 'netops', password: 'Wrong-One-1' },
    { name: 'second', priority: 2, ...accepted },
  ])
})

afterAll(async () => {
  await Promise.all([product?.stop(), lab?.stop()])
})

test('the credential that was accepted is tried first the next time, and the refused one no more', async () => {
  const { results } = await product.api.get<{ results: { id: number; name: string }[] }>(
    '/backups/credentials/',
  )
  const idOf = (name: string) => results.find((credential) => credential.name === name)?.id
  const attemptsOf = async (runId: number) => (await resultsOf(product.api, runId)).get('sw1')?.attempts

  const first = await backUp(product.api)
  const refusedInFirst = lab.devices[0]?.refused.length
  const second = await backUp(product.api)

  expect(await attemptsOf(first.id)).toEqual([
    { credential: idOf('first'), accepted: false },
    { credential: idOf('second'), accepted: true },
  ])
  expect(await attemptsOf(second.id)).toEqual([{ credential: idOf('second'), accepted: true }])
  expect(refusedInFirst).toBeGreaterThan(0)
  expect(lab.devices[0]?.refused.length).toBe(refusedInFirst)
})
