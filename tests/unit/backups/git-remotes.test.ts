import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSealer, sealText } from '../../../shared/backups/keyring.ts'
import { gitRemote } from '../../../shared/backups/models/git-remote.ts'
import { branchProblem, remoteProblems } from '../../../shared/backups/remotes/address.ts'
import { pushAfterRun, type PushRound } from '../../../shared/backups/remotes/push-after-run.ts'
import { pushJob } from '../../../shared/backups/remotes/push-job.ts'
import type { PushStores } from '../../../shared/backups/remotes/push-remote.ts'
import { readRemoteState } from '../../../shared/backups/remotes/remote-state.ts'
import { runPushJob } from '../../../shared/backups/remotes/run-push-job.ts'
import { RunLogLine } from '../../../shared/backups/records.ts'
import { createJob, readJob } from '../../../shared/core/jobs.ts'
import { createEngine, type Engine } from '../../../shared/model/engine.ts'
import { createRows, updateRows } from '../../../shared/model/records.ts'
import { registry } from '../../../shared/models.ts'
import { keys } from '../../../shared/table/keys.ts'
import { actor } from '../../support/engine.ts'
import { hasGitHttpBackend, startGitRemote, type GitRemote } from '../../support/git-remote.ts'
import { startRepository, type TestRepository } from '../../support/git-repository.ts'
import { keyServiceOf } from '../../support/key-service.ts'

describe('where a remote may be', () => {
  test.each([
    { remote_url: 'https://github.com/o/backup.git', has_token: true, problem: /^none$/ },
    { remote_url: 'http://127.0.0.1:3000/o/backup.git', has_token: true, problem: /^none$/ },
    { remote_url: 'http://[::1]:3000/backup.git', has_token: true, problem: /^none$/ },
    { remote_url: 'http://git.example.net/backup.git', has_token: false, problem: /^none$/ },
    {
      remote_url: 'http://git.example.net/backup.git',
      has_token: true,
      problem: /not sent without encryption/,
    },
    {
      remote_url: 'http://127.0.0.1.example.net/b.git',
      has_token: true,
      problem: /not sent without encryption/,
    },
    { remote_url: 'git@github.com:o/backup.git', has_token: true, problem: /begins with https/ },
    { remote_url: 'ssh://git@github.com/o/backup.git', has_token: true, problem: /begins with https/ },
    { remote_url: 'https://me:secret@github.com/o/b.git', has_token: false, problem: /seen by all/ },
    { remote_url: 'https://github.com/o/b.git?x=1', has_token: false, problem: /neither/ },
  ])('$remote_url', ({ problem, ...row }) => {
    const identity = { id: 1, version: 1, created: '', last_updated: '' }
    const [found] = remoteProblems({ ...identity, ...row })
    expect(found?.message ?? 'none').toMatch(problem)
  })

  test.each(['main', 'backup/netkeep', 'v1.2', 'größe'])('%s is a branch', (name) => {
    expect(branchProblem(name)).toBeUndefined()
  })
  test.each([
    '',
    'a b',
    'a..b',
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.lock',
    'a~1',
    'a\n',
    '-a',
    '@',
    'refs/heads/x',
    'a@{1}',
    'a.',
  ])('%j is none', (name) => {
    expect(branchProblem(name)).toBeDefined()
  })
})

