import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { backUp, cloneConfigs, labOf, loadDevices, placeLab, resultsOf } from '../support/backups.ts'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
let lab: Lab

beforeAll(async () => {
  const families = [
    'cisco_ios',
    'cisco_nxos',
    'arista_eos',
    'juniper_junos',
    'fortinet',
    'huawei_vrp',
    'vyos',
  ]
  const devices = Array.from({ length: 30 }, (_, index) => ({
    name: `sw${String(index).padStart(2, '0')}`,
    deviceType: families[index % families.length] ?? 'cisco_ios',
    index,
  }))
  ;[product, lab] = await Promise.all([startProduct(), labOf(devices)])
  await loadDevices(product.api, placeLab(lab))
})

afterAll(async () => {
  await Promise.all([product?.stop(), lab?.stop()])
})

/** Their simulated devices name in the configuration who changed it last. */
const sayingWho = ['cisco_ios', 'juniper_junos']

describe('a backup of 30 devices of seven platforms', () => {
  test('stores every configuration and makes a commit per author that git accepts', async () => {
    const run = await backUp(product.api)

    expect(run).toMatchObject({
      // First, for it tells why when the others do not hold.
      error: null,
      status: { value: 'success' },
      total: 30,
      changed: 30,
      failed: 0,
    })
    const clone = await cloneConfigs(product.cloneUrl)
    expect(clone.git('fsck', '--strict')).toBe('')
    expect(clone.git('rev-parse', 'HEAD').trim()).toBe(run.commit)
    const named = lab.devices.filter(({ deviceType }) => sayingWho.includes(deviceType)).length
    expect(clone.git('log', '--format=%an %s').trim().split('\n')).toEqual([
      `netops Back up ${named} changed configurations`,
      `netkeep Back up ${30 - named} changed configurations`,
    ])
    expect(clone.git('log', '--author=netops', '--format=', '--name-only').trim().split('\n')).toHaveLength(
      named,
    )
    expect(clone.git('ls-files').trim().split('\n')).toHaveLength(30)
    clone.remove()
  })

  test('costs nothing twice: no commit, no object, two writes a device and one KMS call a batch', async () => {
    product.calls()

    const run = await backUp(product.api)

    const calls = product.calls()
    expect(run).toMatchObject({ changed: 0, unchanged: 30, commit: null })
    for (const prefix of ['configs/', 'raw/', 'git/'])
      expect(calls.get(`s3:PutObject ${prefix}`)).toBeUndefined()
    expect(calls.get('s3:PutObject work-lists/')).toBe(1)
    expect(calls.get('kms:Decrypt')).toBe(2)
    const written = (calls.get('dynamodb:TransactWriteItems') ?? 0) + (calls.get('dynamodb:PutItem') ?? 0)
    // Beside two a device, one transaction: a batch takes and gives back four login slots at most.
    expect(written).toBeLessThanOrEqual(30 + 12 + 2 * 8)
    const clone = await cloneConfigs(product.cloneUrl)
    expect(clone.git('rev-list', '--count', 'HEAD').trim()).toBe('2')
    clone.remove()
  })

  test('keeps what the devices say of themselves, once, and raises what the inventory lacks', async () => {
    type Observation = { id: number; hostname: string; serial: string; os_version: string; _version: number }
    const { api } = product
    const { results } = await api.get<{ results: Observation[] }>('/backups/observations/?limit=50')
    const missing = '/backups/conflicts/?field=serial&kind=missing&limit=0'
    const { count } = await api.get<{ count: number }>(missing)

    const decided = await api.post(
      `/backups/conflicts/accept/?field=serial&kind=missing&expect_count=${count}`,
      {},
    )

    expect(results.map(({ hostname }) => hostname).toSorted()).toEqual(lab.devices.map(({ name }) => name))
    // Two runs have seen them, and the second one nothing new.
    expect(new Set(results.map(({ _version }) => _version))).toEqual(new Set([1]))
    expect(results.filter(({ os_version }) => os_version === '')).toEqual([])
    expect(count).toBe(results.filter(({ serial }) => serial !== '').length)
    expect(decided).toEqual({ matched: count, done: count, failed: [] })
    expect((await api.get<{ count: number }>(missing)).count).toBe(0)
    const state = await api.get<{ facts: { serial?: object } }>(`/backups/devices/${results[0]?.id}/state/`)
    expect(state.facts.serial).toMatchObject({ value: results[0]?.serial, count: 2 })
  })

  test('shows one changed line as a change of one line in one file', async () => {
    lab.devices.find(({ name }) => name === 'sw07')?.change('ntp server 192.0.2.123')

    const run = await backUp(product.api)

    expect(run).toMatchObject({ status: { value: 'success' }, changed: 1, unchanged: 29 })
    const clone = await cloneConfigs(product.cloneUrl)
    expect(clone.git('show', '--format=', '--numstat', 'HEAD').trim()).toBe('1\t0\tams/sw07.cfg')
    expect(clone.git('show', '--format=', 'HEAD')).toMatch(/^\+ntp server 192\.0\.2\.123$/m)
    clone.remove()
  })

  test('compares versions of a device, and two devices', async () => {
    const { results } = await product.api.get<{ results: { id: number }[] }>(
      '/dcim/devices/?name=sw07&name=sw08&ordering=name',
    )
    const [changed = 0, other = 0] = results.map(({ id }) => id)

    const versions = await product.api.get<{ added: number; removed: number; unified: string }>(
      `/backups/diff/?right_device=${changed}`,
    )
    const devices = await product.api.get<{ left: object; right: object; identical: boolean }>(
      `/backups/diff/?left_device=${other}&right_device=${changed}`,
    )

    expect([versions.added, versions.removed]).toEqual([1, 0])
    expect(versions.unified).toMatch(/^--- ams\/sw07\.cfg\t/)
    expect(versions.unified).toMatch(/^\+ntp server 192\.0\.2\.123$/m)
    expect(devices).toMatchObject({
      left: { device: { id: other, name: 'sw08' }, version: 1 },
      right: { device: { id: changed, name: 'sw07' }, version: 2 },
      identical: false,
    })
  })

  test('keeps a renamed device’s history under its new name', async () => {
    const { results } = await product.api.get<{ results: { id: number }[] }>('/dcim/devices/?name=sw00')
    const id = results[0]?.id ?? 0
    await fetch(`${product.runtime.url}/api/dcim/devices/${id}/`, {
      method: 'PATCH',
      headers: { authorization: `Token ${product.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'border-00' }),
    })

    const run = await backUp(product.api, { devices: [id] })

    expect(run).toMatchObject({ total: 1, failed: 0 })
    const clone = await cloneConfigs(product.cloneUrl)
    const status = clone.git('show', '--format=', '--name-status', '-M90%', 'HEAD').trim()
    expect(status).toMatch(/^R1?\d\d\tams\/sw00\.cfg\tams\/border-00\.cfg$/)
    clone.remove()
  })

  test('tells what happened in each session, without a secret', async () => {
    const run = await backUp(product.api)

    const results = await resultsOf(product.api, run.id)

    expect(results.size).toBe(30)
    const lines = [...results.values()].flatMap(({ log }) => log.map(({ message }) => message)).join('\n')
    expect(lines).toMatch(/connect/i)
    expect(lines).not.toContain('Correct-Horse-1')
  })

  test('skips devices in a maintenance window, which is no failure, unless it is told to ignore windows', async () => {
    await product.api.post('/backups/maintenance-windows/', {
      name: 'freeze',
      weekly: ['daily 00:00-24:00'],
    })

    const kept = await backUp(product.api)
    const ignoring = await backUp(product.api, { ignore_windows: true })

    expect(kept).toMatchObject({ status: { value: 'success' }, total: 30, failed: 0, skipped: 30 })
    const results = await resultsOf(product.api, kept.id)
    expect(new Set([...results.values()].map(({ status, detail }) => `${status}: ${detail}`))).toEqual(
      new Set(['skipped: maintenance window freeze: no backups in it']),
    )
    expect(await product.api.get(`/backups/coverage/?limit=1`)).toMatchObject({
      standings: { fresh: 30, failing: 0 },
    })
    expect(ignoring).toMatchObject({ status: { value: 'success' }, skipped: 0, unchanged: 30 })
  })
})
