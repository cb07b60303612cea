import { createHash } from 'node:crypto'
import { commitRun } from '../../../shared/backups/versions/commit-run.ts'
import {
  textKeyOf,
  type BackupState,
  type ConfigVersion,
  type Uncommitted,
} from '../../../shared/backups/records.ts'
import { unindexedWrite } from '../../../shared/backups/search/shards.ts'
import { mapAhead } from '../../../shared/concurrency.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { createRows } from '../../../shared/model/records.ts'
import { transactionItemsMax } from '../../../shared/table/dynamo-table.ts'
import { keys } from '../../../shared/table/keys.ts'
import type { Write } from '../../../shared/table/table.ts'
import { actor } from '../../support/engine.ts'
import { makeGround } from '../../support/inventory.ts'
import type { StoredConfigs } from '../../support/stored-configs.ts'
import { pathOf, type Changed } from './network.ts'

const rowsAtOnce = 100
const textsAhead = 16
const people = [undefined, 'alice', 'bob'] as const

export type Stored = { ids: readonly number[]; states: Map<number, BackupState> }

export async function makeDevices({ engine }: StoredConfigs, count: number): Promise<Stored> {
  const { site, role, device_type } = await makeGround(engine)
  const ids: number[] = []
  for (let start = 0; start < count; start += rowsAtOnce) {
    const rows = Array.from({ length: Math.min(rowsAtOnce, count - start) }, (_, place) => ({
      site,
      role,
      device_type,
      name: `sw${start + place}`,
    }))
    ids.push(...(await createRows(engine, device, rows, { actor })).map(({ id }) => id))
  }
  return { ids, states: new Map() }
}

/**
 * What a run leaves: texts in the archive, versions in the table, commits by author. The collector's own part is left
 * out: no device is asked, nothing is redacted or sealed, no result is written.
 */
export async function storeRun(
  configs: StoredConfigs,
  stored: Stored,
  { run, at, changed }: { run: number; at: Date; changed: readonly Changed[] },
): Promise<void> {
  const { table, objects } = configs.repository.stores
  const writes: Write[] = []
  const versions = mapAhead(changed, textsAhead, async (one) => {
    const version = nextVersion(stored, { run, at, one })
    await objects.put(version.textKey, one.text)
    return { version, one }
  })
  for await (const { version, one } of versions) {
    const { deviceId, sequence, path, textKey } = version
    const by = people[one.author]
    const author = by === undefined ? {} : { author: { name: by, email: `${by}@noreply` } }
    writes.push({ put: { ...keys.configVersion(deviceId, sequence), ...version }, unconditionally: true })
    const pending: Uncommitted = { runId: run, deviceId, sequence, path, textKey, ...author }
    writes.push({ put: { ...keys.uncommitted(run, deviceId), ...pending }, unconditionally: true })
  }
  while (writes.length > 0) await table.write(writes.splice(0, transactionItemsMax))
  const unchanged = stored.ids.length - changed.length
  const counts = { changed: changed.length, unchanged, failed: 0, skipped: 0 }
  await commitRun({ table, archive: objects, now: () => at }, { id: run, requestedBy: 'bench', counts })
}

function nextVersion(
  stored: Stored,
  { run, at, one }: { run: number; at: Date; one: Changed },
): ConfigVersion {
  const deviceId = stored.ids[one.device] ?? 0
  const sha256 = createHash('sha256').update(one.text).digest('hex')
  const sequence = (stored.states.get(deviceId)?.sequence ?? 0) + 1
  const path = pathOf(one.device)
  const lines = one.text.split('\n').length - 1
  stored.states.set(deviceId, {
    deviceId,
    version: 1,
    sequence,
    sha256,
    lines,
    path,
    hostKeys: [],
    failuresInRow: 0,
    lastRunId: run,
  })
  return {
    deviceId,
    sequence,
    runId: run,
    collectedAt: at.toISOString(),
    sha256,
    bytes: Buffer.byteLength(one.text),
    lines,
    secrets: 0,
    deviceType: 'cisco_ios',
    path,
    textKey: textKeyOf(sha256),
    rawKey: 'left-out',
  }
}

/** What the search and `latest` go by, for all devices as they are now. */
export async function nameNewest(configs: StoredConfigs, { states }: Stored): Promise<void> {
  const writes = [...states.values()].flatMap((state): Write[] => [
    { put: { ...keys.backupState(state.deviceId), ...state }, unconditionally: true },
    unindexedWrite(state.deviceId, state.sequence),
  ])
  while (writes.length > 0) await configs.engine.table.write(writes.splice(0, transactionItemsMax))
}
