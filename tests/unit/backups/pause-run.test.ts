import { afterAll, beforeAll, expect, test } from 'vitest'
import { commitRunConfigs, reportRun } from '../../../shared/backups/runs/close-run.ts'
import { collectBatch } from '../../../shared/backups/runs/collect-batch.ts'
import { openSealer, sealText } from '../../../shared/backups/keyring.ts'
import { leavePass, pauseRun, resumeRun } from '../../../shared/backups/runs/pause-run.ts'
import { planRun } from '../../../shared/backups/runs/plan-run.ts'
import { runLogAfter } from '../../../shared/backups/runs/progress.ts'
import { isPaused, untilPaused } from '../../../shared/backups/runs/run-pause.ts'
import { isOpen } from '../../../shared/backups/runs/run-status.ts'
import { advanceRun, createRun, readRun } from '../../../shared/backups/runs/runs.ts'
import { cancelRun } from '../../../shared/backups/runs/start-run.ts'
import { sweepRuns } from '../../../shared/backups/runs/sweep-runs.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Executions } from '../../../shared/executions.ts'
import { createEngine, type Engine } from '../../../shared/model/engine.ts'
import { registry } from '../../../shared/models.ts'
import { keys } from '../../../shared/table/keys.ts'
import { actor, seal } from '../../support/engine.ts'
import { startRepository, type TestRepository } from '../../support/git-repository.ts'
import { keyServiceOf } from '../../support/key-service.ts'
import { login, startDevice } from '../../support/ssh-lab.ts'

let repository: TestRepository
let engine: Engine
const now = (): Date => new Date()

beforeAll(async () => {
  repository = await startRepository()
  engine = createEngine({ table: repository.stores.table, registry, seal, now })
})

afterAll(() => repository?.stop())

/** Executions as the workflow goes, of runs without devices; each name runs once, as Step Functions has it. */
function realExecutions(): Executions & { ends: string[]; all(): Promise<unknown> } {
  const started = new Map<string, Promise<void>>()
  const ends: string[] = []
  const work = { engine, work: repository.stores.objects, now }
  const go = async (arn: string, runId: number): Promise<void> => {
    for (;;) {
      const { pauses } = await planRun(work, runId, arn)
      const end = await leavePass(engine, runId, { execution: arn, pauses }, {})
      ends.push(end)
      if (end === 'left') return
      if (end === 'cut_short') continue
      await commitRunConfigs({ engine, archive: repository.stores.objects, now }, runId)
      await reportRun({ engine, now }, runId)
      return
    }
  }
  const isUsual = (error: unknown): boolean =>
    error instanceof AppError && ['run_taken', 'run_paused', 'run_finished'].includes(error.code)
  return {
    ends,
    all: () => Promise.all(started.values()),
    start: async (name, input) => {
      if (started.has(name)) return
      const { runId } = input as { runId: number }
      const going = go(`arn:${name}`, runId).catch((error: unknown) => {
        if (!isUsual(error)) throw error
      })
      started.set(name, going)
    },
    stop: async () => {},
    isRunning: async () => false,
    arnOf: (name) => `arn:${name}`,
  }
}

/** Nothing is started, and nothing runs. */
const idle: Executions = {
  start: async () => {},
  stop: async () => {},
  isRunning: async () => false,
  arnOf: (name) => `arn:${name}`,
}

test('runs that are paused and resumed by many at once, at any moment, end once and by one execution', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const executions = realExecutions()
      const stores = { engine, executions, now }
      const { id } = await createRun(engine, { target: {}, actor })
      await executions.start(`run-${id}`, { runId: id })
      const orEnded = (error: unknown): void => {
        if (!(error instanceof AppError) || !['run_finished', 'write_conflict'].includes(error.code))
          throw error
      }
      for (let round = 0; round < 3; round += 1)
        await Promise.all(
          Array.from({ length: 4 }, (__, caller) =>
            ((caller + index) % 2 === 0 ? pauseRun(stores, id, actor) : resumeRun(stores, id, actor)).catch(
              orEnded,
            ),
          ),
        )
      for (let found = await readRun(engine, id); isOpen(found.status); found = await readRun(engine, id)) {
        await resumeRun(stores, id, actor).catch(orEnded)
        await executions.all()
      }
      return {
        status: (await readRun(engine, id)).status,
        whole: executions.ends.filter((end) => end === 'whole'),
      }
    }),
  )

  for (const outcome of outcomes) expect(outcome).toEqual({ status: 'no_devices', whole: ['whole'] })
})

test('pausing and resuming twice says it once in the log, and counts one pause', async () => {
  const { id } = await runOf('arn:own')
  const stores = { engine, executions: idle, now }

  await Promise.all([pauseRun(stores, id, actor), pauseRun(stores, id, actor)])
  const isStill = await isPaused(engine.table, id)
  await Promise.all([resumeRun(stores, id, actor), resumeRun(stores, id, actor)])

  const { lines } = await runLogAfter(engine.table, id, undefined)
  expect(lines.map(({ message }) => message)).toEqual([
    `paused by ${actor.username}`,
    `resumed by ${actor.username}`,
  ])
  expect(isStill).toBe(true)
  expect(await isPaused(engine.table, id)).toBe(false)
  expect(await readRun(engine, id)).toMatchObject({ status: 'collecting', pauses: 1, execution: 'arn:own' })
})

