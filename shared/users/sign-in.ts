import { createHash } from 'node:crypto'
import * as z from 'zod'
import { AppError } from '../errors.ts'
import type { StoredOf } from '../model/define.ts'
import type { Engine } from '../model/engine.ts'
import { getStored } from '../model/records.ts'
import { keys, type Key } from '../table/keys.ts'
import { findUser } from './find-user.ts'
import { user } from './models/user.ts'
import { isPassword } from './password.ts'

/** Wrong passwords in a row that cost nothing but their answer. */
const freeAttempts = 10
const firstWaitMs = 30_000
const waitMsMax = 15 * 60_000
/** A name that nobody tried for a day is forgotten. */
const rememberedMs = 24 * 3_600_000
/** Attempts at one name at once: whoever loses this often is not a person. */
const racesMax = 20

const Attempts = z.object({ version: z.number(), failures: z.number(), waitUntilMs: z.number() })

/**
 * Who signs in by a password. Every attempt is counted before the password is looked at, so that many at once cannot
 * pass the limit together; the right password clears the count. Tokens work on meanwhile.
 * @throws AppError `unauthenticated`, in the same words and after the same work whichever part was wrong;
 * `too_many_attempts` with the seconds to wait.
 */
export async function signIn(
  engine: Engine,
  { username, password }: { username: string; password: string },
): Promise<StoredOf<typeof user>> {
  const name = username.normalize('NFC').toLowerCase()
  const key = keys.signIn(createHash('sha256').update(name).digest('hex'))
  await countAttempt(engine, key)
  const id = await findUser(engine, username)
  const owner = id === undefined ? undefined : await getStored(engine, user, id)
  const isRight = await isPassword(password, owner?.password ?? undefined)
  if (owner === undefined || !isRight || !owner.is_active)
    throw new AppError('unauthenticated', 'The username or the password is not right.')
  await engine.table.write([{ remove: key, unconditionally: true }])
  return owner
}

async function countAttempt({ table, now }: Engine, key: Key): Promise<void> {
  for (let race = 0; race < racesMax; race++) {
    const known = await table.get(Attempts, key)
    const nowMs = now().getTime()
    if (known !== undefined && known.waitUntilMs > nowMs) throw tooMany(known.waitUntilMs - nowMs)
    const failures = (known?.failures ?? 0) + 1
    const item = {
      ...key,
      version: (known?.version ?? 0) + 1,
      failures,
      waitUntilMs: nowMs + waitMs(failures),
      expiresAt: Math.ceil((nowMs + rememberedMs) / 1000),
    }
    try {
      const write =
        known === undefined
          ? ({ put: item, ifAbsent: 'version_conflict' } as const)
          : ({ put: item, ifVersion: known.version, otherwise: 'version_conflict' } as const)
      return await table.write([write])
    } catch (cause) {
      if (!(cause instanceof AppError) || cause.code !== 'version_conflict') throw cause
    }
  }
  throw tooMany(firstWaitMs)
}

const waitMs = (failures: number): number =>
  failures < freeAttempts ? 0 : Math.min(waitMsMax, firstWaitMs * 2 ** Math.min(failures - freeAttempts, 10))

const tooMany = (ms: number): AppError => {
  const retryAfter = Math.ceil(ms / 1000)
  return new AppError('too_many_attempts', `Too many wrong passwords for this name: wait ${retryAfter} s.`, {
    extra: { retryAfter },
  })
}
