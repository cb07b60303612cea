import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endOfJob, type JobShown } from '../support/imports.ts'
import { netboxDevice, startNetbox, type SmallNetbox } from '../support/netbox.ts'
import { startProduct, type Product } from '../support/product.ts'

type Source = { id: number; has_token: boolean }
type Synced = Omit<JobShown, 'result'> & { result: Record<string, unknown> | null }
type Page = { count: number; results: { id: number; name: string; url: string }[] }

const token = '0123456789abcdef0123456789abcdef01234567'
let product: Product
let netbox: SmallNetbox

beforeAll(async () => {
  ;[product, netbox] = await Promise.all([startProduct(), startNetbox(token)])
  netbox.devices = [1, 2, 3, 4, 5].map((id) => netboxDevice(id))
})
afterAll(() => Promise.all([product?.stop(), netbox?.stop()]))

const makeSource = (body: Record<string, unknown>): Promise<Source> =>
  product.api.post<Source>('/core/netbox-sources/', body)

async function sync({ id }: Source, body: Record<string, unknown> = {}): Promise<Synced> {
  const job = await product.api.post<JobShown>(`/core/netbox-sources/${id}/sync/`, body)
  return endOfJob(product.api, job.id)
}

describe('devices of a NetBox', () => {
  test('come by a job: compared, brought in, unchanged the second time, and followed through a rename', async () => {
    const source = await makeSource({
      name: 'netbox',
      remote_url: netbox.url,
      token,
      device_filter: 'status=active',
    })
    const dry = await sync(source)
    const none = await product.api.get<Page>('/dcim/devices/')
    const applied = await sync(source, { dry_run: false })
    const again = await sync(source, { dry_run: false })
    netbox.devices[2] = { ...netbox.devices[2], name: 'core1' }
    const renamed = await sync(source, { dry_run: false })
    const page = await product.api.get<Page>('/dcim/devices/?name=core1')

    expect(source.has_token).toBe(true)
    expect(dry).toMatchObject({
      kind: 'netbox_sync',
      state: { value: 'completed' },
      result: { dry_run: true, devices: 5, created: 5 },
    })
    expect(none.count).toBe(0)
    expect(applied).toMatchObject({ result: { created: 5, failed: 0, related: { 'dcim.site': 1 } } })
    expect(again).toMatchObject({ result: { created: 0, changed: 0, unchanged: 5, changes: [] } })
    expect(renamed).toMatchObject({ result: { created: 0, changed: 1, unchanged: 4 } })
    expect(page.results).toMatchObject([
      { name: 'core1', management_address: '10.0.0.3', site: { slug: 'amsterdam-1' } },
    ])
    const files = await product.api.get<Page>(`/core/jobs/${dry.id}/files/`)
    expect(files.results.map(({ name }) => name)).toEqual(['changes.json', 'errors.json', 'gone.json'])
    expect(JSON.stringify([dry, applied, again, renamed])).not.toContain(token)
  })

  test('of a netkeep are told as NetBox tells them: compared with itself it has nothing to change', async () => {
    await product.api.post(
      '/dcim/devices/',
      Array.from({ length: 300 }, (_, at) => ({
        name: `edge${at}`,
        site: { slug: 'amsterdam-1' },
        role: { slug: 'access' },
        device_type: { slug: 'catalyst-9300' },
        status: at % 2 === 0 ? 'staged' : 'on_loan',
        asset_tag: `A${at}`,
        management_address: `edge${at}.example.net`,
        tags: [{ slug: 'managed' }],
      })),
    )
    const { url } = product.runtime
    const source = await makeSource({ name: 'itself', remote_url: url, token: product.token })
    const all = await sync(source, { dry_run: false })
    const some = await sync(
      await makeSource({
        name: 'some',
        remote_url: url,
        token: product.token,
        device_filter: 'status=staged',
      }),
    )
    const wrong = await sync(
      await makeSource({ name: 'wrong', remote_url: url, token: product.token, device_filter: 'stie=x' }),
    )

    expect(all.result).toMatchObject({ devices: 305, created: 0, changed: 0, unchanged: 305, failed: 0 })
    expect(some.result).toMatchObject({ devices: 150, unchanged: 150 })
    expect(wrong).toMatchObject({
      state: { value: 'failed' },
      error: expect.stringMatching(/^bad_filter: .*stie/),
    })
  })
})
