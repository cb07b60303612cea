import type { Opener } from '../../shared/backups/keyring.ts'
import { recordDevice } from '../../shared/backups/runs/record.ts'
import { BackupState, type RunResult } from '../../shared/backups/records.ts'
import type { Outcome } from '../../shared/collect/outcome.ts'
import type { Facts } from '../../shared/collect/facts.ts'
import { keys } from '../../shared/table/keys.ts'
import type { Table } from '../../shared/table/table.ts'
import { rowTools } from './engine.ts'

const objects = {
  get: async () => undefined,
  put: async () => undefined,
  exists: async () => false,
  async *list() {},
  delete: async () => undefined,
}

/** No configuration is stored: nothing is sealed. */
const keyring: Opener = {
  version: 1,
  seal: () => Promise.reject(new Error('sealed')),
  open: () => Promise.reject(new Error('opened')),
  redactionKey: new Uint8Array(),
}

export type ReadDevice = {
  deviceId: number
  facts: Facts
  /** When its session began. */
  at: string
  runId?: number
  deviceType?: string
  /** What was known of it when its batch began; what is known now where it is not given. */
  state?: BackupState | undefined
}

/** Records a device that said this of itself, as the collector does. */
export async function recordReading(table: Table, read: ReadDevice): Promise<RunResult> {
  const { deviceId, facts, at, runId = 1, deviceType = 'cisco_ios' } = read
  const factLines = Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, `${name}: ${value}`]),
  )
  const outcome: Outcome = {
    ok: true,
    running: '',
    facts,
    factLines,
    attempts: [],
    events: [{ at, level: 'info', message: 'connected' }],
    elapsedMs: 10,
  }
  const item = {
    deviceId,
    name: `d${deviceId}`,
    host: 'x',
    port: 22,
    deviceType,
    path: 'x.cfg',
    credentialIds: [],
  }
  const state = 'state' in read ? read.state : await table.get(BackupState, keys.backupState(deviceId))
  const stores = { table, archive: objects, keyring, now: () => new Date(), rows: rowTools() }
  return recordDevice(stores, { runId, pass: 1, item, outcome, config: undefined }, state, undefined)
}
