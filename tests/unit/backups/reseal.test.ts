import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import {
  openKeyring,
  openSealer,
  openText,
  sealText,
  versionOfText,
} from '../../../shared/backups/keyring.ts'
import { credential } from '../../../shared/backups/models/credential.ts'
import { runReseal } from '../../../shared/backups/credentials/reseal.ts'
import { createJob, readJob } from '../../../shared/core/jobs.ts'
import { createRows } from '../../../shared/model/records.ts'
import { keys } from '../../../shared/table/keys.ts'
import type { Table } from '../../../shared/table/table.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { keyServiceOf } from '../../support/key-service.ts'

const Stored = z.object({ password: z.string() })
const keyService = keyServiceOf()
let world: TestEngine

beforeAll(async () => {
  world = await startEngine()
})
afterAll(() => world?.stop())

test('a job that dies in the middle goes on with what is left, under the same new key pair', async () => {
  const { table } = world.served
  const seal = async (text: string): Promise<string> => sealText(await openSealer(table, keyService), text)
  const engine = world.another({ seal })
  const bodies = Array.from({ length: 12 }, (_, n) => ({
    name: `c${n}`,
    username: 'u',
    password: `Word-${n}`,
  }))
  const rows = await createRows(engine, credential, bodies, { actor })
  const job = await createJob(engine, { name: 'anew', kind: 'reseal_secrets', actor })
  const dying = world.another({ seal, table: dyingAfter(table, 5) })

  await expect(runReseal({ engine: dying, keyService }, job.id, 'execution-1')).rejects.toThrow('died')
  const half = await versionsOf(rows)
  await runReseal({ engine: world.another({ seal }), keyService }, job.id, 'execution-1')

  expect([half.filter((version) => version === 2).length, half.length]).toEqual([5, 12])
  expect(await versionsOf(rows)).toEqual(rows.map(() => 2))
  expect(await readJob(engine, job.id)).toMatchObject({
    state: 'completed',
    result: { keyring_version: 2, rows: 12, resealed: 7 },
  })
  const keyring = await openKeyring(table, keyService)
  const opened = await Promise.all((await passwordsOf(rows)).map((sealed) => openText(keyring, sealed)))
  expect(opened).toEqual(bodies.map(({ password }) => password))
})

/** Takes so many writes of credentials, and no more. */
function dyingAfter(table: Table, writesMax: number): Table {
  let writes = 0
  return {
    ...table,
    write: async (items) => {
      const isOfRow = items.some((item) => 'put' in item && item.put.pk.startsWith('backups.credential#'))
      if (isOfRow && ++writes > writesMax) throw new Error('died')
      return table.write(items)
    },
  }
}

const passwordsOf = async (rows: readonly { id: number }[]): Promise<string[]> => {
  const found = await world.served.table.getMany(
    Stored,
    rows.map(({ id }) => keys.entity(credential.name, id)),
  )
  return found.map((row) => row?.password ?? '')
}

const versionsOf = async (rows: readonly { id: number }[]): Promise<(number | undefined)[]> =>
  (await passwordsOf(rows)).map((sealed) => versionOfText(sealed))
