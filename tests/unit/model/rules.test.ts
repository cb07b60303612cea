import { describe, expect, test } from 'vitest'
import { cronProblem } from '../../../shared/backups/schedules/schedule-rules.ts'
import { timeZoneProblem } from '../../../shared/time-zone.ts'
import { addressProblem } from '../../../shared/dcim/rules.ts'
import { firstIdAt, idSource, timeOfId } from '../../../shared/ids.ts'
import { defineModel } from '../../../shared/model/define.ts'
import { ref, text } from '../../../shared/model/fields.ts'
import { patternProblem } from '../../../shared/model/lookups.ts'
import { nearest } from '../../../shared/model/nearest.ts'
import { createRegistry } from '../../../shared/model/registry.ts'
import { registry } from '../../../shared/models.ts'
import { isWithin, networkProblem } from '../../../shared/users/networks.ts'
import { isTokenText, newTokenText } from '../../../shared/users/token-text.ts'

describe('ids', () => {
  test('grow, never repeat, and stay below 2^53, even when thousands are drawn in one millisecond', () => {
    const at = new Date('2094-01-01T00:00:00Z')
    const source = idSource(() => at)

    const ids = Array.from({ length: 20_000 }, () => source.next())

    expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0))).toBe(true)
    expect(ids.every(Number.isSafeInteger)).toBe(true)
  })

  test('grow on when the clock goes back', () => {
    let at = Date.UTC(2026, 10, 21)
    const source = idSource(() => new Date(at))
    const before = source.next()
    at -= 60_000

    expect(source.next()).toBeGreaterThan(before)
  })

  test('tell their time', () => {
    const at = new Date('2026-11-21T03:00:00.123Z')
    const id = idSource(() => at).next()

    expect(timeOfId(id)).toEqual(at)
    expect(firstIdAt(at)).toBeLessThanOrEqual(id)
  })
})

describe('nearest names', () => {
  const known = ['name', 'site', 'status', 'serial', 'tags', 'asset_tag', 'management_address']
  test.each([
    ['nmae', ['name']],
    ['stauts', ['status']],
    ['Site', ['site']],
    ['managment_address', ['management_address']],
    ['tag', ['tags']],
    ['zzz', []],
    ['x'.repeat(500), []],
  ])('for %s', (given, expected) => {
    expect(nearest(given, known)).toEqual(expected)
  })
})

describe('patterns of callers', () => {
  test.each(['^sw-.*-01$', '[a-z]+\\d{2,4}', '(core|edge)-\\d', 'a\\+b\\(c\\)', '^(?:sw|rt)1?$'])(
    '%s is accepted',
    (pattern) => {
      expect(patternProblem(pattern)).toBeUndefined()
    },
  )

  test.each([
    '(a+)+$',
    '(a|a)*b',
    '((a)b)+',
    '(?=x)y',
    '(a)\\1',
    '.*.*.*.*x',
    '(',
    'x'.repeat(101),
    '(a{1,9})*',
    '(?<n>a)',
  ])('%s is refused', (pattern) => {
    expect(patternProblem(pattern)).toEqual(expect.any(String))
  })
})

describe('management addresses', () => {
  test.each(['10.0.0.1', '2001:db8::1', 'sw1', 'sw1.example.net', 'sw1.example.net.', 'a_b'])(
    '%s',
    (address) => {
      expect(addressProblem(address)).toBeUndefined()
    },
  )

  test.each(['10.0.0.300', '1.2.3', 'a b', '-a', 'a..b', 'http://a', 'sw1;rm', 'x'.repeat(64), 'a:22'])(
    'not %s',
    (address) => {
      expect(addressProblem(address)).toEqual(expect.any(String))
    },
  )
})

describe('schedules', () => {
  test.each(['0 2 * * *', '*/15 8-18 * * mon-fri', '0 0 1,15 jan,jul *', '5 4 * * 7'])(
    '%s is a cron line',
    (line) => {
      expect(cronProblem(line)).toBeUndefined()
    },
  )

  test.each([
    '',
    '* * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '*/0 * * * *',
    '5-1 * * * *',
    '* * * * * *',
    'a * * * *',
  ])('"%s" is none', (line) => {
    expect(cronProblem(line)).toEqual(expect.any(String))
  })

  test('time zones are those of the system', () => {
    expect(
      ['UTC', 'Europe/Berlin', 'Europe/Bielefeld'].map((zone) => timeZoneProblem(zone) === undefined),
    ).toEqual([true, true, false])
  })
})

describe('networks', () => {
  test.each([
    ['10.1.2.3', ['10.0.0.0/8'], true],
    ['11.1.2.3', ['10.0.0.0/8'], false],
    ['::ffff:10.1.2.3', ['10.0.0.0/8'], true],
    ['2001:db8::1', ['10.0.0.0/8', '2001:db8::/32'], true],
    ['192.0.2.1', ['192.0.2.1'], true],
    ['not an address', ['0.0.0.0/0'], false],
  ])('%s in %j: %s', (address, networks, expected) => {
    expect(isWithin(address, networks)).toBe(expected)
  })

  test.each(['10.0.0.0/33', '10.0.0/8', '::/129', 'x/8', '10.0.0.0/8/8', ''])('%s is none', (network) => {
    expect(networkProblem(network)).toEqual(expect.any(String))
  })
})

test('a token proves itself by its check', () => {
  const text = newTokenText()
  const mistyped = text.replace(/(.)(.)$/, (_, a: string, b: string) =>
    a === b ? `${a}${b === 'x' ? 'y' : 'x'}` : `${b}${a}`,
  )

  expect([text, mistyped, text.slice(1), `${text}0`].map(isTokenText)).toEqual([true, false, false, false])
})

describe('a model that contradicts itself does not load', () => {
  const base = { path: 'things', label: 'Thing', labelPlural: 'Things', search: [], columns: [] } as const
  const thing = defineModel({ ...base, name: 'test.thing', fields: { name: text({}) }, referrers: 'none' })
  test.each<[string, () => unknown]>([
    [
      'a unique field that is not there',
      () => defineModel({ ...base, name: 'test.a', fields: { name: text({}) }, unique: [['nmae']] }),
    ],
    [
      'a name that the engine has',
      () => defineModel({ ...base, name: 'test.a', fields: { results: text({}) } }),
    ],
    [
      'a reference to nothing',
      () => createRegistry([defineModel({ ...base, name: 'test.a', fields: { x: ref('test.b', {}) } })]),
    ],
    [
      'a reference to what nothing refers to',
      () =>
        createRegistry([
          thing,
          defineModel({ ...base, name: 'test.a', fields: { x: ref('test.thing', {}) } }),
        ]),
    ],
    [
      'a needed reference that is cleared',
      () =>
        createRegistry([
          defineModel({ ...base, name: 'test.t', fields: { name: text({}) } }),
          defineModel({
            ...base,
            name: 'test.a',
            fields: { x: ref('test.t', {}) },
            onDelete: { x: 'clear' },
          }),
        ]),
    ],
  ])('%s', (_, load) => {
    expect(load).toThrow(/test\./)
  })
})

test('no two models share a name or a path', () => {
  const names = registry.all.map(({ name }) => name)
  const paths = registry.all.map(({ area, path }) => `${area}/${path}`)

  expect(new Set(names).size).toBe(names.length)
  expect(new Set(paths).size).toBe(paths.length)
})
