import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deviceFile, endOfJob, importText, makeGround, type JobShown } from '../support/imports.ts'
import { startProduct, until, type Product } from '../support/product.ts'

let product: Product

beforeAll(async () => {
  product = await startProduct()
  await makeGround(product.api)
}, 120_000)
afterAll(() => product?.stop())

const fetchApi = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${product.runtime.url}/api${path}`, {
    ...init,
    headers: { authorization: `Token ${product.token}`, 'content-type': 'application/json' },
  })

describe('an import', () => {
  test('is a dry run unless it is told otherwise', async () => {
    const job = await importText(product.api, { model: 'extras.tag', text: 'name,slug\nDry,dry\n' })

    expect(job).toMatchObject({
      state: { value: 'completed' },
      result: { applied: false, create: 1, created: 0 },
    })
    expect(await product.api.get('/extras/tags/?slug=dry')).toMatchObject({ count: 0 })
  }, 60_000)

  test('that skips bad rows writes the good ones, and gives an annotated file that can be mended', async () => {
    const text = 'name,slug,color\nGood,good,ff0000\nBad,not a slug,ff0000\n=cmd,formula,ff0000\n'

    const job = await importText(product.api, { model: 'extras.tag', text, mode: 'skip_bad', dry_run: false })

    const file = await fetchApi(`/core/jobs/${job.id}/files/annotated.csv/`, { redirect: 'manual' })
    const annotated = await (await fetch(file.headers.get('location') ?? '')).text()
    expect(job).toMatchObject({
      state: { value: 'completed' },
      result: { created: 2, bad_rows: 1, error_count: 1 },
    })
    expect(annotated.split('\r\n').slice(0, 4)).toEqual([
      'name,slug,color,_line_status,_errors',
      'Good,good,ff0000,created,',
      expect.stringContaining('Bad,not a slug,ff0000,error,"slug: '),
      "'=cmd,formula,ff0000,created,",
    ])
    const mended = annotated.replace('not a slug', 'bad')
    const again = await importText(product.api, { model: 'extras.tag', text: mended, dry_run: false })
    expect(again.result).toMatchObject({ created: 1, unchanged: 2, error_count: 0 })
  }, 60_000)

  test('of a model that does not exist is refused by name', async () => {
    const answer = await fetchApi('/core/imports/', {
      method: 'POST',
      body: JSON.stringify({ model: 'dcim.devise', text: '' }),
    })

    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('dcim.device')])
  })

  test('that is cancelled stops, keeps what it has written, and says how much', async () => {
    const { text } = deviceFile(3000)
    const { id } = await product.api.post<JobShown>('/core/imports/', {
      model: 'dcim.device',
      text,
      dry_run: false,
    })
    await until(`rows of job ${id}`, async () => {
      const { count } = await product.api.get<{ count: number }>('/dcim/devices/?limit=1')
      return count > 0 ? true : undefined
    })

    await product.api.post(`/core/jobs/${id}/cancel/`, {})

    const job = await until(`counts of job ${id}`, async () => {
      const found = await product.api.get<JobShown>(`/core/jobs/${id}/`)
      return found.result === null ? undefined : found
    })
    const { count } = await product.api.get<{ count: number }>('/dcim/devices/?limit=1')
    expect(job).toMatchObject({ state: { value: 'cancelled' }, result: { rows: 3000 } })
    expect(count).toBeLessThan(3000)
    const again = await fetchApi(`/core/jobs/${id}/cancel/`, { method: 'POST', body: '{}' })
    expect(again.status).toBe(409)
  }, 240_000)
})

describe('an export', () => {
  test('has all rows that match, by parameter or by what is accepted, and is refused in a format that is not there', async () => {
    const [csv, accepted, wrong] = await Promise.all([
      fetchApi('/dcim/sites/?slug__isw=site-1&export=csv&fields=name,slug&ordering=-slug'),
      fetch(`${product.runtime.url}/api/dcim/sites/`, {
        headers: { authorization: `Token ${product.token}`, accept: 'text/csv' },
      }),
      fetchApi('/dcim/sites/?export=xls'),
    ])

    const lines = (await csv.text()).trim().split('\r\n')
    expect([csv.status, csv.headers.get('content-type'), lines[0], lines.length]).toEqual([
      200,
      'text/csv; charset=utf-8',
      'name,slug',
      12,
    ])
    expect((await accepted.text()).trim().split('\r\n')).toHaveLength(21)
    expect(wrong.status).toBe(400)
  }, 60_000)

  test('that an answer does not hold is written by a job', async () => {
    const big = 'x'.repeat(15_000)
    const rows = Array.from({ length: 400 }, (_, at) => `big-${at},big-${at},${big}`)
    for (let start = 0; start < rows.length; start += 200)
      await importText(product.api, {
        model: 'dcim.site',
        text: `name,slug,comments\n${rows.slice(start, start + 200).join('\n')}\n`,
        dry_run: false,
      })

    const answer = await fetchApi('/dcim/sites/?slug__isw=big-&export=csv')
    const started = (await answer.json()) as JobShown
    const job = await endOfJob(product.api, started.id)
    const file = await fetchApi(String(job.result?.link).replace('/api', ''), { redirect: 'manual' })
    const text = await (await fetch(file.headers.get('location') ?? '')).text()

    expect(answer.status).toBe(202)
    expect(text.split(big)).toHaveLength(401)
  }, 240_000)
})
