import { randomBytes } from 'node:crypto'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildPack, packBytesMax, packObject } from '../../../shared/git/pack-format.ts'
import { listPacks } from '../../../shared/git/repositories.ts'
import { serveGit } from '../../../shared/git/serve.ts'
import { git, startRepository, type TestRepository } from '../../support/git-repository.ts'

let repository: TestRepository
beforeEach(async () => {
  repository = await startRepository()
})
afterEach(() => repository.stop())

/** Lambda's answer is JSON of at most 6 MB, with the body as base64. */
const lambdaAnswerBytesMax = 6 * 1024 * 1024

test.each([0, 1, 15, 16, 2047, 2048, 70_000, 3_000_000])(
  'git makes the same index for a pack with a blob of %i bytes',
  async (length) => {
    const blob = await packObject('blob', Buffer.alloc(length, 'interface Ethernet1\n'))
    const others = await Promise.all(['a', 'b', 'c'].map((text) => packObject('blob', Buffer.from(text))))
    const { name, pack, index } = buildPack([blob, ...others])
    await writeFile(join(repository.folder, `pack-${name}.pack`), pack)

    await git(repository.folder, 'index-pack', '--strict', `pack-${name}.pack`)

    expect((await readFile(join(repository.folder, `pack-${name}.idx`))).equals(index)).toBe(true)
  },
)

test('a large commit is many packs, each answered within Lambda’s limit, and clones whole', async () => {
  const changes = Array.from({ length: 240 }, (_, device) => ({
    path: `site-${device % 7}/sw${device}.cfg`,
    content: randomBytes(100_000).toString('base64'),
  }))
  await repository.commit(changes)
  const { path } = await repository.clone()

  const packs = await listPacks(repository.stores.table, 'configs')
  const answers = await Promise.all(
    packs.flatMap(({ pack }) =>
      ['pack', 'idx'].map((kind) =>
        serveGit(repository.stores, {
          method: 'GET',
          path: `configs/objects/pack/pack-${pack}.${kind}`,
          query: {},
        }),
      ),
    ),
  )
  expect(packs.length).toBeGreaterThan(5)
  for (const { body } of answers) {
    expect(Buffer.from(body).toString('base64').length + 2000).toBeLessThan(lambdaAnswerBytesMax)
  }
  expect(await git(path, 'fsck', '--strict', '--full')).not.toMatch(/error|warning|missing|dangling/)
  expect(await git(path, 'status', '--porcelain')).toBe('')
})

test('a file too large for a pack is named, keeps its last version, and the others are committed', async () => {
  await repository.commit([{ path: 'a/huge.cfg', content: 'small\n' }])
  const done = await repository.commit([
    { path: 'a/huge.cfg', content: randomBytes(packBytesMax) },
    { path: 'a/long.cfg', content: 'interface Ethernet1\n'.repeat(1_000_000) },
  ])
  const { path } = await repository.clone()

  expect(done).toMatchObject({ files: 1, tooLarge: ['a/huge.cfg'] })
  expect(await git(path, 'show', 'HEAD:a/huge.cfg')).toBe('small\n')
  expect(await git(path, 'show', '--numstat', '--format=', 'HEAD')).toBe('1000000\t0\ta/long.cfg\n')
})

test('one configuration on many devices is stored once', async () => {
  const paths = Array.from({ length: 50 }, (_, device) => `a/sw${device}.cfg`)
  await repository.commit(paths.map((path) => ({ path, content: 'the same\n' })))

  const packs = await listPacks(repository.stores.table, 'configs')

  expect(packs).toEqual([expect.objectContaining({ objects: 4 })])
})

test('git resumes a broken download of a pack', async () => {
  await repository.commit([{ path: 'a/sw1.cfg', content: 'one\n' }])
  const { path } = await repository.clone()
  const { commit } = await repository.commit([
    { path: 'a/sw1.cfg', content: randomBytes(50_000).toString('hex') },
  ])
  const [newest] = await listPacks(repository.stores.table, 'configs')
  const stored = await readFile(
    join(repository.folder, `objects/git/configs/packs/pack-${newest?.pack}-${newest?.copy}.pack`),
  )
  const partial = join(path, `.git/objects/pack/pack-${newest?.pack}.pack.temp`)
  await writeFile(partial, stored)
  await truncate(partial, 20_000)
  repository.takeRequests()

  await git(path, 'pull', '--ff-only')

  const packs = repository.takeRequests().filter((request) => request.includes('.pack '))
  expect(packs).toEqual([expect.stringMatching(/\.pack 206$/)])
  expect(await git(path, 'rev-parse', 'HEAD')).toBe(`${commit}\n`)
})

test.each([
  ['bytes=4-', 206, 4],
  ['bytes=99999999-', 416, Infinity],
  ['bytes=0-3', 200, 0],
  ['lines=4-', 200, 0],
])('a range of %s is answered with %i and the bytes from %d on', async (range, status, from) => {
  await repository.commit([{ path: 'a/sw1.cfg', content: 'one\n' }])
  const [pack] = await listPacks(repository.stores.table, 'configs')
  const path = `configs.git/objects/pack/pack-${pack?.pack}.pack`

  const whole = await serveGit(repository.stores, { method: 'GET', path, query: {} })
  const part = await serveGit(repository.stores, { method: 'GET', path, query: {}, range })

  expect(part.status).toBe(status)
  expect(Buffer.from(part.body)).toEqual(Buffer.from(whole.body).subarray(from))
})

test('packs may be cached for ever by their reader alone, refs never', async () => {
  await repository.commit([{ path: 'a/sw1.cfg', content: 'one\n' }])
  const [pack] = await listPacks(repository.stores.table, 'configs')
  const headersOf = async (file: string): Promise<string | undefined> =>
    (await serveGit(repository.stores, { method: 'HEAD', path: `configs.git/${file}`, query: {} })).headers[
      'cache-control'
    ]

  expect(await headersOf(`objects/pack/pack-${pack?.pack}.pack`)).toBe('private, max-age=31536000, immutable')
  expect(await headersOf('info/refs')).toBe('no-cache')
})

test.each([
  ['GET', 'configs.git/objects/info/http-alternates', {}, 404],
  ['GET', 'configs.git/objects/info/alternates', {}, 404],
  ['GET', `configs.git/objects/ab/${'0'.repeat(38)}`, {}, 404],
  ['GET', `configs.git/objects/pack/pack-${'0'.repeat(40)}.pack`, {}, 404],
  ['GET', 'configs.git/objects/pack/../../trees/x', {}, 404],
  ['GET', 'configs.git/config', {}, 404],
  ['GET', 'constructor.git/HEAD', {}, 404],
  ['GET', 'configs.git', {}, 404],
  ['GET', 'configs.git/info/refs', { service: 'git-receive-pack' }, 403],
  ['POST', 'configs.git/git-receive-pack', {}, 403],
  ['POST', 'configs.git/git-upload-pack', {}, 403],
  ['PUT', 'configs.git/HEAD', {}, 403],
  ['HEAD', 'configs.git/HEAD', {}, 200],
])('%s %s %j is answered with %i', async (method, path, query, status) => {
  const response = await serveGit(repository.stores, { method, path, query })

  expect(response.status).toBe(status)
})
