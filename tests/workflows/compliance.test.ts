import { afterAll, beforeAll, expect, test } from 'vitest'
import type * as z from 'zod'
import type { complianceRoutes } from '../../shared/backups/compliance/routes.ts'
import type { restoreRoutes } from '../../shared/backups/restore/routes.ts'
import { backUp } from '../support/backups.ts'
import { startFleet, type Fleet } from '../support/fleet.ts'
import { until } from '../support/product.ts'
import { startWebhookReceiver, type Receiver } from '../support/receivers.ts'

type Report = z.output<(typeof complianceRoutes)['compliance']['response']>
type Device = z.output<(typeof complianceRoutes)['deviceCompliance']['response']>
type Job = { id: number; state: { value: string }; result: Record<string, number> | null }

let fleet: Fleet
let hook: Receiver

beforeAll(async () => {
  ;[fleet, hook] = await Promise.all([startFleet(3), startWebhookReceiver([204])])
})
afterAll(async () => {
  await Promise.all([fleet?.product.stop(), fleet?.lab.stop(), hook?.stop()])
})

const report = (query = ''): Promise<Report> => fleet.product.api.get<Report>(`/backups/compliance/${query}`)

async function ended(id: number): Promise<Job> {
  return until(`the end of job ${id}`, async () => {
    const job = await fleet.product.api.get<Job>(`/core/jobs/${id}/`)
    return ['pending', 'running'].includes(job.state.value) ? undefined : job
  })
}

test('rules are evaluated by a job and after each run, and who asked is told what fails newly', async () => {
  const { api } = fleet.product
  await backUp(api)
  const rule = await api.post<{ id: number }>('/backups/compliance-rules/', {
    name: 'no domain lookup',
    kind: 'matches_not',
    severity: 'critical',
    value: '^ntp server 203\\.0\\.113\\.',
  })
  await api.post('/backups/subscriptions/', {
    name: 'compliance',
    channel: 'webhook',
    destination: `http://127.0.0.1:${hook.port}/netkeep`,
    on_change: false,
    on_noncompliance: true,
  })
  const { id } = await api.post<Job>('/backups/compliance/check/', {})
  expect(await ended(id)).toMatchObject({
    state: { value: 'completed' },
    result: { devices: 3, failing: 0, skipped: 0 },
  })

  const [changed] = fleet.lab.devices
  changed?.change('ntp server 203.0.113.9')
  await backUp(api)

  const { results, totals } = await report()
  expect(totals).toMatchObject({ passed: 2, failed: 1, stale: 0 })
  expect(results).toMatchObject([
    { device: { name: 'sw00' }, rules: [{ id: rule.id, text: 'ntp server 203.0.113.9', missing: false }] },
  ])
  const device = await api.get<Device>(`/backups/devices/${fleet.ids.get('sw00')}/compliance/`)
  expect(device).toMatchObject({ version: 2, reported: { version: 2, stale: false } })
  const message = await until('the webhook', async () => hook.received[0])
  expect(JSON.parse(message.body)).toMatchObject({
    changed: [],
    noncompliant: [{ device: { name: 'sw00' }, rules: [{ rule: { name: 'no domain lookup' } }] }],
  })
})

test('the way back to a version is told through the door, as data and as a page', async () => {
  const { api, runtime, token } = fleet.product
  const path = `/backups/devices/${fleet.ids.get('sw00')}/versions/1/restore-plan/`
  const plan = await api.get<z.output<(typeof restoreRoutes)['restorePlan']['response']>>(path)
  expect(plan).toMatchObject({ from: { version: 2 }, to: { version: 1 }, identical: false, is_known: true })
  expect(plan.proposal.lines).toContain('no ntp server 203.0.113.9')

  const headers = { authorization: `Token ${token}` }
  const page = await fetch(`${runtime.url}/api${path}?format=markdown`, { headers })
  expect(page.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
  expect(await page.text()).toMatch(/^# sw00: back to version 1\n/)
  const same = await api.get<typeof plan>(`${path}?from=1`)
  expect(same).toMatchObject({ identical: true, proposal: { lines: [] } })
})

test('the report is a file too, and a rule is tried and refused through the door', async () => {
  const { api, runtime, token } = fleet.product
  const headers = { authorization: `Token ${token}` }
  const file = await fetch(`${runtime.url}/api/backups/compliance/?export=csv`, { headers })
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect((await file.text()).trim().split(/\r?\n/)).toHaveLength(2)

  const tried = await api.post('/backups/compliance-rules/test/', {
    rule: { kind: 'contains', value: 'hostname sw01' },
    device: fleet.ids.get('sw01'),
  })
  expect(tried).toMatchObject({ outcome: 'passed' })
  const refused = await fetch(`${runtime.url}/api/backups/compliance-rules/`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bad', kind: 'matches', value: 'vlan (10' }),
  })
  expect([refused.status, await refused.text()]).toEqual([
    400,
    expect.stringContaining('not a regular expression of RE2'),
  ])
  expect((await report('?severity=low')).results).toEqual([])
})
