import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { credential } from '../../../shared/backups/models/credential.ts'
import { device } from '../../../shared/dcim/models/device.ts'
import { platform } from '../../../shared/dcim/models/platform.ts'
import { site } from '../../../shared/dcim/models/site.ts'
import { tag } from '../../../shared/extras/models/tag.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import { beginDeletion } from '../../../shared/model/deletion-intent.ts'
import { createRows, getRow } from '../../../shared/model/records.ts'
import { createToken } from '../../../shared/users/create-token.ts'
import { token } from '../../../shared/users/models/token.ts'
import { user } from '../../../shared/users/models/user.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { makeDevice, makeGround } from '../../support/inventory.ts'

let started: TestEngine
beforeAll(async () => {
  started = await startEngine()
})
afterAll(() => started.stop())

const failure = async (promise: Promise<unknown>): Promise<AppError> => {
  const cause: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(cause instanceof AppError)) throw new Error(`no AppError but ${String(cause)}`)
  return cause
}

/** How many items the table holds. */
async function countItems(): Promise<number> {
  const { ScanCommand } = await import('@aws-sdk/lib-dynamodb')
  let count = 0
  let start: Record<string, unknown> | undefined
  do {
    const page = await started.served.client.send(
      new ScanCommand({
        TableName: started.served.name,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    )
    count += (page.Items ?? []).filter(({ pk }) => !/^change#|^recent-changes$/.test(String(pk))).length
    start = page.LastEvaluatedKey
  } while (start !== undefined)
  return count
}

test('what refers to it with restrict keeps an object, and is named', async () => {
  const { engine } = started
  const ground = await makeGround(engine)
  const id = await makeDevice(engine, ground, { name: 'keeps' })

  const refused = await failure(deleteRows(engine, site, [{ id: ground.site }], { actor }))

  expect(refused).toMatchObject({ code: 'in_use' })
  expect(refused.message).toContain(`device ${id}`)
  // Everything is as before: a new child attaches.
  await makeDevice(engine, ground, { name: 'another' })
})

test('references with clear are taken out of the rows that stay, with a change of their own', async () => {
  const { engine } = started
  const ground = await makeGround(engine)
  const [kind] = await createRows(engine, platform, [{ name: 'IOS', slug: 'ios', driver: 'cisco_ios' }], {
    actor,
  })
  const tags = await createRows(
    engine,
    tag,
    ['a', 'b'].map((name) => ({ name, slug: name })),
    { actor },
  )
  const id = await makeDevice(engine, ground, {
    name: 'cleared',
    platform: kind?.id,
    tags: tags.map((one) => one.id),
  })

  await deleteRows(engine, platform, [{ id: kind?.id ?? 0 }], { actor })
  await deleteRows(engine, tag, [{ id: tags[0]?.id ?? 0 }], { actor })

  expect(await getRow(engine, device, id)).toMatchObject({ platform: null, tags: [tags[1]?.id], version: 3 })
})

test('children with cascade go too: tokens do not outlive their user', async () => {
  const { engine } = started
  const [owner] = await createRows(engine, user, [{ username: 'leaver' }], { actor })
  const made = await createToken(engine, { user: owner?.id ?? 0 }, { actor })

  await deleteRows(engine, user, [{ id: owner?.id ?? 0 }], { actor })

  expect(await getRow(engine, token, made.row.id)).toBeUndefined()
})

test('a parent and its children go together when both are asked for', async () => {
  const { engine } = started
  const before = await countItems()
  const ground = await makeGround(engine)
  const ids = [
    await makeDevice(engine, ground, { name: 'one' }),
    await makeDevice(engine, ground, { name: 'two' }),
  ]

  await deleteRows(
    engine,
    device,
    ids.map((id) => ({ id })),
    { actor, bulk: true },
  )
  const { deviceType } = await import('../../../shared/dcim/models/device-type.ts')
  const { deviceRole } = await import('../../../shared/dcim/models/device-role.ts')
  const { manufacturer } = await import('../../../shared/dcim/models/manufacturer.ts')
  await deleteRows(engine, deviceType, [{ id: ground.device_type }], { actor })
  await deleteRows(engine, deviceRole, [{ id: ground.role }], { actor })
  await deleteRows(engine, manufacturer, [{ id: ground.manufacturer }], { actor })
  await deleteRows(engine, site, [{ id: ground.site }], { actor })

  // No guard, presence, reference or intent is left behind.
  expect(await countItems()).toBe(before)
})

test('one row that may not go keeps all of a bulk deletion', async () => {
  const { engine } = started
  const [free, used] = [await makeGround(engine), await makeGround(engine)]
  await makeDevice(engine, used, { name: 'user' })

  const refused = await failure(
    deleteRows(engine, site, [{ id: free.site }, { id: used.site }], { actor, bulk: true }),
  )

  expect(refused.extra['errors']).toEqual([
    { id: used.site, errors: { non_field_errors: [expect.stringContaining('in use')] } },
  ])
  expect(await getRow(engine, site, free.site)).toBeDefined()
  await makeDevice(engine, free, { name: 'attaches' })
})

describe('a deletion whose writer died', () => {
  test('holds new children off for a minute, then the next writer puts the parent back', async () => {
    const ground = await makeGround(started.engine)
    await beginDeletion(started.engine, site, ground.site)
    const later = started.another({ now: () => new Date(Date.now() + 61_000) })

    const soon = await failure(makeDevice(started.engine, ground, { name: 'soon' }))
    const healed = await makeDevice(later, ground, { name: 'healed' })

    expect(soon.code).toBe('write_conflict')
    expect(soon.message).toContain('being deleted')
    expect(await getRow(started.engine, device, healed)).toBeDefined()
  })

  test('does not keep another from deleting after a minute', async () => {
    const ground = await makeGround(started.engine)
    await beginDeletion(started.engine, site, ground.site)
    const later = started.another({ now: () => new Date(Date.now() + 61_000) })

    const soon = await failure(deleteRows(started.engine, site, [{ id: ground.site }], { actor }))
    await deleteRows(later, site, [{ id: ground.site }], { actor })

    expect(soon.code).toBe('write_conflict')
    expect(await getRow(started.engine, site, ground.site)).toBeUndefined()
  })
})

test('a missing row is not found, and a stale version is refused with the current one', async () => {
  const { engine } = started
  const [row] = await createRows(engine, credential, [{ name: 'c', username: 'u', password: 'p' }], { actor })

  const missing = await failure(deleteRows(engine, credential, [{ id: 1 }], { actor }))
  const stale = await failure(deleteRows(engine, credential, [{ id: row?.id ?? 0, version: 9 }], { actor }))

  expect(missing.code).toBe('not_found')
  expect(stale).toMatchObject({ code: 'version_conflict', extra: { etag: '"1"' } })
})
