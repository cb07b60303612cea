import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import {
  backUp,
  cloneConfigs,
  endOfRun,
  labOf,
  loadDevices,
  placeLab,
  startRun,
  type Run,
} from '../support/backups.ts'
import { startProduct, until, type Product } from '../support/product.ts'

let product: Product
let lab: Lab
let ids: Map<string, number>

beforeAll(async () => {
  ;[product, lab] = await Promise.all([
    startProduct(),
    labOf(Array.from({ length: 20 }, (_, index) => ({ name: `sw${index}`, index, responseMs: 10 }))),
  ])
  ids = await loadDevices(product.api, placeLab(lab))
  await backUp(product.api)
})

afterAll(async () => {
  await Promise.all([product?.stop(), lab?.stop()])
})

const changeAll = (): void => lab.devices.forEach((device) => device.change())

describe('runs at the same time', () => {
  test('over different devices both end in the history, one after the other', async () => {
    changeAll()
    const all = [...ids.values()]

    const runs = await Promise.all([
      backUp(product.api, { devices: all.slice(0, 10) }),
      backUp(product.api, { devices: all.slice(10) }),
    ])

    const clone = await cloneConfigs(product.cloneUrl)
    const history = clone
      .git('log', '--format=%H %P', '-2')
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
    expect(new Set(history.map(([commit]) => commit))).toEqual(new Set(runs.map(({ commit }) => commit)))
    expect(history[0]?.[1]).toBe(history[1]?.[0])
    expect(clone.git('fsck', '--strict')).toBe('')
    clone.remove()
  })

  test('over the same devices leave the newest configuration, and no version twice', async () => {
    changeAll()

    const runs = await Promise.all(Array.from({ length: 4 }, () => backUp(product.api)))

    expect(runs.map(({ status }) => status.value)).toEqual(['success', 'success', 'success', 'success'])
    const changed = runs.reduce((sum, run) => sum + run.changed, 0)
    expect(changed).toBe(20)
    const clone = await cloneConfigs(product.cloneUrl)
    for (const [name, id] of ids) {
      const latest = await fetch(`${product.runtime.url}/api/backups/devices/${id}/versions/latest/text/`, {
        headers: { authorization: `Token ${product.token}` },
      })
      expect(clone.git('show', `HEAD:ams/${name}.cfg`)).toBe(await latest.text())
    }
    clone.remove()
  })
})

describe('a run that is cancelled', () => {
  test('stops, commits what it had, and says who stopped it', async () => {
    changeAll()
    lab.devices[0]?.setFault({ kind: 'silence', afterLines: 60, ms: 20_000 })
    const id = await startRun(product.api)
    await until('nineteen results', async () => {
      const { changed } = await product.api.get<{ changed: number }>(`/backups/runs/${id}/progress/`)
      return changed === 19 ? true : undefined
    })

    await product.api.post(`/backups/runs/${id}/cancel/`, {})

    const run = await endOfRun(product.api, id)
    expect(run).toMatchObject({
      status: { value: 'cancelled' },
      changed: 19,
      error: 'Cancelled: cancelled by admin',
    })
    const clone = await cloneConfigs(product.cloneUrl)
    expect(clone.git('show', '--format=', '--name-only', 'HEAD').trim().split('\n')).toHaveLength(19)
    clone.remove()
    lab.devices[0]?.setFault(undefined)
  })
})

