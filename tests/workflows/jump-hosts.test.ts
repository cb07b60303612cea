import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { openSshMissing, startOpenSsh, type OpenSshServer } from '../../local/lab/openssh.ts'
import { backUp, labOf, loadDevices, placeLab, resultsOf } from '../support/backups.ts'
import { startProduct, type Product } from '../support/product.ts'

const missing = openSshMissing()

describe.skipIf(missing !== undefined)(`jump hosts, real OpenSSH${missing ? ` (${missing})` : ''}`, () => {
  let product: Product
  let lab: Lab
  let outer: OpenSshServer
  let inner: OpenSshServer
  let outerId: number

  const make = (path: string, body: object): Promise<{ id: number }> => product.api.post(path, body)

  beforeAll(async () => {
    const devices = Array.from({ length: 12 }, (_, index) => ({ name: `behind${index}`, index }))
    ;[product, lab, outer, inner] = await Promise.all([
      startProduct(),
      labOf([...devices, { name: 'old', index: 20, legacyOnly: true }]),
      startOpenSsh({ shell: '/usr/sbin/nologin' }),
      startOpenSsh({ shell: '/usr/sbin/nologin' }),
    ])
    await loadDevices(product.api, placeLab(lab))
    // A tag that no device has: these are for jump hosts alone.
    const { id: tag } = await make('/extras/tags/', { name: 'jump hosts', slug: 'jump-hosts' })
    const hop = async (
      name: string,
      { host, port, username, password }: OpenSshServer,
      via: number | null,
    ) => {
      const { id } = await make('/backups/credentials/', { name, username, password, tags: [tag] })
      return make('/backups/jump-hosts/', { name, host, port, credential: id, via, sessions: 4 })
    }
    outerId = (await hop('outer', outer, null)).id
    const { id: innerId } = await hop('inner', inner, outerId)
    await make('/backups/access-rules/', {
      name: 'through both',
      jump_host: innerId,
      legacy_algorithms: true,
    })
  })

  afterAll(async () => {
    await Promise.all([product?.stop(), lab?.stop(), outer?.stop(), inner?.stop()])
  })

  test('two hops with logins of their own lead to every device, old algorithms by opt-in included', async () => {
    const run = await backUp(product.api)

    const results = await resultsOf(product.api, run.id)
    expect([...results.values()].map(({ detail }) => detail).filter((detail) => detail !== null)).toEqual([])
    expect(run).toMatchObject({ status: { value: 'success' }, total: 13, changed: 13 })
  })

  test('a jump host that shows another key is not trusted until a person says so', async () => {
    const change = (port: number) =>
      fetch(`${product.runtime.url}/api/backups/jump-hosts/${outerId}/`, {
        method: 'PATCH',
        headers: { authorization: `Token ${product.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ port }),
      })
    await change(inner.port)

    const refused = await backUp(product.api, { devices: await idsOf('behind0') })
    await change(outer.port)
    const again = await backUp(product.api, { devices: await idsOf('behind0') })

    const result = (await resultsOf(product.api, refused.id)).get('behind0')
    // The key is the jump host's: no device may be told to accept it.
    expect(result).toMatchObject({ status: 'failed', category: 'jump_host', host_key: null })
    expect(result?.detail).toContain('host_key_changed')
    expect(again).toMatchObject({ unchanged: 1 })
  })

  test('without the jump host no device is reached, and none is blamed for it', async () => {
    await outer.stop()

    const run = await backUp(product.api, { devices: await idsOf('behind1') })

    const result = (await resultsOf(product.api, run.id)).get('behind1')
    expect(result).toMatchObject({ status: 'failed', category: 'jump_host', attempts: [] })
    expect(result?.detail).toMatch(/^jump host outer: /)
    const [id] = await idsOf('behind1')
    const state = await product.api.get<{ failures_in_row: number }>(`/backups/devices/${id}/state/`)
    expect(state.failures_in_row).toBe(0)
  })

  const idsOf = async (name: string): Promise<number[]> => {
    const { results } = await product.api.get<{ results: { id: number }[] }>(`/dcim/devices/?name=${name}`)
    return results.map(({ id }) => id)
  }
})
