import { afterAll, beforeAll, expect, test } from 'vitest'
import { messagesOf } from '../../../shared/backups/notify/compose.ts'
import type { Concerned } from '../../../shared/backups/notify/select.ts'
import { textKeyOf } from '../../../shared/backups/records.ts'
import { createRun, type Run } from '../../../shared/backups/runs/runs.ts'
import { keys, resultShards, shardOf } from '../../../shared/table/keys.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'

const deviceIds = [4097, 8194]
const texts = new Map<string, string>()
let reads: string[] = []
let started: TestEngine
let run: Run

const archive = {
  get: async (key: string) => {
    reads.push(key)
    const text = texts.get(key)
    return text === undefined ? undefined : new TextEncoder().encode(text)
  },
  put: () => Promise.reject(new Error('nothing is stored here')),
  exists: async (key: string) => texts.has(key),
  list: async function* () {},
  delete: () => Promise.reject(new Error('nothing is deleted here')),
}

beforeAll(async () => {
  started = await startEngine()
  run = await createRun(started.engine, { target: {}, actor })
  const put = (item: Record<string, unknown> & { pk: string; sk: string }) =>
    started.served.table.write([{ put: item, unconditionally: true }])
  for (const deviceId of deviceIds) {
    for (const sequence of [1, 2]) {
      const textKey = textKeyOf(`${sequence}${deviceId}`.padEnd(64, '0'))
      texts.set(textKey, `hostname sw${deviceId}\nversion ${sequence}\nend\n`)
      await put({
        ...keys.configVersion(deviceId, sequence),
        deviceId,
        sequence,
        runId: run.id,
        collectedAt: '2026-11-26T08:00:00.000Z',
        sha256: textKey,
        bytes: 1,
        lines: 3,
        secrets: 0,
        deviceType: 'cisco_ios',
        path: `ams/sw${deviceId}.cfg`,
        textKey,
        rawKey: 'raw/x',
      })
    }
    await put({
      ...keys.runResult(run.id, shardOf(deviceId, resultShards), deviceId),
      runId: run.id,
      deviceId,
      name: `sw${deviceId}`,
      pass: 1,
      status: 'changed',
      sequence: 2,
      attempts: [],
      finishedAt: '2026-11-26T08:00:00.000Z',
      elapsedMs: 1,
      events: [],
    })
  }
})
afterAll(() => started.stop())

const concerned: Concerned[] = deviceIds.map((deviceId) => ({
  deviceId,
  name: `sw${deviceId}`,
  status: 'changed',
  siteId: undefined,
  tagIds: [],
}))

test('what several subscribers are told of is read and compared once', async () => {
  const compose = messagesOf({ table: started.served.table, archive }, run)
  reads = []

  const [one, two] = await Promise.all(
    ['one', 'two'].map((subscription) => compose({ subscription, includeDiff: true, concerned })),
  )

  expect(reads).toHaveLength(4)
  expect(one?.changed).toEqual(two?.changed)
  expect(one?.changed[0]).toMatchObject({ version: 2, added: 1, removed: 1, is_cut: false })
  expect(one?.changed[0]?.diff).toContain('-version 1\n+version 2\n')
})

test('who wants no diffs gets none, and nothing is read for it', async () => {
  const compose = messagesOf({ table: started.served.table, archive }, run)
  reads = []

  const { changed } = await compose({ subscription: 'plain', includeDiff: false, concerned })

  expect(reads).toEqual([])
  expect(changed.map(({ version, diff, added }) => [version, diff, added])).toEqual([
    [2, null, null],
    [2, null, null],
  ])
})