describe('a run that is paused', () => {
  /** Devices log in one after the other, so that a pause comes in between. */
  const oneByOne = async (): Promise<void> => {
    const realm = await product.api.post<{ id: number }>('/backups/aaa-realms/', {
      name: 'slow',
      failures_max: 1,
    })
    await product.api.post('/backups/access-rules/', { name: 'slow', aaa_realm: realm.id })
    // With an enable secret a login is not over before the privilege is reached.
    const { results } = await product.api.get<{ results: { id: number }[] }>('/backups/credentials/')
    await change('PATCH', `credentials/${results[0]?.id ?? 0}`, { enable_secret: 'Enable-Horse-1' })
  }
  const pausedRun = async (): Promise<{ id: number; changed: number }> => {
    const id = await startRun(product.api)
    await until('a few results', async () => {
      const { changed } = await product.api.get<{ changed: number }>(`/backups/runs/${id}/progress/`)
      return changed >= 2 ? true : undefined
    })
    expect(await product.api.post(`/backups/runs/${id}/pause/`, {})).toMatchObject({ status: 'paused' })
    await until('the end of its execution', async () => {
      const { execution } = await product.api.get<{ execution: string | null }>(`/backups/runs/${id}/`)
      return execution === null ? true : undefined
    })
    const { changed } = await product.api.get<{ changed: number }>(`/backups/runs/${id}/progress/`)
    return { id, changed }
  }
  const filesIn = (clone: { git(...args: string[]): string }, id: number): string[] =>
    clone
      .git('log', `--grep=Run: ${id}`, '--format=', '--name-only')
      .split('\n')
      .filter((line) => line !== '')

  test('asks nobody more, commits what it had, and resumed goes on with the others only', async () => {
    await oneByOne()
    changeAll()
    const before = lab.devices.map(({ sessions }) => sessions)

    const paused = await pausedRun()
    const { id } = paused
    const committed = await until('its commit', async () => {
      const clone = await cloneConfigs(product.cloneUrl)
      const files = filesIn(clone, id)
      clone.remove()
      return files.length === paused.changed ? files : undefined
    })
    const resume = () => product.api.post(`/backups/runs/${id}/resume/`, {})
    await Promise.all([resume(), resume()])
    const run = await endOfRun(product.api, id)

    expect(paused.changed).toBeLessThan(20)
    expect(new Set(committed).size).toBe(paused.changed)
    expect(run).toMatchObject({ status: { value: 'success' }, total: 20, changed: 20, failed: 0 })
    expect(lab.devices.map(({ sessions }, index) => sessions - (before[index] ?? 0))).toEqual(
      lab.devices.map(() => 1),
    )
    const { lines } = await product.api.get<{ lines: { message: string }[] }>(`/backups/runs/${id}/log/`)
    expect(lines.map(({ message }) => message).filter((text) => /by admin/.test(text))).toEqual([
      'paused by admin',
      'resumed by admin',
    ])
    const clone = await cloneConfigs(product.cloneUrl)
    expect(new Set(filesIn(clone, id)).size).toBe(20)
    clone.remove()
  })

  test('and cancelled ends with what it had', async () => {
    changeAll()
    const { id, changed } = await pausedRun()

    await product.api.post(`/backups/runs/${id}/cancel/`, {})

    expect(await endOfRun(product.api, id)).toMatchObject({
      status: { value: 'cancelled' },
      changed,
      error: 'Cancelled: cancelled by admin',
    })
    await until('its commit', async () => {
      const clone = await cloneConfigs(product.cloneUrl)
      const files = filesIn(clone, id)
      clone.remove()
      return files.length === changed ? true : undefined
    })
  })
})

describe('a schedule', () => {
  test('starts a run at its time, over its target, and once', async () => {
    const [first = 0] = ids.values()
    const { id } = await product.api.post<{ id: number }>('/backups/schedules/', {
      name: 'soon',
      // Far enough for the stream, which may be some seconds behind after the runs before.
      once_at: new Date(Date.now() + 12_000).toISOString(),
      target: { devices: [first] },
    })

    const run = await until('the scheduled run', async () => {
      const { results } = await product.api.get<{ results: Run[] }>(`/backups/runs/?schedule_id=${id}`)
      return results[0]
    })

    expect(await endOfRun(product.api, run.id)).toMatchObject({
      status: { value: 'success' },
      trigger: { value: 'schedule' },
      requested_by: 'schedule soon',
      total: 1,
    })
    const { results } = await product.api.get<{ results: Run[] }>(`/backups/runs/?schedule_id=${id}`)
    expect(results).toHaveLength(1)
  })

  test('is mirrored into the scheduler, changed and removed with it', async () => {
    const { id } = await product.api.post<{ id: number }>('/backups/schedules/', {
      name: 'nightly',
      cron: '30 2 * * 1-5',
      timezone: 'Europe/Amsterdam',
      jitter_minutes: 15,
    })
    const scheduler = product.runtime.resources.scheduleGroups
    const group = scheduler.map(({ name }) => name).find((name) => name.includes('Backup')) ?? ''
    const read = () =>
      product.runtime.host
        .request({
          caller: { kind: 'operator' },
          service: 'scheduler',
          action: 'GetSchedule',
          input: { Name: `backup-${id}`, GroupName: group },
        })
        .catch(() => undefined)
    const find = (expected: Record<string, unknown>) =>
      until('the mirrored schedule', async () => {
        const found = await read()
        return Object.entries(expected).every(([key, value]) => found?.[key] === value) ? found : undefined
      })

    const mirrored = await find({
      ScheduleExpression: 'cron(30 2 ? * MON-FRI *)',
      ScheduleExpressionTimezone: 'Europe/Amsterdam',
      State: 'ENABLED',
    })
    expect(mirrored['FlexibleTimeWindow']).toEqual({ Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 })
    const [device = 0] = ids.values()
    const state = await product.api.get<{ next_run: { at: string; latest: string } }>(
      `/backups/devices/${device}/state/`,
    )
    expect(state.next_run).toMatchObject({ schedule: { id, name: 'nightly' } })
    expect(Date.parse(state.next_run.latest) - Date.parse(state.next_run.at)).toBe(15 * 60_000)
    await change('PATCH', `schedules/${id}`, { enabled: false })
    await find({ State: 'DISABLED' })
    await change('DELETE', `schedules/${id}`)

    const isGone = await until('its removal', async () => ((await read()) === undefined ? true : undefined))
    expect(isGone).toBe(true)
  })
})

async function change(method: string, path: string, body?: unknown): Promise<void> {
  const response = await fetch(`${product.runtime.url}/api/backups/${path}/`, {
    method,
    headers: { authorization: `Token ${product.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  expect(response.ok).toBe(true)
}