describe.skipIf(!hasGitHttpBackend())('remotes of git’s own server (git http-backend)', () => {
  const keyService = keyServiceOf()
  const warnings: string[] = []
  const time = { hasTime: () => true, signal: AbortSignal.timeout(240_000) }
  let repository: TestRepository
  let good: GitRemote
  let other: GitRemote
  let engine: Engine
  let stores: PushStores
  let ids: number[]
  let runs = 100

  beforeAll(async () => {
    ;[repository, good, other] = await Promise.all([startRepository(), startGitRemote(), startGitRemote()])
    const { table, objects, now } = repository.stores
    const seal = async (text: string): Promise<string> => sealText(await openSealer(table, keyService), text)
    engine = createEngine({ table, registry, seal, now })
    stores = { engine, archive: objects, keyService, warn: (message) => warnings.push(message) }
    const rows = [
      { name: 'good', remote_url: good.url, ...good.login },
      { name: 'other', remote_url: other.url, ...other.login, branch: 'backup' },
      { name: 'off', remote_url: 'http://127.0.0.1:1/x.git', enabled: false },
    ]
    ids = (await createRows(engine, gitRemote, rows, { actor })).map(({ id }) => id)
  })
  afterAll(() => Promise.all([repository?.stop(), good?.stop(), other?.stop()]))
  beforeEach(async () => {
    runs += 1
    other.answerWith(null)
    await repository.commit([{ path: 'ams/sw1.cfg', content: `run ${runs}\n` }], `Run ${runs}`)
  })

  const push = (round: Partial<PushRound> = {}) =>
    pushAfterRun(stores, { runId: runs, round: 0, ...round }, time)
  const stateOf = (place: number) => readRemoteState(engine, ids[place] ?? 0)
  const logOf = async (run: number): Promise<string[]> => {
    const lines = await Array.fromAsync(engine.table.query(RunLogLine, { partition: keys.runLogs(run) }))
    return lines.map(({ level, message }) => `${level}: ${message}`)
  }

  test('each that is switched on gets the history, and what it has is noted', async () => {
    expect(await stateOf(0)).toMatchObject({ status: 'never', commit: null, pushed_at: null })
    const decrypted = keyService.decrypted

    expect(await push()).toEqual({ runId: runs, round: 0, next: 'done', waitSeconds: 0, remotes: [] })
    const state = await stateOf(0)
    expect(state).toEqual({
      status: 'current',
      commit: state.head,
      head: expect.stringMatching(/^[0-9a-f]{40}$/),
      pushed_at: expect.stringMatching(/^20/),
      attempted_at: expect.stringMatching(/^20/),
      failures: 0,
      error: null,
    })
    expect(await good.git('rev-parse', 'main')).toBe(`${state.head}\n`)
    expect(await other.git('rev-parse', 'backup')).toBe(`${state.head}\n`)
    expect(await stateOf(2)).toMatchObject({ status: 'never' })
    expect(await logOf(runs)).toEqual(['info: commits pushed: 1 to good, 1 to other'])
    expect(keyService.decrypted).toBeGreaterThan(decrypted)
  })

  test('one that is down is met again in longer and longer pauses, alone, and gets it all when it is up', async () => {
    other.answerWith(503)
    const waits: number[] = []
    let report = await push()
    for (; report.next === 'wait'; report = await push({ round: report.round, remotes: report.remotes }))
      waits.push(report.waitSeconds)

    expect(waits).toEqual([60, 240, 960])
    expect(report).toMatchObject({ next: 'done', remotes: [ids[1]] })
    expect(await stateOf(0)).toMatchObject({ status: 'current' })
    expect(await stateOf(1)).toMatchObject({
      status: 'failing',
      failures: 4,
      error: { reason: 'unavailable', message: 'the remote answers 503' },
    })
    expect((await logOf(runs))[0]).toBe(
      'warn: commits pushed: 1 to good; not pushed: other: unavailable: the remote answers 503',
    )
    other.answerWith(null)
    expect(await push()).toMatchObject({ next: 'done', remotes: [] })
    expect(await stateOf(1)).toMatchObject({ status: 'current', failures: 0, error: null })
  })

  test('what only people can mend is not tried again', async () => {
    other.answerWith(401)
    expect(await push()).toMatchObject({ next: 'done', remotes: [] })
    expect(await stateOf(1)).toMatchObject({
      status: 'failing',
      failures: 1,
      error: { reason: 'login_rejected' },
    })
  })

  test('where there was no time the rest is told to be left, at once and without a pause', async () => {
    const noTime = await pushAfterRun(stores, { runId: runs, round: 1 }, { ...time, hasTime: () => false })
    expect(noTime).toEqual({
      runId: runs,
      round: 1,
      next: 'again',
      waitSeconds: 0,
      remotes: [ids[0], ids[1]],
    })
    expect(await push({ round: 1, remotes: noTime.remotes })).toMatchObject({ next: 'done' })
    expect(await stateOf(0)).toMatchObject({ status: 'current' })
  })

  test('a fault of ours with one remote holds up no other, is told, and is tried again', async () => {
    const failing = { ...keyService, decrypt: () => Promise.reject(new Error('no such key')) }
    const [open] = await createRows(
      engine,
      gitRemote,
      [{ name: 'open', remote_url: 'http://127.0.0.1:1/x.git' }],
      {
        actor,
      },
    )
    const report = await pushAfterRun({ ...stores, keyService: failing }, { runId: runs, round: 0 }, time)
    await updateRows(engine, gitRemote, [{ id: open?.id ?? 0, values: { enabled: false } }], { actor })

    expect(report.next).toBe('wait')
    expect(await stateOf(0)).toMatchObject({ status: 'failing', error: { reason: 'internal' } })
    expect(await readRemoteState(engine, open?.id ?? 0)).toMatchObject({ error: { reason: 'unreachable' } })
    expect(warnings.length).toBeGreaterThan(0)
    expect(await push()).toMatchObject({ next: 'done', remotes: [] })
  })

  test('a remote that is given another place begins anew', async () => {
    await push()
    expect(await stateOf(1)).toMatchObject({ status: 'current' })
    await updateRows(engine, gitRemote, [{ id: ids[1] ?? 0, values: { branch: 'second' } }], { actor })
    expect(await stateOf(1)).toMatchObject({ status: 'never', commit: null })
    await push()
    expect(await other.git('rev-list', '--count', 'second')).toBe(
      await good.git('rev-list', '--count', 'main'),
    )
  })

  test('a push that is asked for is a job, which tells why it failed', async () => {
    const ask = async (place: number) => {
      const { id } = await createJob(engine, await pushJob(engine, ids[place] ?? 0, actor))
      expect(await runPushJob(stores, { jobId: id, execution: `e-${id}` }, time)).toBe(true)
      return readJob(engine, id)
    }
    const done = await ask(0)
    expect(done).toMatchObject({
      state: 'completed',
      kind: 'git_push',
      result: { commit: (await stateOf(0)).head },
    })
    expect(await ask(2)).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/^unreachable: .*ECONNREFUSED/),
    })
    await expect(pushJob(engine, 999, actor)).rejects.toMatchObject({ code: 'not_found' })
  })
})
