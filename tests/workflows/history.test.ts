import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Lab } from '../../local/lab/lab.ts'
import { backUp, labOf, loadDevices, placeLab } from '../support/backups.ts'
import { foreignHistory, iosConfig, oxidizedHead, rancidHead } from '../support/foreign-history.ts'
import { endOfJob, type JobShown } from '../support/imports.ts'
import { startProduct, type Product } from '../support/product.ts'

type Version = {
  version: number
  collected: string
  run: number | null
  sha256: string
  secrets: number
  author: { name: string; email: string } | null
  imported: { job: number; commit: string; path: string } | null
}
type HistoryJob = Omit<JobShown, 'result'> & { result: Record<string, unknown> }

let product: Product
let lab: Lab
let ids: Map<string, number>

/** Devices that nobody answers for: they are in the inventory only. */
const silent = (name: string, driver = 'cisco_ios') => ({ name, driver, host: '127.0.0.1', port: 9 })

beforeAll(async () => {
  ;[product, lab] = await Promise.all([startProduct(), labOf([{ name: 'sw1' }])])
  const placed = [...placeLab(lab), silent('sw2'), silent('sw3.example.net'), silent('twice')]
  ids = await loadDevices(product.api, placed)
  await backUp(product.api, { devices: [ids.get('sw1')] })
}, 240_000)
afterAll(async () => {
  await Promise.all([product?.stop(), lab?.stop()])
})

async function importBundle(bytes: Uint8Array, body: Record<string, unknown> = {}): Promise<HistoryJob> {
  const job = await product.api.post<JobShown>('/backups/history-imports/', { ...body, bytes: bytes.length })
  const sent = await fetch(job.upload?.link ?? '', { method: 'PUT', body: Buffer.from(bytes) })
  expect(sent.status).toBe(200)
  return endOf(job.id)
}

const endOf = async (id: number): Promise<HistoryJob> =>
  (await endOfJob(product.api, id)) as unknown as HistoryJob

const versionsOf = async (name: string): Promise<Version[]> =>
  (await product.api.get<{ results: Version[] }>(`/backups/devices/${ids.get(name)}/versions/`)).results

const getText = async (path: string): Promise<string> => {
  const headers = { authorization: `Token ${product.token}` }
  return (await fetch(`${product.runtime.url}/api${path}`, { headers })).text()
}

const at = (day: number): string => `2025-03-${String(day).padStart(2, '0')}T05:00:00Z`

/** Groups as folders, a move, a deletion, two authors, a merge of two sides, a file that stands there twice. */
function oxidized() {
  const history = foreignHistory()
  const head = oxidizedHead('flash:/c2960-12.bin')
  history.commit(
    {
      'old/sw1': head + iosConfig('sw1', 3),
      'old/sw2': head + iosConfig('sw2', 3),
      'ams/twice': iosConfig('twice', 1),
      'fra/twice': iosConfig('twice', 2),
      '.gitignore': '*.tmp\n',
    },
    { at: at(1) },
  )
  history.commit({ 'old/sw1': head + iosConfig('sw1', 4) }, { at: at(2), author: 'asa <asa@example.net>' })
  // Only what Oxidized wrote above it is another: no version.
  history.commit({ 'old/sw1': oxidizedHead('flash:/c2960-15.bin') + iosConfig('sw1', 4) }, { at: at(3) })
  history.commit({ 'old/sw1': undefined, 'ams/sw1': head + iosConfig('sw1', 4) }, { at: at(4) })
  history.git('checkout', '-q', '-b', 'side')
  history.commit({ 'old/sw2': head + iosConfig('sw2', 5) }, { at: at(5) })
  history.git('checkout', '-q', 'master')
  history.commit({ 'ams/sw1': head + iosConfig('sw1', 4, 'Swordfish-2') }, { at: at(6) })
  history.git('merge', '-q', '--no-ff', '-m', 'merge', 'side')
  history.commit({ 'old/sw2': undefined, 'lab/unknown': 'x\n' }, { at: at(8) })
  return history
}

