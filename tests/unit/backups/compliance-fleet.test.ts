import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkFleet, isCheckDue } from '../../../shared/backups/compliance/check-fleet.ts'
import { deviceCompliance, testRule } from '../../../shared/backups/compliance/device-report.ts'
import { exportReport } from '../../../shared/backups/compliance/export-report.ts'
import { complianceKey, DeviceCompliance, NewlyFailing } from '../../../shared/backups/compliance/records.ts'
import { reportCompliance } from '../../../shared/backups/compliance/report.ts'
import { complianceRoutes } from '../../../shared/backups/compliance/routes.ts'
import { complianceException } from '../../../shared/backups/models/compliance-exception.ts'
import { complianceRule } from '../../../shared/backups/models/compliance-rule.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import type { InputOf } from '../../../shared/model/define.ts'
import { createRows, updateRows } from '../../../shared/model/records.ts'
import { keys } from '../../../shared/table/keys.ts'
import { actor } from '../../support/engine.ts'
import { type Ground, makeDevice, makeGround } from '../../support/inventory.ts'
import { startStoredConfigs, type StoredConfigs } from '../../support/stored-configs.ts'

type Asked = Parameters<typeof reportCompliance>[1]
type RuleInput = InputOf<typeof complianceRule.fields>

let configs: StoredConfigs
let ground: Ground
const ids = new Map<string, number>()
let rule: number

const good = 'ntp server 192.0.2.1\nline vty 0 4\n transport input ssh\nend\n'
const bad = 'line vty 0 4\n transport input telnet\nend\n'

const check = (options: Parameters<typeof checkFleet>[1] = {}): ReturnType<typeof checkFleet> =>
  checkFleet(configs.stores, options)

const store = (name: string, text: string): Promise<string> =>
  configs.store({ id: ids.get(name) ?? 0, name }, text)

async function makeRule(values: RuleInput): Promise<number> {
  const [row] = await createRows(configs.engine, complianceRule, [{ kind: 'contains', ...values }], { actor })
  return row?.id ?? 0
}

const changeRule = async (values: RuleInput, id = rule): Promise<void> => {
  await updateRows(configs.engine, complianceRule, [{ id, values }], { actor })
}

async function report(query: Record<string, string> = {}): ReturnType<typeof reportCompliance> {
  const asked: Asked = complianceRoutes.compliance.query.parse(query)
  const request = {
    path: '/api/backups/compliance/',
    query: new Map(Object.entries(query).map(([name, text]) => [name, [text]])),
    links: { origin: 'http://netkeep' },
  }
  return reportCompliance(configs.engine, asked, request as never)
}

const failing = async (query: Record<string, string> = {}): Promise<string[]> =>
  (await report(query)).results.map((one) => one.device.name)

const newIn = (runId: number): Promise<NewlyFailing[]> =>
  Array.fromAsync(configs.engine.table.query(NewlyFailing, { partition: keys.newlyFailingIn(runId) }))

beforeAll(async () => {
  configs = await startStoredConfigs()
  ground = await makeGround(configs.engine)
  for (const name of ['one', 'two', 'three', 'empty'])
    ids.set(name, await makeDevice(configs.engine, ground, { name }))
  await store('one', `hostname one\n${good}`)
  await store('two', `hostname two\n${bad}`)
  await store('three', `hostname three\n${good}`)
})
afterAll(() => configs?.stop())

