import { createCipheriv } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { commitFiles, type Change } from '../../../shared/git/commit.ts'
import { pushBranch, type Pushed, type PushRequest } from '../../../shared/git/push/push-branch.ts'
import { listPacks } from '../../../shared/git/repositories.ts'
import { settlePacks } from '../../../shared/git/settle.ts'
import { hasGitHttpBackend, startGitRemote, type GitRemote } from '../../support/git-remote.ts'
import { commitRequest, git, startRepository, type TestRepository } from '../../support/git-repository.ts'

const isStrictlyGood = /error|warning|missing|dangling|corrupt/

describe.skipIf(!hasGitHttpBackend())('a push to git’s own server (git http-backend)', () => {
  let repository: TestRepository
  let remote: GitRemote
  beforeEach(async () => {
    ;[repository, remote] = await Promise.all([startRepository(), startGitRemote()])
  })
  afterEach(() => Promise.all([repository.stop(), remote.stop()]))

  const push = (options: Partial<PushRequest> = {}): Promise<Pushed> =>
    pushBranch(repository.stores, {
      repository: 'configs',
      remote: { url: remote.url, ...remote.login, ca_certificate: '' },
      branch: 'main',
      hasTime: () => true,
      signal: AbortSignal.timeout(60_000),
      ...options,
    })

  const commitBy = (author: string, changes: Change[], message: string) =>
    commitFiles(repository.stores, {
      ...commitRequest(changes, message),
      author: { name: author, email: `${author}@example.net` },
      committer: { name: 'netkeep', email: 'netkeep@localhost' },
    })

  /** Files of several sites, changed, moved, removed and put back, by several people. */
  async function makeHistory(): Promise<void> {
    const base = [1, 2, 3].flatMap((site) =>
      [1, 2].map((device) => ({
        path: `site-${site}/sw${device}.cfg`,
        content: `hostname sw${device}\n${'interface\n'.repeat(50 * site)}`,
      })),
    )
    await repository.commit(base, 'First backup')
    await commitBy('alice', [{ path: 'site-1/sw1.cfg', content: 'changed by alice\n' }], 'Second')
    await commitBy('björn', [{ path: 'site-2/sw1.cfg', content: 'geändert\n' }], 'Drei: äöü')
    const moved = base[4]
    if (moved === undefined || !('content' in moved)) throw new Error('no file to move')
    await repository.commit(
      [
        { path: 'site-3/sw1.cfg', remove: true },
        { path: 'site-9/deep/sw1.cfg', content: moved.content },
      ],
      'A device moves',
    )
    await repository.commit([{ path: 'site-1/sw2.cfg', remove: true }], 'A device is gone')
    await repository.commit(base.slice(0, 2), 'Back to what it was')
  }

  async function expectSame(): Promise<void> {
    const { path } = await repository.clone()
    const format = ['log', '--format=%H %P %an <%ae> %cn %aI %T%n%B', 'main']
    expect(await remote.git(...format)).toBe(await git(path, ...format))
    expect(await remote.git('fsck', '--strict', '--full')).not.toMatch(isStrictlyGood)
  }

  test('what was never pushed goes whole; later only what is new; what is there already costs one question', async () => {
    await makeHistory()
    const first = await push()
    await expectSame()
    remote.takeRequests()
    await commitBy('carol', [{ path: 'site-1/sw1.cfg', content: 'once more\n' }], 'Later')
    const sent = await push()
    const again = await push()

    expect(first).toMatchObject({ commits: 6, isDone: true })
    expect(sent).toMatchObject({ commits: 1, isDone: true })
    expect(again).toEqual({ commit: sent.commit, commits: 0, isDone: true })
    expect(remote.takeRequests()).toEqual([
      'GET /backup.git/info/refs?service=git-receive-pack 200',
      'POST /backup.git/git-receive-pack 200',
      'GET /backup.git/info/refs?service=git-receive-pack 200',
    ])
    // The commit, two trees and a blob.
    expect(await remote.git('rev-list', '--objects', '--count', 'main~1..main')).toBe('4\n')
    await expectSame()
  })

  test('an empty history has nothing to push', async () => {
    expect(await push()).toEqual({ commits: 0, isDone: true })
    expect(await remote.git('for-each-ref')).toBe('')
  })

  test('a long history goes in steps: what was sent stays sent when time runs out, and the next push goes on', async () => {
    await makeHistory()
    const moved: string[] = []
    const stepMax = { commits: 2, objects: 1e9 }
    const first = await push({
      stepMax,
      hasTime: () => moved.length < 2,
      onMoved: async (commit) => {
        moved.push(commit)
      },
    })
    const behind = await remote.git('rev-list', '--count', 'main')
    const rest = await push({ stepMax })

    expect(first).toEqual({ commit: moved[1], commits: 4, isDone: false })
    expect(behind).toBe('4\n')
    expect(rest).toMatchObject({ commits: 2, isDone: true })
    await expectSame()
  })

  test('a pack that two commits have brought is found for the first of them alone', async () => {
    // Nothing in them deflates: two fill a pack, and it is the same one when the files come back.
    const large = (seed: number): Buffer =>
      createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(1_600_000))
    const files = [3, 5, 7, 11].map((seed) => ({ path: `big/${seed}.cfg`, content: large(seed) }))
    await repository.commit(files, 'First')
    await repository.commit(
      files.map(({ path }) => ({ path, content: 'small\n' })),
      'Changed',
    )
    await repository.commit(files, 'Rolled back')

    expect(await push({ stepMax: { commits: 1, objects: 1 } })).toMatchObject({ commits: 3, isDone: true })
    await expectSame()
  })

  test('a settled history, whose older versions are differences to newer ones, is pushed in any steps', async () => {
    const config = (lines: number, change: number): string =>
      Array.from(
        { length: lines },
        (_, line) => `interface ${line} ${line === change ? 'changed' : ''}\n`,
      ).join('')
    for (let run = 0; run < 30; run += 1) {
      const content = config(400, run)
      await repository.commit([{ path: `site/sw${run % 3}.cfg`, content }], `Run ${run}`)
      // A version comes back at another place.
      if (run % 7 === 0)
        await repository.commit([{ path: `other/sw${run % 3}.cfg`, content: config(400, run % 5) }])
    }
    const begun = await push({ stepMax: { commits: 4, objects: 1e9 }, hasTime: () => false })
    const settled = await settlePacks({ ...repository.stores, repository: 'configs' })
    const packs = await listPacks(repository.stores.table, 'configs')
    await repository.commit([{ path: 'site/sw1.cfg', content: 'after\n' }])
    const rest = await push({ stepMax: { commits: 3, objects: 1e9 } })
    const whole = await push({ branch: 'whole' })
    const one = await push({ branch: 'single', stepMax: { commits: 1, objects: 1 } })

    expect(settled.retired).toBeGreaterThan(20)
    expect(packs.some((pack) => pack.settled !== undefined)).toBe(true)
    expect(begun).toMatchObject({ commits: 4, isDone: false })
    expect([rest.commits, whole.commits, one.commits]).toEqual([32, 36, 36])
    await expectSame()
    const theirs = await remote.commitElsewhere()
    await expect(push()).rejects.toMatchObject({
      reason: 'diverged',
      message: expect.stringContaining(theirs),
    })
  })

  test('a branch with other commits is left as it is, and told', async () => {
    await makeHistory()
    const theirs = await remote.commitElsewhere()
    await expect(push()).rejects.toMatchObject({
      reason: 'diverged',
      message: expect.stringContaining(theirs),
    })
    expect(await remote.git('rev-parse', 'main')).toBe(`${theirs}\n`)

    // Another branch of the same repository is free.
    expect(await push({ branch: 'backup/netkeep' })).toMatchObject({ commits: 6 })
    const onTop = await remote.commitElsewhere('backup/netkeep')
    await expect(push({ branch: 'backup/netkeep' })).rejects.toMatchObject({ reason: 'diverged' })
    expect(await remote.git('rev-parse', 'backup/netkeep')).toBe(`${onTop}\n`)
  })

  test('many pushes at once end well, each, and the remote has the history once', async () => {
    await makeHistory()
    const stepMax = { commits: 2, objects: 1e9 }
    const done = await Promise.all(Array.from({ length: 6 }, () => push({ stepMax })))

    expect(done.every(({ isDone }) => isDone)).toBe(true)
    expect(done.reduce((sum, { commits }) => sum + commits, 0)).toBe(6)
    await expectSame()
  })

  test('a rule of the remote refuses in its own words, and nothing is tried again', async () => {
    await makeHistory()
    await remote.git('config', 'receive.denyDeletes', 'true')
    await remote.git('config', 'receive.maxInputSize', '100')
    await expect(push()).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/^the remote refuses the push: .*exceeds/),
    })
    expect(remote.takeRequests().filter((line) => line.startsWith('POST'))).toHaveLength(1)
  })

  test.each([
    { status: 403, reason: 'login_rejected' },
    { status: 404, reason: 'no_such_repository' },
    { status: 302, reason: 'not_git' },
    { status: 200, reason: 'not_git' },
    { status: 429, reason: 'unavailable' },
    { status: 503, reason: 'unavailable' },
    { status: 418, reason: 'refused' },
  ])('an answer of $status is told as $reason; afterwards it goes on', async ({ status, reason }) => {
    await repository.commit([{ path: 'a/b.cfg', content: 'x\n' }])
    remote.answerWith(status)
    await expect(push()).rejects.toMatchObject({ reason })
    remote.answerWith(null)
    expect(await push()).toMatchObject({ commits: 1 })
  })

  test('a wrong token is told as that, without the token; so is a server that is not there', async () => {
    const wrong = { url: remote.url, username: 'netkeep', token: 'Wrong-Token-9', ca_certificate: '' }
    const rejected = await push({ remote: wrong }).catch((error: unknown) => error)
    expect(rejected).toMatchObject({ reason: 'login_rejected' })
    expect(String(rejected)).not.toContain(wrong.token)
    await expect(push({ remote: { ...wrong, url: 'http://127.0.0.1:1/x.git' } })).rejects.toMatchObject({
      reason: 'unreachable',
    })
    await expect(push({ remote: { ...wrong, url: 'http://169.254.169.254/x.git' } })).rejects.toMatchObject({
      reason: 'refused',
    })
  })
})
