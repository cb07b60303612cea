import type { ObjectStore } from '../../objects.ts'
import { atMost } from '../../concurrency.ts'
import { keys } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'
import { diffConfigs, unifiedDiff } from '../diff.ts'
import { readResults } from '../progress.ts'
import { ConfigVersion } from '../records.ts'
import type { Run } from '../runs.ts'
import type { ChangedDevice, FailedDevice, RunMessage } from './message.ts'
import type { Concerned } from './select.ts'

type Stores = { table: Table; archive: ObjectStore }

/** A message stays readable, and below what mail relays and receivers of webhooks take. */
const devicesMax = 200
const diffCharactersMax = 16_000
const diffsCharactersMax = 200_000
const contextLines = 3
const diffsAtOnce = 8

/** Puts together what one subscriber is told. Failures come first: they are what somebody must act on. */
export async function composeMessage(
  stores: Stores,
  run: Run,
  told: { subscription: string; includeDiff: boolean; concerned: readonly Concerned[] },
): Promise<RunMessage> {
  const sorted = told.concerned.toSorted(
    (a, b) => Number(b.status === 'failed') - Number(a.status === 'failed') || a.name.localeCompare(b.name),
  )
  const shown = sorted.slice(0, devicesMax)
  const results = await readResults(
    stores.table,
    run.id,
    shown.map(({ deviceId }) => deviceId),
  )
  const failed = results.flatMap(({ status, deviceId, name, category, detail }): FailedDevice[] =>
    status === 'failed'
      ? [{ device: { id: deviceId, name }, category: category ?? 'internal', detail: detail ?? null }]
      : [],
  )
  const inTurn = atMost(diffsAtOnce)
  const changed = await Promise.all(
    results
      .filter(({ status }) => status === 'changed')
      .map(({ deviceId, name, sequence = 0 }) =>
        inTurn(() => describeChange(stores, { id: deviceId, name }, sequence, told.includeDiff)),
      ),
  )
  const { id, status, requested_by, started, finished } = run
  return {
    event: 'backup_run',
    subscription: told.subscription,
    run: { id, status, requested_by, started, finished },
    changed: withinBudget(changed),
    failed,
    left_out: sorted.length - results.length,
  }
}

async function describeChange(
  { table, archive }: Stores,
  device: { id: number; name: string },
  sequence: number,
  includeDiff: boolean,
): Promise<ChangedDevice> {
  const plain = { device, version: sequence, added: null, removed: null, diff: null, is_cut: false }
  if (!includeDiff || sequence <= 1) return plain
  const [before, after] = await table.getMany(ConfigVersion, [
    keys.configVersion(device.id, sequence - 1),
    keys.configVersion(device.id, sequence),
  ])
  if (before === undefined || after === undefined) return plain
  const [left, right] = await Promise.all([textOf(archive, before), textOf(archive, after)])
  // Retention may have taken the older one away meanwhile.
  if (left === undefined || right === undefined) return plain
  const { added, removed, rows } = diffConfigs({ text: left, volatile: [] }, { text: right, volatile: [] })
  const names = {
    left: `${before.path}\t${before.collectedAt}`,
    right: `${after.path}\t${after.collectedAt}`,
  }
  const diff = unifiedDiff(names, rows, contextLines)
  return {
    ...plain,
    added,
    removed,
    diff: diff.slice(0, diffCharactersMax),
    is_cut: diff.length > diffCharactersMax,
  }
}

async function textOf(archive: ObjectStore, { textKey }: ConfigVersion): Promise<string | undefined> {
  const text = await archive.get(textKey)
  return text === undefined ? undefined : new TextDecoder().decode(text)
}

/** Once the diffs together are long enough, the others are only counted. */
function withinBudget(changed: readonly ChangedDevice[]): ChangedDevice[] {
  let left = diffsCharactersMax
  return changed.map((one) => {
    left -= one.diff?.length ?? 0
    return left >= 0 || one.diff === null ? one : { ...one, diff: null, is_cut: true }
  })
}