describe('evaluation', () => {
  test('without rules does nothing; with a new one it is due, and then everything is evaluated once', async () => {
    expect(await check()).toEqual({ devices: 0, failing: 0, skipped: 0, done: true })
    expect(await isCheckDue(configs.stores)).toBe(false)
    rule = await makeRule({ name: 'ntp', severity: 'high', value: 'ntp server 192.0.2.1' })
    expect(await isCheckDue(configs.stores)).toBe(true)

    expect(await check()).toEqual({ devices: 3, failing: 1, skipped: 0, done: true })
    expect(await isCheckDue(configs.stores)).toBe(false)
    expect(await check()).toEqual({ devices: 0, failing: 0, skipped: 0, done: true })
    expect(await report()).toMatchObject({
      devices: 4,
      totals: { passed: 2, failed: 1, excepted: 0, not_applicable: 0, stale: 0, unchecked: 1 },
      severities: { high: { failed: 1 }, low: { failed: 0 } },
      sites: [{ devices: 4, failing: 1 }],
      platforms: [{ platform: null, devices: 4, failing: 1 }],
      results: [
        {
          device: { name: 'two' },
          version: 1,
          rules: [
            { name: 'ntp', missing: true, number: null, text: 'ntp server 192.0.2.1', exception: null },
          ],
        },
      ],
    })
  })

  test('after a run tells what fails newly, once, and only what did not fail before', async () => {
    await store('one', `hostname one\n${bad}`)
    await store('two', `hostname two\n${bad}!x\nbanner exec x\n`)
    const devices = [ids.get('one') ?? 0, ids.get('two') ?? 0]

    expect(await check({ devices, runId: 7 })).toEqual({ devices: 2, failing: 2, skipped: 0, done: true })
    expect(await check({ devices, runId: 7 })).toMatchObject({ devices: 0 })
    expect(await newIn(7)).toEqual([
      {
        deviceId: ids.get('one'),
        name: 'one',
        rules: [
          {
            rule,
            name: 'ntp',
            severity: 'high',
            number: null,
            text: 'ntp server 192.0.2.1',
            missing: true,
          },
        ],
      },
    ])
    expect(await failing()).toEqual(['one', 'two'])
  })

  test('by many at once leaves one good outcome for each device', async () => {
    await changeRule({ remediation: 'set it' })
    await Promise.all(Array.from({ length: 8 }, () => check()))

    const item = await configs.engine.table.get(DeviceCompliance, complianceKey(ids.get('one') ?? 0))
    expect(item).toMatchObject({ sequence: 2, outcomes: 'f' })
    expect(await failing()).toEqual(['one', 'two'])
    expect(await check()).toMatchObject({ devices: 0 })
  })

  test('ends in time and goes on with what is left', async () => {
    await changeRule({ remediation: 'set it, please' })
    const calls = []
    do calls.push(await check({ until: 0, devicesAtOnce: 1 }))
    while (calls.at(-1)?.done === false && calls.length < 10)

    // The device without a configuration may come at any place: looking at it takes no call of its own.
    expect(calls.filter(({ devices }) => devices === 1)).toHaveLength(3)
    expect(calls.length).toBeLessThanOrEqual(4)
    expect(calls.map(({ done }) => done)).toEqual(calls.map((_, index) => index === calls.length - 1))
  })
})

