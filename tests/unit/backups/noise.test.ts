import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { compareConfigs } from '../../../shared/backups/versions/compare.ts'
import { readVersions } from '../../../shared/backups/device-records.ts'
import { lineTest, noiseOf, weigh, type Noise } from '../../../shared/backups/versions/noise.ts'
import { noisePatterns, readNoiseRules } from '../../../shared/backups/versions/noise-patterns.ts'
import { chooseNoise, noiseRulesFor } from '../../../shared/backups/versions/noise-rules.ts'
import { noiseRule } from '../../../shared/backups/models/noise-rule.ts'
import { BackupState, isSignificant } from '../../../shared/backups/records.ts'
import { createRows } from '../../../shared/model/records.ts'
import { findPlatform } from '../../../shared/platforms/platforms.ts'
import { keys } from '../../../shared/table/keys.ts'
import { actor } from '../../support/engine.ts'
import { makeDevice, makeGround, type Ground } from '../../support/inventory.ts'
import { startStoredConfigs, type StoredConfigs } from '../../support/stored-configs.ts'

let configs: StoredConfigs

beforeAll(async () => {
  configs = await startStoredConfigs()
})
afterAll(() => configs?.stop())

const text = (hostname: string, counter: number, serial = 7): string =>
  `hostname ${hostname}\ncounter ${counter}\nserial ${serial}\nend\n`

describe('a version', () => {
  let ground: Ground
  let id = 0
  let count = 0
  beforeAll(async () => {
    ground = await makeGround(configs.engine)
  })
  beforeEach(async () => {
    id = await makeDevice(configs.engine, ground, { name: `noisy-${++count}` })
  })
  const counters = ['^counter ']
  const store = (raw: string, noise: string[] = []): Promise<string> =>
    configs.store({ id, name: `noisy-${count}` }, raw, { runId: 1, noise })
  /** By version, oldest first. */
  const significance = async (): Promise<boolean[]> =>
    (await readVersions(configs.engine.table, id)).map(isSignificant).toReversed()

  test('is significant unless only lines differ that mean nothing', async () => {
    await store(text('a', 1), counters)
    await store(text('a', 2), counters)
    await store(text('b', 3), counters)
    await store(text('b', 4), counters)
    await store(text('b', 4).replace('counter 4\n', ''), counters)

    expect(await significance()).toEqual([true, false, true, false, false])
  })

  test('is none because rules changed, and is compared by the new ones once its text was seen under them', async () => {
    const more = [...counters, '^serial ']
    await store(text('a', 1), counters)

    const unchanged = await store(text('a', 1), more)
    await store(text('a', 2, 8), more)

    expect(unchanged).toBe('unchanged')
    expect(await significance()).toEqual([true, false])
  })

  test('counts where the text before was never seen under its rules, or there are none', async () => {
    await store(text('a', 1))
    await store(text('a', 2), counters)
    await store(text('a', 3))
    await store(text('a', 4), counters)
    await store(text('a', 5), counters)

    expect(await significance()).toEqual([true, true, true, true, false])
  })

  test('that is none costs no look at its lines, and no read of patterns', async () => {
    await store(text('a', 1), counters)
    const state = await configs.engine.table.get(BackupState, keys.backupState(id))
    const open = vi.fn<Noise['open']>(() => Promise.reject(new Error('patterns were read')))
    const noise = { rules: state?.essence?.rules ?? '', open }
    const config = { text: text('a', 1), raw: '', sha256: state?.sha256 ?? '', secrets: 0, volatile: [] }

    const unchanged = await weigh({ config, noise }, state, false)
    const failed = await weigh({ config: undefined, noise }, state, false)

    expect(state?.essence).toBeDefined()
    expect([unchanged.essence, failed.essence]).toEqual([state?.essence, state?.essence])
    expect(open).not.toHaveBeenCalled()
    await expect(weigh({ config, noise }, state, true)).rejects.toThrow('patterns were read')
  })
})

