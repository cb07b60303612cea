import type { ObjectStore } from '../../objects.ts'
import { atMost } from '../../concurrency.ts'
import { keys } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'
import { diffConfigs, unifiedDiff } from '../versions/diff.ts'
import { readResults } from '../runs/progress.ts'
import { ConfigVersion, isSignificant } from '../records.ts'
import type { Run } from '../runs/runs.ts'
import type {
  ChangedDevice,
  ConflictingDevice,
  FailedDevice,
  NoncompliantDevice,
  RunMessage,
} from './message.ts'
import type { Concerned } from './select.ts'

type Stores = { table: Table; archive: ObjectStore }

/** A message stays readable, and below what mail relays and receivers of webhooks take. */
const devicesMax = 200
const diffCharactersMax = 16_000
const diffsCharactersMax = 200_000
const contextLines = 3
const diffsAtOnce = 8

/** The same for all subscribers. */
type PlainChange = Omit<ChangedDevice, 'significant'>

export type Told = { subscription: string; includeDiff: boolean; concerned: readonly Concerned[] }

/** Puts messages together, one for each subscriber of a run: what several are told of is compared once. */
export function messagesOf(stores: Stores, run: Run): (told: Told) => Promise<RunMessage> {
  const known = new Map<number, Promise<PlainChange>>()
  const inTurn = atMost(diffsAtOnce)
  const changeOf = (device: { id: number; name: string }, sequence: number): Promise<PlainChange> => {
    const change = known.get(device.id) ?? inTurn(() => describeChange(stores, device, sequence))
    known.set(device.id, change)
    return change
  }
  return (told) => composeMessage(stores.table, run, told, changeOf)
}

/** Failures come first: they are what somebody must act on. */
async function composeMessage(
  table: Table,
  run: Run,
  { subscription, includeDiff, concerned }: Told,
  changeOf: (device: { id: number; name: string }, sequence: number) => Promise<PlainChange>,
): Promise<RunMessage> {
  const sorted = concerned.toSorted(
    (a, b) => urgency[a.status] - urgency[b.status] || a.name.localeCompare(b.name),
  )
  const told = sorted.slice(0, devicesMax)
  // The others are told from what they are here with.
  const ofResults = told.filter(({ status }) => status === 'changed' || status === 'failed')
  const results = await readResults(
    table,
    run.id,
    ofResults.map(({ deviceId }) => deviceId),
  )
  const failed = results.flatMap(({ status, deviceId, name, category, detail }): FailedDevice[] =>
    status === 'failed'
      ? [{ device: { id: deviceId, name }, category: category ?? 'internal', detail: detail ?? null }]
      : [],
  )
  const changed = await Promise.all(
    results
      .filter(({ status }) => status === 'changed')
      .map(async (result) => {
        const { deviceId, name, sequence = 0 } = result
        const device = { id: deviceId, name }
        const change = includeDiff ? await changeOf(device, sequence) : plainChange(device, sequence)
        return { ...change, significant: isSignificant(result) }
      }),
  )
  const { id, status, requested_by, started, finished } = run
  return {
    event: 'backup_run',
    subscription,
    run: { id, status, requested_by, started, finished },
    changed: withinBudget(changed),
    failed,
    noncompliant: told.flatMap(describeFailures),
    conflicts: told.flatMap(describeConflicts),
    left_out: sorted.length - told.length + ofResults.length - results.length,
  }
}

const urgency = {
  failed: 0,
  noncompliant: 1,
  conflicting: 2,
  changed: 3,
  unchanged: 4,
  skipped: 5,
} as const

function describeFailures({ deviceId, name, rules }: Concerned): NoncompliantDevice[] {
  if (rules === undefined) return []
  const shown = rules.map(({ rule, name: ruleName, severity, number, text, missing }) => ({
    rule: { id: rule, name: ruleName, severity },
    number,
    text,
    missing,
  }))
  return [{ device: { id: deviceId, name }, rules: shown }]
}

const describeConflicts = ({ deviceId, name, conflicts }: Concerned): ConflictingDevice[] =>
  conflicts === undefined ? [] : [{ device: { id: deviceId, name }, fields: [...conflicts] }]

const plainChange = (device: { id: number; name: string }, version: number): PlainChange => ({
  device,
  version,
  added: null,
  removed: null,
  diff: null,
  is_cut: false,
})

async function describeChange(
  { table, archive }: Stores,
  device: { id: number; name: string },
  sequence: number,
): Promise<PlainChange> {
  const plain = plainChange(device, sequence)
  if (sequence <= 1) return plain
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