test('a history of Oxidized becomes old versions, first told and then stored, once', async () => {
  const history = oxidized()
  const bytes = history.bundle()
  history.remove()

  const told = await importBundle(bytes)
  const before = await versionsOf('sw1')
  const { id } = await product.api.post<JobShown>('/backups/history-imports/', {
    from_job: told.id,
    dry_run: false,
  })
  const job = await endOf(id)

  const counts = { branch: 'master', devices: 3, found: 5, versions: 5, secrets: 5, unmatched: 2 }
  expect(told).toMatchObject({ state: { value: 'completed' }, result: { dry_run: true, ...counts } })
  expect(before.map(({ version }) => version)).toEqual([1])
  expect(job).toMatchObject({ state: { value: 'completed' }, result: { dry_run: false, ...counts } })
  expect(job.result).toMatchObject({
    first: '2025-03-01T05:00:00.000Z',
    last: '2025-03-06T05:00:00.000Z',
    unmatched_paths: ['.gitignore', 'lab/unknown'],
  })
  const after = await versionsOf('sw1')
  expect(after.map(({ version, collected }) => [version, collected.slice(0, 10)])).toEqual([
    [1, before[0]?.collected.slice(0, 10)],
    [-1, '2025-03-06'],
    [-2, '2025-03-02'],
    [-3, '2025-03-01'],
  ])
  expect(after[2]).toMatchObject({
    run: null,
    secrets: 1,
    author: { name: 'asa', email: 'asa@example.net' },
    imported: { job: id, path: 'old/sw1' },
  })
  expect((await versionsOf('sw2')).map(({ version }) => version)).toEqual([-1, -2])
  expect(await versionsOf('twice')).toEqual([])
  const report = await getText(`/core/jobs/${id}/files/history-1.csv/`)
  expect(report).toContain(`"twice","ams/twice fra/twice",0,0,,,0,several_files`)
  expect(report).toContain(`"sw1","old/sw1 ams/sw1",3,3,2025-03-01T05:00:00.000Z,2025-03-06T05:00:00.000Z,3,`)

  const again = await importBundle(bytes, { dry_run: false })
  expect(again).toMatchObject({ state: { value: 'completed' }, result: { found: 5, versions: 0 } })
  expect(await versionsOf('sw1')).toEqual(after)
}, 180_000)

test('imported versions are read, compared and searched as collected ones are, without their secrets', async () => {
  const sw1 = ids.get('sw1')
  const device = `/backups/devices/${sw1}/versions`
  const [newest, older, collected] = [
    await getText(`${device}/-1/text/`),
    await getText(`${device}/-2/text/`),
    await getText(`${device}/1/text/`),
  ]
  type Diff = { left: { version: number }; unified: string }
  const diff = await product.api.get<Diff>(`/backups/diff/?right_device=${sw1}&right_version=-1`)
  const first = await product.api.get<Diff>(`/backups/diff/?right_device=${sw1}&right_version=1`)
  const search = `/backups/search/?q=office-13&history=true&device_id=${sw1}&limit=1`
  type Found = { results: { version: number }[]; after: string }
  const found = await product.api.get<Found>(search)
  const next = await product.api.get<Found>(`${search}&after=${found.after}`)

  expect(newest).toMatch(/^!\nversion 15\.2\nhostname sw1\nenable secret 5 <secret:[0-9a-f]{8}>\n/)
  expect(newest).not.toContain('Swordfish')
  expect(collected).toContain('hostname sw1')
  expect(older.replace(/<secret:\w+>/, '')).toBe(newest.replace(/<secret:\w+>/, ''))
  expect(diff.left.version).toBe(-2)
  expect(diff.unified.match(/^[+-] ?enable secret 5 <secret:/gm)).toHaveLength(2)
  expect(first.left.version).toBe(-1)
  expect([found.results, next.results].flat().map(({ version }) => version)).toEqual([-1, -2])
  expect(await getText(`/backups/devices/${ids.get('sw2')}/versions/latest/text/`)).toContain('office-14')
})

test('a history of RANCID is matched by a name without its domain, and by what is said of a path', async () => {
  const history = foreignHistory()
  const by = { author: 'rancid <rancid@example.net>' }
  history.commit(
    {
      'ams/configs/sw3': rancidHead('flash:/a.bin') + iosConfig('sw3', 2),
      'ams/configs/oldname': rancidHead('flash:/a.bin') + iosConfig('twice', 1),
      'ams/router.db': 'sw3;cisco;up\n',
    },
    { at: at(1), ...by },
  )
  history.commit(
    { 'ams/configs/sw3': rancidHead('flash:/b.bin') + iosConfig('sw3', 4) },
    { at: at(2), ...by },
  )
  const bytes = history.bundle()
  history.remove()
  const paths = { 'ams/configs/oldname': ids.get('twice'), 'ams/router.db': null }

  const job = await importBundle(bytes, { dry_run: false, paths })

  expect(job).toMatchObject({ state: { value: 'completed' }, result: { devices: 2, versions: 3 } })
  expect((await versionsOf('sw3.example.net')).map(({ version, author }) => [version, author?.name])).toEqual(
    [
      [-1, 'rancid'],
      [-2, 'rancid'],
    ],
  )
  expect((await versionsOf('twice')).map(({ imported }) => imported?.path)).toEqual(['ams/configs/oldname'])
  expect(await getText(`/backups/devices/${ids.get('twice')}/versions/-1/text/`)).toMatch(/^!\nversion 15/)
  expect(await getText(`/core/jobs/${job.id}/files/unmatched.csv/`)).toBe(
    'path,reason,changes\n"ams/router.db",left_out,1\n',
  )
}, 120_000)

test('a file that is no bundle ends the job with what is wrong, and nothing is tried again', async () => {
  const job = await importBundle(Buffer.from('name,site\n'), { dry_run: false })

  expect(job).toMatchObject({ state: { value: 'failed' }, attempts: 1 })
  expect(job.error).toContain('not a git bundle')
})
