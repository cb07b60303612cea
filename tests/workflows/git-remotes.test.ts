import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backUp, login, type Run } from '../support/backups.ts'
import { startFleet, type Fleet } from '../support/fleet.ts'
import { hasGitHttpBackend, startGitRemote, type GitRemote } from '../support/git-remote.ts'
import { endOfJob, type JobShown } from '../support/imports.ts'
import { until } from '../support/product.ts'

type State = { status: string; commit: string | null; head: string; error: { reason: string } | null }

describe.skipIf(!hasGitHttpBackend())('a git remote (git http-backend)', () => {
  let fleet: Fleet
  let remote: GitRemote
  let ids: number[]
  let run: Run

  beforeAll(async () => {
    ;[fleet, remote] = await Promise.all([startFleet(3), startGitRemote()])
    const { api } = fleet.product
    const created = await api.post<{ id: number }[]>('/backups/git-remotes/', [
      { name: 'gitea', remote_url: remote.url, ...remote.login },
      { name: 'wrong', remote_url: remote.url, branch: 'other', username: 'netkeep', token: 'Wrong-Token-9' },
    ])
    ids = created.map(({ id }) => id)
    run = await backUp(api)
  })
  afterAll(() => Promise.all([fleet?.product.stop(), fleet?.lab.stop(), remote?.stop()]))

  const stateOf = (place: number): Promise<State> =>
    fleet.product.api.get<State>(`/backups/git-remotes/${ids[place]}/state/`)

  test('a run pushes what it has committed, and is none the worse for a remote that refuses', async () => {
    const state = await until('the push', async () => {
      const state = await stateOf(0)
      return state.status === 'current' ? state : undefined
    })
    const wrong = await until('the refusal', async () => {
      const state = await stateOf(1)
      return state.status === 'failing' ? state : undefined
    })

    expect(run).toMatchObject({ status: { value: 'success' }, changed: 3, commit: state.commit })
    expect(wrong).toMatchObject({ commit: null, error: { reason: 'login_rejected' } })
    expect(await remote.git('rev-parse', 'main')).toBe(`${run.commit}\n`)
    expect(await remote.git('ls-tree', '-r', '--name-only', 'main')).toContain('ams/sw00.cfg')
    expect(await remote.git('fsck', '--strict')).toBe('')
    // It comes after what is noted of each.
    const log = await until('the line in the log of the run', async () => {
      const { lines } = await fleet.product.api.get<{ lines: { message: string }[] }>(
        `/backups/runs/${run.id}/log/`,
      )
      return lines.some(({ message }) => message.includes('pushed')) ? lines : undefined
    })
    const text = JSON.stringify([log, wrong])
    expect(text).toContain('commits pushed: 1 to gitea; not pushed: wrong: login_rejected')
    for (const secret of [remote.login.token, 'Wrong-Token-9', login.password])
      expect(text).not.toContain(secret)
  })

  test('a push is asked for as a job, whose end tells what came of it', async () => {
    const { api } = fleet.product
    const { head: commit } = await stateOf(0)
    const asked = await Promise.all(
      [0, 1].map((place) => api.post<JobShown>(`/backups/git-remotes/${ids[place]}/push/`, {})),
    )
    const [pushed, refused] = await Promise.all(asked.map(({ id }) => endOfJob(api, id)))

    expect(pushed).toMatchObject({ state: { value: 'completed' }, result: { commit } })
    expect(refused).toMatchObject({ state: { value: 'failed' } })
    expect(JSON.stringify(refused)).toContain('login_rejected')
  })
})
