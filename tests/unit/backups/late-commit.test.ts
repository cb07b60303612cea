import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeStoppedRun } from '../../../shared/backups/runs/close-run.ts'
import type { Executions } from '../../../shared/executions.ts'
import { planRun } from '../../../shared/backups/runs/plan-run.ts'
import { RunCommit, textKeyOf } from '../../../shared/backups/records.ts'
import { advanceRun, createRun, noteRun, readRun, type Run } from '../../../shared/backups/runs/runs.ts'
import { sweepRuns } from '../../../shared/backups/runs/sweep-runs.ts'
import type { Engine } from '../../../shared/model/engine.ts'
import { createEngine } from '../../../shared/model/engine.ts'
import { registry } from '../../../shared/models.ts'
import { keys } from '../../../shared/table/keys.ts'
import { actor, seal } from '../../support/engine.ts'
import { git, startRepository, type TestRepository } from '../../support/git-repository.ts'

let repository: TestRepository
let engine: Engine
let stores: { engine: Engine; archive: TestRepository['stores']['objects']; now: () => Date }
const now = (): Date => new Date()
/** No execution is running: all of them are gone. */
const executions: Executions = {
  start: async () => {},
  stop: async () => {},
  isRunning: async () => false,
  arnOf: (name) => name,
}

beforeAll(async () => {
  repository = await startRepository()
  engine = createEngine({ table: repository.stores.table, registry, seal, now })
  stores = { engine, archive: repository.stores.objects, now }
})

afterAll(() => repository?.stop())

test('what a collector stores after its run was stopped is committed by the sweep', async () => {
  const { id } = await startedRun('one')
  await closeStoppedRun(stores, id, { status: 'cancelled', reason: 'Cancelled' })
  await storeVersion(id, 7)

  await sweepRuns({ ...stores, executions })

  const { commit, status } = await readRun(engine, id)
  expect(status).toBe('cancelled')
  expect(commit).toMatch(/^[0-9a-f]{40}$/)
  expect(await engine.table.get(RunCommit, keys.runCommit(id))).toEqual({ runId: id, commit })
})

test('a commit whose run was not told finds its id again', async () => {
  const { id } = await startedRun('two')
  await storeVersion(id, 8)
  await closeStoppedRun(stores, id, { status: 'interrupted', reason: 'gone' })
  const { commit } = await readRun(engine, id)
  await noteRun(engine, id, { commit: null })

  await closeStoppedRun(stores, id, { status: 'interrupted', reason: 'gone' })

  expect(await readRun(engine, id)).toMatchObject({ commit })
})

test.each([
  ['that has ended', 'one', 'run_finished', true],
  ['of another execution', 'another', 'run_taken', false],
])('a run %s is not planned again', async (_, execution, code, isEnded) => {
  const { id } = await startedRun('one')
  if (isEnded) await advanceRun(engine, id, () => ({ status: 'failed' }))

  const planning = planRun({ engine, work: repository.stores.objects, now }, id, execution)

  await expect(planning).rejects.toMatchObject({ code })
})

test('each author has a commit that git finds by the name; netkeep is the committer, and its own comes first', async () => {
  const { id } = await startedRun('three')
  await storeVersion(id, 21, 'alice')
  await storeVersion(id, 22, 'bob\u0007 <x>\n')
  await storeVersion(id, 23, 'alice')
  await storeVersion(id, 24)

  await closeStoppedRun(stores, id, { status: 'interrupted', reason: 'gone' })

  const { path } = await repository.clone()
  const log = (...args: string[]): Promise<string> =>
    git(path, 'log', `--grep=Run: ${id}`, '--format=%an|%ae|%cn', ...args)
  expect((await log()).split('\n')).toEqual([
    expect.stringMatching(/^bob +x\|bob +x +@noreply\|netkeep$/),
    'alice|alice@noreply|netkeep',
    'netkeep|netkeep@localhost|netkeep',
    '',
  ])
  expect(await log('--author=alice', '--name-only')).toMatch(/\n\nams\/sw21\.cfg\nams\/sw23\.cfg\n$/)
  expect(await git(path, 'fsck', '--strict', '--full')).not.toMatch(/error|warning/)
  expect((await readRun(engine, id)).commit).toBe((await git(path, 'rev-parse', 'HEAD')).trim())
})

async function startedRun(execution: string): Promise<Run> {
  const { id } = await createRun(engine, { target: {}, actor })
  return advanceRun(engine, id, () => ({ status: 'collecting', execution }))
}

/** As the collector does it. */
async function storeVersion(runId: number, deviceId: number, name?: string): Promise<void> {
  const textKey = textKeyOf(String(deviceId).padStart(64, '0'))
  await repository.stores.objects.put(textKey, `hostname sw${deviceId}\n`)
  const author = name === undefined ? {} : { author: { name, email: `${name}@noreply` } }
  const pending = { runId, deviceId, sequence: 1, path: `ams/sw${deviceId}.cfg`, textKey, ...author }
  await engine.table.write([
    { put: { ...keys.uncommitted(runId, deviceId), ...pending }, unconditionally: true },
  ])
}
