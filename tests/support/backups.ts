import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Api } from '../../local/demo/api.ts'
import type { LabDevice } from '../../local/lab/device.ts'
import { startLab, type Lab } from '../../local/lab/lab.ts'
import { cloneUrlOf, newFolder, until } from './product.ts'

export const login = { username: 'netops', password: 'Correct-Horse-1' } as const

/** A device's place in the inventory. */
export type Placed = { name: string; driver: string; host: string; port: number; site?: string; id?: number }

/** Simulated devices that know the login. */
export function labOf(devices: readonly (Partial<LabDevice> & { name: string })[]): Promise<Lab> {
  return startLab({
    devices: devices.map((device) => ({ deviceType: 'cisco_ios', logins: [login], ...device })),
  })
}

/** Sites, platforms and one credential, then the devices, all through the API. @returns the devices' ids by name. */
export async function loadDevices(
  api: Api,
  placed: readonly Placed[],
  credentials: readonly Record<string, unknown>[] = [{ name: 'netops', ...login }],
): Promise<Map<string, number>> {
  const sites = [...new Set(placed.map(({ site = 'ams' }) => site))]
  const drivers = [...new Set(placed.map(({ driver }) => driver))]
  await api.post(
    '/dcim/sites/',
    sites.map((slug) => ({ name: slug, slug })),
  )
  await api.post('/dcim/manufacturers/', [{ name: 'Any', slug: 'any' }])
  await api.post('/dcim/device-types/', [{ model: 'Any', slug: 'any', manufacturer: { slug: 'any' } }])
  await api.post('/dcim/device-roles/', [{ name: 'Any', slug: 'any' }])
  await api.post(
    '/dcim/platforms/',
    drivers.map((driver) => ({ name: driver, slug: driver, driver })),
  )
  await api.post('/backups/credentials/', credentials)
  const created = await api.post<{ id: number; name: string }[]>(
    '/dcim/devices/',
    placed.map(({ name, driver, host, port, site = 'ams' }) => ({
      name,
      site: { slug: site },
      device_type: { slug: 'any' },
      role: { slug: 'any' },
      platform: { slug: driver },
      management_address: host,
      management_port: port,
    })),
  )
  return new Map(created.map(({ id, name }) => [name, id]))
}

export const placeLab = ({ devices }: Lab, site = 'ams'): Placed[] =>
  devices.map(({ name, deviceType, host, port }) => ({ name, driver: deviceType, host, port, site }))

export type Run = {
  id: number
  status: { value: string }
  total: number
  changed: number
  unchanged: number
  failed: number
  commit: string | null
  error: string | null
}
export type Result = {
  device: { id: number; name: string }
  status: string
  category: string | null
  detail: string | null
  host_key: { type: string; sha256: string } | null
  pass: number
  version: number | null
  log: { message: string }[]
  attempts: { credential: number; accepted: boolean }[]
}

const open = new Set(['queued', 'planning', 'collecting', 'second_pass', 'committing', 'paused'])

export const startRun = async (api: Api, target: Record<string, unknown> = {}): Promise<number> =>
  (await api.post<{ id: number }>('/backups/runs/', target)).id

/** Waits for a run's end. */
export function endOfRun(api: Api, id: number, msMax = 90_000): Promise<Run> {
  return until(
    `the end of run ${id}`,
    async () => {
      const run = await api.get<Run>(`/backups/runs/${id}/`)
      return open.has(run.status.value) ? undefined : run
    },
    msMax,
  )
}

export const backUp = async (api: Api, target: Record<string, unknown> = {}): Promise<Run> =>
  endOfRun(api, await startRun(api, target))

export const resultsOf = async (api: Api, runId: number): Promise<Map<string, Result>> => {
  const { results } = await api.get<{ results: Result[] }>(`/backups/runs/${runId}/results/?limit=1000`)
  return new Map(results.map((result) => [result.device.name, result]))
}

/** A clone by the real git, to look into. */
export type Clone = { git(...args: string[]): string; folder: string; remove(): void }

/** Not in this thread while the server is in it: git runs in a process, and this one waits without standing still. */
export async function cloneConfigs(cloneUrl: string): Promise<Clone> {
  const folder = newFolder('clone')
  const child = spawn('git', ['clone', '--quiet', cloneUrl, folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code]: unknown[] = await once(child, 'exit')
  if (code !== 0) throw new Error(`git clone ended with ${String(code)}`)
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  return { git, folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export type Agreeing = { url: string; token: string; api: Api; ids: ReadonlyMap<string, number> }

type StoredVersion = { version: number; run: number; sha256: string; path: string }

/**
 * What must hold after every run, whatever happened: for each device the newest version that the table names, its
 * text in the archive and the file in git are the same; no version is there twice; no result names what is not stored.
 */
export async function expectAgreement({ url, token, api, ids }: Agreeing, runId: number): Promise<void> {
  const clone = await cloneConfigs(cloneUrlOf(url, token))
  expect(clone.git('fsck', '--strict')).toBe('')
  const results = await resultsOf(api, runId)
  const expectDevice = async ([name, id]: readonly [string, number]): Promise<void> => {
    const { results: versions } = await api.get<{ results: StoredVersion[] }>(
      `/backups/devices/${id}/versions/?limit=1000`,
    )
    const [newest] = versions
    if (newest === undefined) return
    expect(versions.map(({ version }) => version)).toEqual(
      versions.map((_, index) => versions.length - index),
    )
    for (const [index, { sha256 }] of versions.entries()) expect(sha256).not.toBe(versions[index + 1]?.sha256)
    const response = await fetch(`${url}/api/backups/devices/${id}/versions/latest/text/`, {
      headers: { authorization: `Token ${token}` },
    })
    expect(response.status).toBe(200)
    expect(readFileSync(join(clone.folder, newest.path), 'utf8')).toBe(await response.text())
    expect(results.get(name)?.version ?? 0).toBeLessThanOrEqual(newest.version)
  }
  await Promise.all([...ids].map(expectDevice))
  clone.remove()
}
