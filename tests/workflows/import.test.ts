import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  badKinds,
  deviceFile,
  endOfJob,
  errorsOf,
  importText,
  makeGround,
  onePercent,
  type JobShown,
} from '../support/imports.ts'
import { startProduct, type Product } from '../support/product.ts'

let product: Product

beforeAll(async () => {
  product = await startProduct()
  await makeGround(product.api)
})
afterAll(() => product?.stop())

const countOf = async (path: string): Promise<number> =>
  (await product.api.get<{ count: number }>(`${path}?limit=1`)).count

describe('a file of 2,000 devices, one in a hundred bad in one of ten ways', () => {
  const rows = 2000
  const bad = onePercent(rows)

  test('has all its errors told in one run, each on its line, and nothing is written', async () => {
    const { text, lines } = deviceFile(rows, bad)

    const job = await importText(product.api, { model: 'dcim.device', text, dry_run: false })

    expect(job).toMatchObject({ state: { value: 'failed' }, result: { bad_rows: 20, error_count: 20, rows } })
    const errors = await errorsOf(product.api, job.id)
    const expected = [...bad].map(([index, kind]) => ({
      index,
      line: lines[index],
      column: badKinds[kind]?.column,
      code: badKinds[kind]?.code,
    }))
    expect(errors.map(({ index, line, column, code }) => ({ index, line, column, code }))).toEqual(expected)
    expect(await countOf('/dcim/devices/')).toBe(0)
  }, 120_000)

  test('is uploaded to a link, begins by itself, and a second run of it changes nothing', async () => {
    const { text } = deviceFile(rows)
    const asked = {
      model: 'dcim.device',
      filename: 'devices.csv',
      bytes: Buffer.byteLength(text),
      dry_run: false,
    }
    const { id, upload } = await product.api.post<JobShown>('/core/imports/', asked)

    const put = await fetch(upload?.link ?? '', { method: 'PUT', body: text })
    const first = await endOfJob(product.api, id)
    const again = await product.api.post<JobShown>('/core/imports/', {
      model: 'dcim.device',
      from_job: id,
      dry_run: false,
    })
    product.calls()
    const second = await endOfJob(product.api, again.id)

    expect(put.status).toBe(200)
    expect(first).toMatchObject({ state: { value: 'completed' }, result: { created: rows, failed: 0 } })
    expect(await countOf('/dcim/devices/')).toBe(rows)
    expect(second).toMatchObject({
      state: { value: 'completed' },
      result: { unchanged: rows, created: 0, changed: 0 },
    })
  }, 240_000)
})
