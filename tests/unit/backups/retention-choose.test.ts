import { describe, expect, test } from 'vitest'
import { policyFor, versionsToGo, type RetentionPolicy } from '../../../shared/backups/retention/choose.ts'

const day = 86_400_000
const noon = Date.parse('2026-11-01T12:00:00Z')
const at = (days: number): Date => new Date(noon + days * day)

describe('what a policy keeps', () => {
  const versions = [9, 8, 7, 6, 5].map((sequence) => ({ sequence, collectedAt: at(sequence).toISOString() }))
  const going = (keep: Partial<RetentionPolicy>, now = at(30), pinned: number[] = []): number[] =>
    versionsToGo(
      versions,
      { keep_versions: null, keep_days: null, ...keep },
      { pinned: new Set(pinned), now },
    ).map(({ sequence }) => sequence)

  test.each([
    ['everything, where it says nothing', {}, []],
    ['the newest two', { keep_versions: 2 }, [7, 6, 5]],
    [
      'what was the configuration within the days, the one that was replaced in them included',
      { keep_days: 22 },
      [6, 5],
    ],
    ['what either of both keeps', { keep_days: 22, keep_versions: 4 }, [5]],
    ['the newest one at least', { keep_days: 1 }, [8, 7, 6, 5]],
  ])('%s', (_, keep, expected) => {
    expect(going(keep)).toEqual(expected)
  })

  test('a pinned version stays, and so does what was replaced within a day', () => {
    expect(going({ keep_versions: 1 }, at(30), [6])).toEqual([8, 7, 5])
    expect(going({ keep_versions: 1 }, at(9.5))).toEqual([7, 6, 5])
  })

  test('the first enabled policy that meets a device holds, whole', () => {
    const base = { enabled: true, sites: [], platforms: [], tags: [], keep_versions: 5, keep_days: null }
    const policies = [
      { ...base, id: 1, priority: 100, name: 'rest' },
      { ...base, id: 2, priority: 10, name: 'core', tags: [7], keep_versions: null },
      { ...base, id: 3, priority: 5, name: 'off', enabled: false },
      { ...base, id: 4, priority: 20, name: 'ams', sites: [1], platforms: [2] },
    ] as unknown as RetentionPolicy[]
    const of = (siteId: number, platformId: number | undefined, tagIds: number[]): string | undefined =>
      policyFor({ siteId, platformId, tagIds }, policies)?.name

    expect([of(1, 2, []), of(1, undefined, []), of(1, 2, [7, 8])]).toEqual(['ams', 'rest', undefined])
  })
})
