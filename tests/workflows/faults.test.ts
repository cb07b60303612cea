import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LabDevice } from '../../local/lab/device.ts'
import type { Lab } from '../../local/lab/lab.ts'
import {
  backUp,
  cloneConfigs,
  labOf,
  loadDevices,
  login,
  placeLab,
  resultsOf,
  type Result,
  type Run,
} from '../support/backups.ts'
import { startProduct, type Product } from '../support/product.ts'

type Case = { name: string; device: Partial<LabDevice>; category: string | null }

const cases: readonly Case[] = [
  { name: 'healthy', device: {}, category: null },
  { name: 'closed-port', device: { fault: { kind: 'dead' } }, category: 'refused' },
  { name: 'mute', device: { fault: { kind: 'mute' } }, category: 'timeout' },
  {
    name: 'wrong-password',
    device: { logins: [{ username: 'netops', password: 'other' }] },
    category: 'auth',
  },
  {
    name: 'second-credential',
    device: { logins: [{ username: 'old', password: 'Old-One-2' }] },
    category: null,
  },
  { name: 'no-prompt', device: { fault: { kind: 'prompt-never' } }, category: 'prompt_not_found' },
  { name: 'unauthorised', device: { fault: { kind: 'unauthorized' } }, category: 'command_rejected' },
  { name: 'drop', device: { fault: { kind: 'drop', afterLines: 40 } }, category: 'connection_lost' },
  { name: 'no-end', device: { fault: { kind: 'no-end', afterLines: 40 } }, category: 'incomplete' },
  {
    name: 'silence',
    device: { fault: { kind: 'silence', afterLines: 40, ms: 25_000 } },
    category: 'timeout',
  },
  { name: 'flood', device: { fault: { kind: 'flood', bytes: 20 * 1024 * 1024 } }, category: 'too_large' },
  { name: 'junk', device: { fault: { kind: 'junk', bytes: 100_000 } }, category: 'not_text' },
  {
    name: 'own-prompt',
    device: { fault: { kind: 'false-prompt', where: 'config', line: 'own', pauseMs: 2000 } },
    category: null,
  },
  {
    name: 'foreign-prompt',
    device: { fault: { kind: 'false-prompt', where: 'config', line: 'foreign', pauseMs: 2000 } },
    category: null,
  },
  {
    name: 'prompt-in-banner',
    device: { fault: { kind: 'false-prompt', where: 'greeting', line: 'foreign', pauseMs: 2000 } },
    category: null,
  },
  { name: 'slow-pager', device: { pager: { lines: 20, pageMs: 20 } }, category: null },
  { name: 'legacy-only', device: { legacyOnly: true }, category: 'algorithms' },
]

describe('a run over devices that fail in every known way', () => {
  let product: Product
  let lab: Lab
  let run: Run
  let results: Map<string, Result>

  beforeAll(async () => {
    const devices = cases.map(({ name, device }, index) => ({ name, index, ...device }))
    ;[product, lab] = await Promise.all([startProduct(), labOf(devices)])
    const placed = [
      ...placeLab(lab),
      { name: 'unknown-platform', driver: 'cisco_iso', host: '127.0.0.1', port: 22 },
    ]
    await loadDevices(product.api, placed, [
      { name: 'first', priority: 1, ...login },
      { name: 'second', priority: 2, username: 'old', password: 'Old-One-2' },
    ])
    run = await backUp(product.api)
    results = await resultsOf(product.api, run.id)
  })

  afterAll(async () => {
    await Promise.all([product?.stop(), lab?.stop()])
  })

  test.each(cases)('$name ends as $category', ({ name, category }) => {
    const result = results.get(name)

    expect(result).toMatchObject({ status: category === null ? 'changed' : 'failed', category })
  })

  test('an unknown device type is told with the names it may have meant', () => {
    expect(results.get('unknown-platform')).toMatchObject({
      category: 'platform_unknown',
      detail: expect.stringContaining('cisco_ios'),
    })
  })

  test('a device that failed has no version, and tells why', () => {
    const failed = [...results.values()].filter(({ status }) => status === 'failed')

    for (const { version, detail } of failed) {
      expect(version).toBeNull()
      expect(detail).toMatch(/\w{3}/)
    }
  })

  test('the run is partial, and its counts add up', () => {
    const failed = cases.filter(({ category }) => category !== null).length + 1

    expect(run).toMatchObject({
      status: { value: 'partial' },
      total: cases.length + 1,
      failed,
      changed: cases.length + 1 - failed,
    })
  })

  test('the coverage report counts who has a backup, and why the others have none', async () => {
    const good = cases.filter(({ category }) => category === null).length
    type Coverage = {
      total: number
      standings: object
      failing_by: Record<string, number>
      results: object[]
    }

    const coverage = await product.api.get<Coverage>('/backups/coverage/')
    const refused = await product.api.get<Coverage>('/backups/coverage/?standing=failing&category=refused')

    expect(coverage).toMatchObject({
      total: cases.length + 1,
      standings: { fresh: good, stale: 0, failing: cases.length + 1 - good, never: 0 },
      failing_by: { refused: 1, auth: 1, algorithms: 1, platform_unknown: 1, incomplete: 1 },
    })
    expect(refused.results).toMatchObject([
      { device: { name: 'closed-port' }, standing: 'failing', category: 'refused', version: null },
    ])
  })

  test('only what may pass was tried again', () => {
    const again = [...results.values()].filter(({ pass }) => pass === 2).map(({ device }) => device.name)

    expect(again.sort()).toEqual(['closed-port', 'drop', 'mute', 'no-end', 'no-prompt', 'silence'])
  })

  test('git holds the whole configurations and nothing of the failed devices', async () => {
    const clone = await cloneConfigs(product.cloneUrl)
    const files = clone.git('ls-files').trim().split('\n')
    const good = cases.filter(({ category }) => category === null).map(({ name }) => `ams/${name}.cfg`)

    expect(files.sort()).toEqual(good.sort())
    for (const file of files) expect(clone.git('show', `HEAD:${file}`)).toMatch(/\nend\n$/)
    clone.remove()
  })

  test('a device that shows another host key is refused until a person accepts it', async () => {
    const device = lab.devices.find(({ name }) => name === 'healthy')
    const id = results.get('healthy')?.device.id ?? 0
    device?.changeHostKey()

    const refused = await backUp(product.api, { devices: [id] })
    const told = (await resultsOf(product.api, refused.id)).get('healthy')
    await product.api.post(`/backups/devices/${id}/accept-host-key/`, {
      ...told?.host_key,
      reason: 'replaced hardware',
    })
    const accepted = await backUp(product.api, { devices: [id] })

    expect(told).toMatchObject({ status: 'failed', category: 'host_key_changed' })
    expect(told?.detail).toContain(`SHA256:${told?.host_key?.sha256}`)
    expect(accepted).toMatchObject({ status: { value: 'success' }, failed: 0 })
  })
})
