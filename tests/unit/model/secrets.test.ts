import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { credential } from '../../../shared/backups/models/credential.ts'
import { listChanges } from '../../../shared/core/changes.ts'
import { AppError } from '../../../shared/errors.ts'
import { createRows, getRow, getStored, updateRows } from '../../../shared/model/records.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'

let started: TestEngine
beforeAll(async () => {
  started = await startEngine()
})
afterAll(() => started.stop())

const secretText = 'hunter2-and-more'
const login = { username: 'backup', password: secretText, enable_secret: secretText }

test('a secret is stored sealed only, and is nowhere in clear', async () => {
  const { engine, served } = started

  const [row] = await createRows(engine, credential, [{ name: 'sealed', ...login }], { actor })

  const stored = await getStored(engine, credential, row?.id ?? 0)
  expect(stored?.password).toBe(`sealed:${Buffer.from(secretText).toString('hex')}`)
  const { Items } = await served.client.send(new ScanCommand({ TableName: served.name }))
  expect(JSON.stringify(Items)).not.toContain(secretText)
})

test('what is shown says that a secret is there, not which', async () => {
  const [row] = await createRows(started.engine, credential, [{ name: 'shown', ...login }], { actor })

  const shown = await getRow(started.engine, credential, row?.id ?? 0)

  expect(shown).toMatchObject({
    has_password: true,
    has_enable_secret: true,
    has_private_key: false,
    has_passphrase: false,
  })
  expect(shown).not.toHaveProperty('password')
  expect(row).toEqual(shown)
})

test('a change record says that a secret changed, not from what to what', async () => {
  const { engine } = started
  const [row] = await createRows(engine, credential, [{ name: 'changed', ...login }], { actor })
  const id = row?.id ?? 0
  await updateRows(engine, credential, [{ id, values: { password: 'another one' } }], { actor })
  await updateRows(engine, credential, [{ id, values: { enable_secret: null } }], { actor })

  const { changes } = await listChanges(
    engine,
    { model: credential.name, objectId: id },
    { offset: 0, limit: 50 },
  )

  expect(changes.map(({ secrets }) => secrets)).toEqual([
    ['enable_secret'],
    ['password'],
    ['password', 'enable_secret'],
  ])
  expect(changes.map(({ after }) => after?.['has_enable_secret'])).toEqual([false, undefined, true])
  expect(JSON.stringify(changes)).not.toContain('sealed:')
})

test('a change of something else leaves the secret as it was', async () => {
  const { engine } = started
  const [row] = await createRows(engine, credential, [{ name: 'kept', ...login }], { actor })
  const before = await getStored(engine, credential, row?.id ?? 0)

  await updateRows(engine, credential, [{ id: row?.id ?? 0, values: { priority: 5 } }], { actor })

  const after = await getStored(engine, credential, row?.id ?? 0)
  expect(after).toMatchObject({ priority: 5, version: 2, password: before?.password })
})

test('an error about a secret does not repeat it', async () => {
  const tooLong = { name: 'long', username: 'u', password: secretText.repeat(100) }

  const cause: unknown = await createRows(started.engine, credential, [tooLong], { actor }).catch(
    (error: unknown) => error,
  )

  expect(cause).toBeInstanceOf(AppError)
  expect((cause as AppError).issues.map(({ path }) => path)).toEqual(['password'])
  expect(JSON.stringify([(cause as AppError).message, (cause as AppError).issues])).not.toContain(secretText)
})

test('a credential without password and key is refused, also when the last one is taken away', async () => {
  const { engine } = started
  const [row] = await createRows(engine, credential, [{ name: 'last', username: 'u', password: 'p' }], {
    actor,
  })

  const refused = await Promise.allSettled([
    createRows(engine, credential, [{ name: 'bare', username: 'u' }], { actor }),
    updateRows(engine, credential, [{ id: row?.id ?? 0, values: { password: null } }], { actor }),
  ])

  const issues = [{ path: 'password', message: 'A password or a private key is needed.' }]
  expect(refused).toEqual(
    refused.map(() => ({ status: 'rejected', reason: expect.objectContaining({ issues }) })),
  )
})