test('a run that was paused and resumed within a pass has it planned anew, and no other execution ends it', async () => {
  const { id } = await runOf('arn:own')
  const stores = { engine, executions: idle, now }
  await pauseRun(stores, id, actor)
  await resumeRun(stores, id, actor)

  expect(await leavePass(engine, id, { execution: 'arn:own', pauses: 0 }, {})).toBe('cut_short')
  expect(await leavePass(engine, id, { execution: 'arn:own', pauses: 1 }, {})).toBe('whole')
  expect(await leavePass(engine, id, { execution: 'arn:other', pauses: 1 }, {})).toBe('left')
})

test('a run whose resuming does not start stays paused, and can be resumed under another name', async () => {
  const { id } = await runOf(null)
  const names: string[] = []
  const refusing: Executions = { ...idle, start: () => Promise.reject(new Error('no answer')) }
  const starting: Executions = { ...idle, start: async (name) => void names.push(name) }
  await pauseRun({ engine, now }, id, actor)

  const refused = resumeRun({ engine, executions: refusing, now }, id, actor)

  await expect(refused).rejects.toMatchObject({ code: 'unavailable' })
  expect(await readRun(engine, id)).toMatchObject({ status: 'paused', pauses: 2 })
  await resumeRun({ engine, executions: starting, now }, id, actor)
  expect(names).toEqual([`run-${id}-after-pause-2`])
})

test('the sweep leaves a paused run alone, and cancelling ends it without an execution', async () => {
  const { id } = await runOf(null)
  await pauseRun({ engine, now }, id, actor)
  const inAnHour = (): Date => new Date(Date.now() + 3_600_000)

  const closed = await sweepRuns({
    engine,
    archive: repository.stores.objects,
    executions: idle,
    now: inAnHour,
  })
  const cancelled = await cancelRun({ engine, executions: idle, now }, id, actor)

  expect(closed).not.toContain(id)
  expect(cancelled).toMatchObject({ status: 'cancelled', error: `Cancelled: cancelled by ${actor.username}` })
  const late = planRun({ engine, work: repository.stores.objects, now }, id, 'arn:late')
  await expect(late).rejects.toMatchObject({ code: 'run_finished' })
})

test('a batch of a paused run asks nobody, opens no secret and leaves nothing behind; resumed it asks everybody', async () => {
  const device = await startDevice()
  const { id } = await runOf('arn:own')
  const keyService = keyServiceOf()
  const { table, objects: archive } = repository.stores
  const password = await sealText(await openSealer(table, keyService), login.password)
  const credential = { ...keys.entity('backups.credential', 1), id: 1, username: login.username, password }
  await table.write([{ put: credential, unconditionally: true }])
  const { host, port, deviceType, name } = device
  const place = { deviceId: 7, path: 'ams/7.cfg', credentialIds: [1] }
  const batch = { runId: id, pass: 1, items: [{ host, port, deviceType, name, ...place }] }
  const stores = { table, archive, keyService, now, rows: engine }
  await pauseRun({ engine, now }, id, actor)

  const tally = await collectBatch(
    { ...stores, keyService: { ...keyService, decrypt: () => Promise.reject(new Error('opened')) } },
    batch,
  )
  const sessions = device.sessions
  await resumeRun({ engine, executions: idle, now }, id, actor)
  const after = await collectBatch(stores, batch)

  expect(tally).toMatchObject({ changed: 0, failed: 0, heads: [] })
  expect(sessions).toBe(0)
  expect(after).toMatchObject({ changed: 1 })
})

test('a device that waits for its login while the run is paused is given back; one that was logged in to is finished', async () => {
  let isNow = false
  const ends: string[] = []
  const gate = async () => ({ ok: true as const, end: async (end: string) => void ends.push(end) })
  const watch = async (): Promise<boolean> => isNow
  const waiting = untilPaused(watch, { gate })
  const begun = untilPaused(watch, { gate })
  const credential = { id: 1, ...login }
  await begun.gate(credential)
  isNow = true

  const passes = [await waiting.gate(credential), await begun.gate(credential)]

  expect(passes.map(({ ok }) => ok)).toEqual([false, true])
  expect(await Promise.all([waiting.isGivenBack(), begun.isGivenBack()])).toEqual([true, false])
  // The slot of the one that was given back was not spent.
  expect(ends).toEqual(['unused'])
})

async function runOf(execution: string | null): Promise<{ id: number }> {
  const { id } = await createRun(engine, { target: {}, actor })
  return advanceRun(engine, id, () => (execution === null ? {} : { status: 'collecting', execution }))
}
