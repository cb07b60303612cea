import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRows } from '../../../shared/model/records.ts'
import { user } from '../../../shared/users/models/user.ts'
import { hashPassword, isPassword } from '../../../shared/users/password.ts'
import { signIn } from '../../../shared/users/sign-in.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'

const password = 'correct horse battery'

describe('guessing', () => {
  let started: TestEngine
  let nowMs = Date.UTC(2026, 10, 1)
  beforeAll(async () => {
    started = await startEngine()
    await createRows(started.engine, user, [{ username: 'carol', password }], { actor })
  })
  afterAll(() => started.stop())

  const attempt = async (given: string): Promise<string> =>
    signIn(started.another({ now: () => new Date(nowMs) }), { username: 'carol', password: given }).then(
      () => 'in',
      (error: { code: string }) => error.code,
    )
  const wrong = async (times: number): Promise<string[]> => {
    const outcomes: string[] = []
    for (let n = 0; n < times; n++) outcomes.push(await attempt(`guess ${n}`))
    return outcomes
  }

  test('ends after ten wrong passwords, for longer each time, and the right one then clears it', async () => {
    expect(new Set(await wrong(10))).toEqual(new Set(['unauthenticated']))
    expect(await attempt(password)).toBe('too_many_attempts')

    nowMs += 30_001
    expect([await attempt('again'), await attempt(password)]).toEqual([
      'unauthenticated',
      'too_many_attempts',
    ])
    nowMs += 60_001
    expect(await attempt(password)).toBe('in')
    expect(new Set(await wrong(9))).toEqual(new Set(['unauthenticated']))
    expect(await attempt(password)).toBe('in')
  })

  test('cannot pass the limit by being many at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, n) => attempt(`guess ${n}`)))

    expect(outcomes.filter((outcome) => outcome === 'unauthenticated').length).toBeLessThanOrEqual(10)
    expect(outcomes.filter((outcome) => outcome === 'too_many_attempts').length).toBeGreaterThanOrEqual(30)
  })
})

test('a hash tells its password from all others, and holds its own cost', async () => {
  const [one, two] = await Promise.all([hashPassword('pässword'), hashPassword('pässword')])

  expect(one).not.toBe(two)
  expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/)
  expect(await isPassword('pa\u0308ssword', one)).toBe(true)
  expect(await isPassword('password', one)).toBe(false)
  expect(await isPassword('x', '$scrypt$ln=15,r=8,p=3$AA$')).toBe(false)
})