describe('the report', () => {
  test('counts a rule that is newer than the evaluation as stale', async () => {
    await changeRule({ value: 'ntp server 192.0.2.2' })
    expect((await report()).totals).toMatchObject({ stale: 3, failed: 0, unchecked: 1 })
    await check()
    expect((await report()).totals).toMatchObject({ stale: 0, failed: 3 })
    await changeRule({ value: 'ntp server 192.0.2.1' })
    await check()
  })

  test('lists exceptions apart, until they have run out', async () => {
    const except = async (name: string, expires: string | null): Promise<void> => {
      const values = { rule, device: ids.get(name) ?? 0, reason: 'old', expires }
      await createRows(configs.engine, complianceException, [values], { actor })
    }
    await except('one', '2100-01-01T00:00:00Z')
    await except('two', '2020-01-01T00:00:00Z')

    expect((await report()).totals).toMatchObject({ failed: 1, excepted: 1 })
    expect(await failing()).toEqual(['two'])
    expect(await failing({ standing: 'excepted' })).toEqual(['one'])
    const { rules } = await deviceCompliance(configs.stores, ids.get('one') ?? 0)
    expect(rules).toMatchObject([{ outcome: 'excepted', exception: { reason: 'old' } }])
  })

  test('filters by rule and severity, and pages', async () => {
    const telnet = await makeRule({
      name: 'no telnet',
      severity: 'low',
      kind: 'matches_not',
      value: 'telnet',
      section: '^line vty',
    })
    await check()

    expect(await failing({ severity: 'low' })).toEqual(['one', 'two'])
    expect(await failing({ severity: 'critical' })).toEqual([])
    expect(await failing({ rule_id: String(rule) })).toEqual(['two'])
    expect(await report({ rule_id: String(telnet), limit: '1' })).toMatchObject({
      count: 2,
      next: expect.stringContaining('offset=1'),
      results: [{ device: { name: 'one' }, rules: [{ number: 3, text: 'transport input telnet' }] }],
    })
  })

  test('as a file has a line for each rule, and no cell that a spreadsheet would run', async () => {
    await makeRule({ name: '=cmd', value: 'x', severity: 'low' })
    await check()
    const { body } = await exportReport(
      configs.engine,
      complianceRoutes.compliance.query.parse({ severity: 'low' }),
    )
    const lines = String(body).trim().split(/\r?\n/)

    expect(lines[0]).toMatch(/^device_id,device,site,platform,rule_id,rule,/)
    expect(lines.filter((line) => line.includes('no telnet'))).toHaveLength(2)
    expect(lines.find((line) => line.includes(',three,'))).toContain("'=cmd,low,failed,true,,x,1,")
  })

  test('forgets devices that are gone', async () => {
    const gone = await makeDevice(configs.engine, ground, { name: 'gone' })
    await configs.store({ id: gone, name: 'gone' }, bad)
    await check()
    expect(await failing()).toContain('gone')
    await deleteRows(configs.engine, device, [{ id: gone }], { actor })
    await check()
    expect(await configs.engine.table.get(DeviceCompliance, complianceKey(gone))).toBeUndefined()
  })
})

describe('one device', () => {
  test('shows missing and offending lines of its newest text, and rules that are not about it', async () => {
    const site = { name: 'elsewhere', slug: 'elsewhere' }
    const { site: sites } = await import('../../../shared/dcim/models/site.ts')
    const [other] = await createRows(configs.engine, sites, [site], { actor })
    await makeRule({ name: 'elsewhere', value: 'x', sites: [other?.id ?? 0] })

    const shown = await deviceCompliance(configs.stores, ids.get('two') ?? 0)
    expect(shown).toMatchObject({ device: { name: 'two' }, version: 2, reported: { stale: true } })
    const byName = new Map(shown.rules.map((one) => [one.rule.name, one]))
    expect(byName.get('elsewhere')).toMatchObject({ outcome: 'not_applicable', reason: 'device' })
    expect(byName.get('no telnet')).toMatchObject({
      outcome: 'failed',
      offending: [{ number: 3, text: 'transport input telnet', section: { number: 2 } }],
    })
  })

  test('a rule is tried without being stored, on its text or another', async () => {
    const body = (given: object): Parameters<typeof testRule>[1] =>
      complianceRoutes.testComplianceRule.body.parse({ rule: { kind: 'lacks', value: 'telnet;' }, ...given })
    const text = 'services {\n    telnet;\n}\n'

    expect(await testRule(configs.stores, body({ text, platform: 'juniper_junos' }))).toMatchObject({
      outcome: 'failed',
      offending: [{ number: 2 }],
    })
    expect(await testRule(configs.stores, body({ device: ids.get('one') }))).toMatchObject({
      outcome: 'passed',
    })
    for (const wrong of [
      {},
      { text, device: 1 },
      { text, platform: 'x' },
      { text, rule: { kind: 'matches', value: '(' } },
    ])
      await expect(testRule(configs.stores, body(wrong))).rejects.toThrow(
        expect.objectContaining({ code: 'validation_failed' }),
      )
  })
})
