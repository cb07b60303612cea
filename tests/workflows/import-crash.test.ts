import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiCaller, type Api } from '../../local/demo/api.ts'
import { deviceFile, endOfJob, makeGround, type JobShown } from '../support/imports.ts'
import { newFolder, spawnProduct, until, type ProductProcess } from '../support/product.ts'

const dataDir = newFolder('import-crash')
const rows = 1500
let served: ProductProcess
let api: Api
let token: string

beforeAll(async () => {
  served = await spawnProduct(dataDir)
  token = execFileSync(process.execPath, ['local/create-admin.ts', '--data', dataDir], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .at(-1) as string
  api = apiCaller(served.url, token)
  await makeGround(api)
}, 120_000)

afterAll(async () => {
  await served?.kill()
  rmSync(dataDir, { recursive: true, force: true })
})

type Device = { id: number; name: string; asset_tag: string; _version: number }

test('an import whose process tree is killed in the middle of writing goes on by itself and ends exactly right', async () => {
  const { text } = deviceFile(rows)
  const { id } = await api.post<JobShown>('/core/imports/', { model: 'dcim.device', text, dry_run: false })
  await until(
    `some rows of job ${id}`,
    async () => ((await countDevices()) > 100 ? true : undefined),
    120_000,
  )

  await served.kill()
  served = await spawnProduct(dataDir)
  api = apiCaller(served.url, token)
  const job = await endOfJob(api, id, 240_000)

  expect(job).toMatchObject({
    state: { value: 'completed' },
    attempts: 2,
    result: { created: rows, failed: 0 },
  })
  const devices = await allDevices()
  expect(devices).toHaveLength(rows)
  expect(new Set(devices.map(({ name }) => name)).size).toBe(rows)
  expect(devices.filter(({ _version }) => _version !== 1)).toEqual([])
}, 600_000)

const countDevices = async (): Promise<number> =>
  (await api.get<{ count: number }>('/dcim/devices/?limit=1')).count

async function allDevices(): Promise<Device[]> {
  const found: Device[] = []
  for (let offset = 0; offset < rows + 1000; offset += 1000) {
    const page = await api.get<{ results: Device[] }>(
      `/dcim/devices/?limit=1000&offset=${offset}&ordering=id`,
    )
    found.push(...page.results)
  }
  return found
}
