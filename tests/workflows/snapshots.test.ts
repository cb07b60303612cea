import { expect, test } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'

/** The builder as its schedule invokes it, in the hosted product with its own role. */
async function build({ runtime }: Product): Promise<unknown> {
  const builder = runtime.resources.functions.find(({ entry }) => entry === 'functions/on/build-snapshots.ts')
  const clock = runtime.resources.roles.find(({ logicalId }) => logicalId.startsWith('SnapshotClockRole'))
  const caller = { kind: 'role', roleArn: clock?.arn ?? '' } as const
  const payload = { scheduledAt: new Date().toISOString() }
  return runtime.host.invoke(builder?.arn ?? '', payload, { caller, mode: 'sync' })
}

test('the hosted product starts its catalogs from the snapshots that were built', async () => {
  const product = await startProduct()
  const sites = Array.from({ length: 120 }, (_, n) => ({ name: `site-${n}`, slug: `site-${n}` }))
  await product.api.post('/dcim/sites/', sites)
  product.calls()
  const outcome = await build(product)
  const building = product.calls()
  const listed = await product.api.get<{ count: number }>('/dcim/sites/?name=site-7')
  const reading = product.calls()
  await product.stop()

  expect(outcome).toMatchObject({ statusCode: 200, payload: 'null' })
  expect(building.get('s3:PutObject catalog/')).toBe(1)
  expect(listed.count).toBe(1)
  expect(reading.get('s3:GetObject catalog/')).toBeGreaterThanOrEqual(1)
})