describe('what holds for a device', () => {
  const nobody = (): never => {
    throw new Error('patterns were read')
  }
  const own = { insignificant: [/^<time>/] }
  const users = { ids: [1], rules: 'x' }

  test('is what its platform declares and the users say; patterns are read when a text is looked at', async () => {
    const both = noiseOf(own, users, nobody)
    const opened = await noiseOf(own, users, () => Promise.resolve(['^counter ']))?.open()

    expect(noiseOf({}, undefined, nobody)).toBeUndefined()
    expect(
      new Set([both, noiseOf(own, undefined, nobody), noiseOf({}, users, nobody)].map((one) => one?.rules))
        .size,
    ).toBe(3)
    await expect(both?.open()).rejects.toThrow('patterns were read')
    expect(['<time>1', 'counter 1', 'hostname a'].map((line) => opened?.test(line))).toEqual([
      true,
      true,
      false,
    ])
  })

  test('is chosen by site, platform and tag, each that is given', () => {
    const rule = { enabled: true, sites: [], platforms: [], tags: [] }
    const rules = [
      { ...rule, id: 1, pattern: 'all' },
      { ...rule, id: 2, pattern: 'off', enabled: false },
      { ...rule, id: 3, pattern: 'platform', platforms: [3] },
      { ...rule, id: 4, pattern: 'platform and tag', platforms: [3], tags: [5] },
      { ...rule, id: 5, pattern: 'site', sites: [9] },
    ]
    const device = { site: { id: 8 }, platformId: 3, tagIds: [] }
    const chosen = (
      more: Partial<{ site: { id: number }; platformId: number | undefined; tagIds: number[] }>,
    ) => noiseRulesFor({ ...device, ...more }, rules).map(({ id }) => id)

    expect(chosen({})).toEqual([1, 3])
    expect(chosen({ tagIds: [5] })).toEqual([1, 3, 4])
    expect(chosen({ platformId: undefined, site: { id: 9 } })).toEqual([1, 5])
    expect(chooseNoise(device, rules.slice(1, 2))).toBeUndefined()
    expect(chooseNoise(device, rules.slice(0, 3))?.rules).toBe(
      chooseNoise(device, rules.slice(0, 3).toReversed())?.rules,
    )
  })

  test.each([
    [
      'opnsense',
      ['    <time>1731940512.1234</time>'],
      ['      <time>12:00</time>', '    <username>root</username>'],
    ],
    [
      'fortinet',
      ['        set last-updated 1731940512'],
      ['        set last-updated-by "x"', '        set source user'],
    ],
  ])('of %s are these lines', async (id, noise, others) => {
    const isNoise = await lineTest(findPlatform(id), [])

    expect([...noise, ...others].filter(isNoise)).toEqual(noise)
  })
})

describe('a rule', () => {
  test('whose pattern is none of RE2 is refused, at its field', async () => {
    const writing = createRows(configs.engine, noiseRule, [{ name: 'bad', pattern: '(?=x)' }], { actor })

    await expect(writing).rejects.toMatchObject({ code: 'validation_failed', issues: [{ path: 'pattern' }] })
  })

  test('is read once for a batch, and marks lines of a diff that differ', async () => {
    const { engine, stores } = configs
    const id = await makeDevice(engine, await makeGround(engine), { name: 'marked' })
    await createRows(engine, noiseRule, [{ name: 'counters', pattern: '^counter [0-9]+$' }], { actor })
    const device = { id, name: 'marked' }
    await configs.store(device, text('a', 1))
    await configs.store(device, text('b', 2))
    const [rule] = await readNoiseRules(engine)
    const patternsOf = noisePatterns(engine.table)

    const { hunks } = await compareConfigs(
      { engine, archive: stores.archive },
      { left: { device: id, version: 'previous' }, right: { device: id, version: 'latest' } },
      { context: 3, volatile: false },
    )

    expect(await patternsOf([rule?.id ?? 0, 999])).toEqual(['^counter [0-9]+$'])
    expect(patternsOf([rule?.id ?? 0, 999])).toBe(patternsOf([rule?.id ?? 0, 999]))
    const marks = hunks
      .flat()
      .map(({ left, right }) => [left?.text, left?.insignificant, right?.insignificant])
    expect(marks).toContainEqual(['hostname a', false, false])
    expect(marks).toContainEqual(['counter 1', true, true])
    expect(marks).toContainEqual(['serial 7', false, false])
  })
})
