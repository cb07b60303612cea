import { compareConfigs } from '../../../shared/backups/versions/compare.ts'
import { readVersions } from '../../../shared/backups/device-records.ts'
import { listPacks } from '../../../shared/git/repositories.ts'
import type { StoredConfigs } from '../../support/stored-configs.ts'
import { measureCalls, quantile } from '../inventory/latency.ts'
import { secondsSince } from './plain-git.ts'

export type Packs = { packs: number; bytes: number }
export type Transfer = { seconds: number; requests: number; packs: number }
export type Answered = { name: string; count: number; p50: number; p99: number; reads: number; units: number }
/** What the table was asked since the last look. */
export type TableMeter = { take(): { reads: number; units: number } }

export async function listedPacks({ repository }: StoredConfigs): Promise<Packs> {
  const packs = await listPacks(repository.stores.table, 'configs')
  return { packs: packs.length, bytes: packs.reduce((sum, { bytes }) => sum + bytes, 0) }
}

/** By real git over HTTP. */
export async function measureTransfer<T>(
  { repository }: StoredConfigs,
  work: () => Promise<T>,
): Promise<Transfer & { value: T }> {
  repository.takeRequests()
  const startedMs = performance.now()
  const value = await work()
  const seconds = secondsSince(startedMs)
  const requests = repository.takeRequests()
  return {
    value,
    seconds,
    requests: requests.length,
    packs: requests.filter((one) => one.endsWith('.pack 200')).length,
  }
}

/** What people ask of the history, by the functions that the API calls. */
export async function measureQuestions(
  configs: StoredConfigs,
  meter: TableMeter,
  { ids, calls }: { ids: readonly number[]; calls: number },
): Promise<Answered[]> {
  const { engine } = configs
  const { table, objects: archive } = configs.repository.stores
  const idOf = (n: number): number => ids[(n * 37) % ids.length] ?? 0
  const answered: Answered[] = []
  const ask = async (name: string, count: number, call: (n: number) => Promise<unknown>): Promise<void> => {
    const warm = 3
    await measureCalls(call, { warm, count: 0 })
    meter.take()
    const taken = await measureCalls(call, { warm: 0, count })
    const { reads, units } = meter.take()
    const [p50, p99] = [quantile(taken, 0.5), quantile(taken, 0.99)]
    answered.push({ name, count, p50, p99, reads: reads / count, units: units / count })
  }
  await ask('all versions of a device', calls, (n) => readVersions(table, idOf(n)))
  await ask('the newest version beside the one before', calls, (n) => {
    const right = { device: idOf(n), version: 'latest' } as const
    const sides = { left: { device: right.device, version: 'previous' } as const, right }
    return compareConfigs({ engine, archive }, sides, { context: 3, volatile: false })
  })
  await ask('the first version beside the newest', calls, (n) => {
    const right = { device: idOf(n), version: 'latest' } as const
    const sides = { left: { device: right.device, version: 1 }, right }
    return compareConfigs({ engine, archive }, sides, { context: 3, volatile: false })
  })
  await ask('a text in all current configurations', Math.ceil(calls / 2), (n) =>
    configs.search({ q: `moved in run ${n % 300}` }),
  )
  await ask('a pattern in all current configurations', Math.ceil(calls / 4), (n) =>
    configs.search({ q: `permit tcp host 10\\.${n % 250}\\.\\d+\\.\\d+ any eq 22$`, regex: 'true' }),
  )
  return answered
}
