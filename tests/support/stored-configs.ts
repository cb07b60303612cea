import { renderConfig } from '../../shared/collect/render-config.ts'
import type { Outcome } from '../../shared/collect/outcome.ts'
import { openKeyring, type KeyService, type Opener } from '../../shared/backups/keyring.ts'
import { noiseOf } from '../../shared/backups/versions/noise.ts'
import { nameOfPatterns } from '../../shared/backups/versions/noise-rules.ts'
import { recordDevice } from '../../shared/backups/runs/record.ts'
import { BackupState } from '../../shared/backups/records.ts'
import { configSearchRoutes } from '../../shared/backups/search/routes.ts'
import { indexConfigs, type IndexStores } from '../../shared/backups/search/index-configs.ts'
import { searchConfigs } from '../../shared/backups/search/search-configs.ts'
import { shardReader, type ShardReader } from '../../shared/backups/search/shards.ts'
import { createEngine, type Engine } from '../../shared/model/engine.ts'
import { registry } from '../../shared/models.ts'
import { findPlatform } from '../../shared/platforms/platforms.ts'
import { keys } from '../../shared/table/keys.ts'
import { seal } from './engine.ts'
import { startRepository, type TestRepository } from './git-repository.ts'
import { keyServiceOf } from './key-service.ts'

export type StoredDevice = { id: number; name: string; deviceType?: string }
/** `noise`: patterns of the users' rules. */
type StoredRun = { runId: number; at?: Date; noise?: string[] }
export type SearchAnswer = Awaited<ReturnType<typeof searchConfigs>>

/** Table, archive and index, as the functions have them, without the functions. */
export type StoredConfigs = {
  repository: TestRepository
  engine: Engine
  stores: IndexStores
  keyring: Opener
  /** As the collector does it with what a device has shown. @returns `changed` or `unchanged`. */
  store(device: StoredDevice, raw: string, run?: StoredRun): Promise<string>
  index(): ReturnType<typeof indexConfigs>
  /** Parameters as they stand in an address. */
  search(query: Record<string, string | string[]>): Promise<SearchAnswer>
  stop(): Promise<void>
}

const cacheBytesMax = 512 * 1024 * 1024

export async function startStoredConfigs(
  now: () => Date = () => new Date(),
  {
    keyService = keyServiceOf(),
    ...options
  }: Parameters<typeof startRepository>[0] & { keyService?: KeyService } = {},
): Promise<StoredConfigs> {
  const repository = await startRepository(options)
  const { table, objects } = repository.stores
  const engine = createEngine({ table, registry, seal, now })
  const keyring = await openKeyring(table, keyService)
  const shards = shardReader({ table, work: objects }, cacheBytesMax)
  const stores = { engine, archive: objects, work: objects, now }
  return {
    repository,
    engine,
    stores,
    keyring,
    store: (device, raw, run) =>
      storeConfig(
        { stores, keyring },
        { device, raw, runId: run?.runId ?? 1, at: run?.at ?? now(), noise: run?.noise ?? [] },
      ),
    index: () => indexConfigs(stores),
    search: (query) => search({ stores, shards }, query),
    stop: () => repository.stop(),
  }
}

async function storeConfig(
  { stores, keyring }: { stores: IndexStores; keyring: Opener },
  { device, raw, runId, at, noise: patterns }: { device: StoredDevice; raw: string } & Required<StoredRun>,
): Promise<string> {
  const { id: deviceId, name, deviceType = 'cisco_ios' } = device
  const platform = findPlatform(deviceType)
  if (platform === undefined) throw new Error(`no platform ${deviceType}`)
  const { table } = stores.engine
  const item = {
    deviceId,
    name,
    host: name,
    port: 22,
    deviceType,
    path: `ams/${name}.cfg`,
    credentialIds: [1],
  }
  const outcome: Outcome = {
    ok: true,
    running: raw,
    serial: '',
    os: '',
    facts: {},
    factLines: {},
    hostKey: { type: 'ssh-ed25519', sha256: 'x'.repeat(43) },
    credentialId: 1,
    attempts: [{ credentialId: 1, accepted: true }],
    events: [],
    elapsedMs: 100,
  }
  const config = { ...renderConfig(platform, raw, keyring.redactionKey), raw }
  const state = await table.get(BackupState, keys.backupState(deviceId))
  const choice = patterns.length === 0 ? undefined : { ids: [1], rules: nameOfPatterns(patterns) }
  const noise = noiseOf(platform, choice, () => Promise.resolve(patterns))
  const recorded = await recordDevice(
    { table, archive: stores.archive, keyring, now: () => at, rows: stores.engine },
    { runId, pass: 1, item, outcome, config, noise },
    state,
    undefined,
  )
  return recorded.status
}

function search(
  { stores, shards }: { stores: IndexStores; shards: ShardReader },
  query: Record<string, string | string[]>,
): Promise<SearchAnswer> {
  return searchConfigs({ ...stores, shards }, configSearchRoutes.searchConfigs.query.parse(query))
}

/** Every page of a search, put together. */
export async function searchAll(
  configs: Pick<StoredConfigs, 'search'>,
  query: Record<string, string | string[]>,
): Promise<SearchAnswer['results']> {
  const results: SearchAnswer['results'] = []
  let after: string | null = null
  do {
    const page: SearchAnswer = await configs.search(after === null ? query : { ...query, after })
    results.push(...page.results)
    after = page.after
  } while (after !== null)
  return results
}
