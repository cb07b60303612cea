import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { ConfigVersion } from '../../shared/backups/records.ts'
import { documentOptions, dynamoTable } from '../../shared/table/dynamo-table.ts'
import { keys } from '../../shared/table/keys.ts'
import { backUp, labOf, loadDevices, placeLab } from '../support/backups.ts'
import { endOfJob, type JobShown } from '../support/imports.ts'
import { startProduct, type Product } from '../support/product.ts'

type Version = { version: number; pinned: { by: string; reason: string } | null }
type Changes = { results: { changed_object_type: string; message: string; user_name: string }[] }

let product: Product
let lab: Lab
let id = 0

beforeAll(async () => {
  ;[product, lab] = await Promise.all([startProduct(), labOf([{ name: 'sw1' }])])
  id = (await loadDevices(product.api, placeLab(lab))).get('sw1') ?? 0
  await backUp(product.api)
  for (const _ of [2, 3]) {
    lab.devices[0]?.change()
    await backUp(product.api)
  }
}, 240_000)
afterAll(async () => {
  await Promise.all([product?.stop(), lab?.stop()])
})

const versions = async (): Promise<Version[]> =>
  (await product.api.get<{ results: Version[] }>(`/backups/devices/${id}/versions/`)).results

const call = (path: string, method = 'GET', body?: unknown): Promise<Response> =>
  fetch(`${product.runtime.url}/api/backups/devices/${id}/versions/${path}/`, {
    method,
    headers: { authorization: `Token ${product.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

const changes = async (type: string): Promise<Changes['results']> =>
  (await product.api.get<Changes>(`/core/object-changes/?changed_object_type=${type}`)).results

const retention = async (dry_run: boolean): Promise<JobShown> => {
  const { id: job } = await product.api.post<JobShown>('/backups/retention/', { dry_run })
  return endOfJob(product.api, job)
}

/** As if all of it had been three days ago. */
async function age(): Promise<void> {
  const { host, resources } = product.runtime
  const client = new DynamoDBClient(host.sdk({ kind: 'operator' }))
  const name = resources.tables[0]?.name ?? ''
  const table = dynamoTable({ client: DynamoDBDocumentClient.from(client, documentOptions), name })
  for await (const version of table.query(ConfigVersion, { partition: keys.configVersions(id) })) {
    const collectedAt = new Date(Date.parse(version.collectedAt) - 3 * 86_400_000).toISOString()
    const put = { ...keys.configVersion(id, version.sequence), ...version, collectedAt }
    await table.write([{ put, unconditionally: true }])
  }
  client.destroy()
}

test('what no policy keeps goes with its raw text, what is pinned stays, and all of it is told', async () => {
  await product.api.post('/backups/retention-policies/', { name: 'one', keep_versions: 1 })
  const pinned = await call('2/pin', 'POST', { reason: 'before the merger' })
  const twice = await call('2/pin', 'POST', { reason: 'again' })
  await age()

  const dry = await retention(true)
  const before = (await versions()).map(({ version }) => version)
  product.calls()
  const job = await retention(false)

  expect([pinned.status, twice.status]).toEqual([200, 400])
  expect(dry).toMatchObject({ state: { value: 'completed' }, result: { versions: 1, devices: 1 } })
  expect(before).toEqual([3, 2, 1])
  expect(job).toMatchObject({ state: { value: 'completed' }, result: { versions: 1, raw_deleted: 1 } })
  expect(product.calls().get('s3:DeleteObjects /')).toBe(1)
  expect(await versions()).toMatchObject([
    { version: 3, pinned: null },
    { version: 2, pinned: { by: 'admin', reason: 'before the merger' } },
  ])
  const gone = await call('1/text')
  expect([gone.status, await gone.json()]).toMatchObject([
    410,
    { code: 'version_gone', gone: { policy: { name: 'one' }, job: job.id } },
  ])
  expect((await call('2/unpin', 'POST', { reason: 'over' })).status).toBe(200)
  expect((await changes('backups.versionpin')).map(({ message }) => message)).toEqual([
    'over',
    'before the merger',
  ])
}, 120_000)

test('the text with its secrets is given to who may, asked for a reason, and every asking is told', async () => {
  const given = { username: 'bob', password: 'Correct-Horse-2' }
  await product.api.post('/users/users/', given)
  const { key } = await product.api.post<{ key: string }>('/users/tokens/provision/', given)
  const ask = (token: string, body: unknown): Promise<Response> =>
    fetch(`${product.runtime.url}/api/backups/reveal/devices/${id}/versions/latest/`, {
      method: 'POST',
      headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  const answers = [
    await ask(product.token, { reason: 'rebuild of sw1' }),
    await ask(product.token, {}),
    await ask(key, { reason: 'curious' }),
    await ask('nkp_none', { reason: 'no token' }),
  ]

  expect(answers.map(({ status }) => status)).toEqual([200, 400, 403, 401])
  const [revealed] = answers
  expect(revealed?.headers.get('cache-control')).toBe('no-store')
  const text = (await revealed?.text()) ?? ''
  expect(text).not.toContain('<secret:')
  expect(await (await call('latest/text')).text()).toContain('<secret:')
  expect(await changes('backups.reveal')).toMatchObject([
    { user_name: 'bob', message: 'refused: curious' },
    { user_name: 'admin', message: 'granted: rebuild of sw1' },
  ])
}, 60_000)

test('a change in lines only that mean nothing is a version that is not significant', async () => {
  const significant = async (query: string): Promise<boolean[]> =>
    (
      await product.api.get<{ results: { significant: boolean }[] }>(
        `/backups/devices/${id}/versions/${query}`,
      )
    ).results.map((one) => one.significant)
  const results = async (run: number, query: string): Promise<unknown[]> =>
    (await product.api.get<{ results: unknown[] }>(`/backups/runs/${run}/results/${query}`)).results
  const before = await significant('')
  const rule = { name: 'counters', pattern: '^hits [0-9]+$', platforms: [{ slug: 'cisco_ios' }] }
  await product.api.post('/backups/noise-rules/', rule)
  const unchanged = await backUp(product.api)
  lab.devices[0]?.change('hits 5')

  const { id: run } = await backUp(product.api)

  expect(unchanged).toMatchObject({ changed: 0, unchanged: 1 })
  expect(await significant('')).toEqual([false, ...before])
  expect(await significant('?significant=true')).toEqual(before)
  expect(await significant('?significant=false')).toEqual([false])
  expect(await results(run, '?significant=true')).toEqual([])
  expect(await results(run, '?significant=false')).toMatchObject([{ status: 'changed', significant: false }])
  expect(await product.api.get(`/backups/diff/?right_device=${id}&context=0`)).toMatchObject({
    added: 1,
    removed: 0,
    hunks: [[{ kind: 'added', left: null, right: { text: 'hits 5', insignificant: true } }]],
  })
}, 120_000)
