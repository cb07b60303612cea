import { describe, expect, test } from 'vitest'
import { secretsIn } from '../../shared/collect/secret-lines.ts'
import type { Platform } from '../../shared/platforms/definition.ts'
import { platforms } from '../../shared/platforms/list.ts'

const completenessPatterns = ({ captures: { running } }: Platform): RegExp[] =>
  'lastLine' in running.complete
    ? [running.complete.lastLine]
    : 'contains' in running.complete
      ? [...running.complete.contains]
      : []

const megabyte = 1_000_000

describe('patterns', () => {
  /** What makes backtracking explode: long runs of one kind of character, and lines that almost match. */
  const long = [
    'a'.repeat(megabyte),
    ' '.repeat(megabyte),
    'a '.repeat(megabyte / 2),
    'set password '.repeat(megabyte / 13),
    `set a ${'key '.repeat(megabyte / 4)}`,
    'username x password 7 \n'.repeat(megabyte / 23),
    '-'.repeat(megabyte),
    '%^%#'.repeat(megabyte / 4),
    ' ciphertext x'.repeat(megabyte / 13),
    `snmp-server user ${'auth md5 priv '.repeat(megabyte / 14)}`,
    'config system snmp community\n        set name x\n'.repeat(megabyte / 48),
    '/snmp community\nadd name=x\n'.repeat(megabyte / 28),
  ]
  const patterns = platforms.flatMap((platform) =>
    [
      platform.prompt,
      ...platform.pagers.map(({ prompt }) => prompt),
      ...platform.rejections,
      ...platform.volatile,
      ...(platform.insignificant ?? []),
      ...(platform.lastChange === undefined ? [] : [platform.lastChange]),
      ...[platform.privilege ?? []]
        .flat()
        .flatMap(({ from, secretPrompt, usernamePrompt, refused }) => [
          from,
          secretPrompt,
          usernamePrompt,
          refused,
        ])
        .flat()
        .filter((pattern) => pattern !== undefined),
      ...(platform.facts ?? []).map(({ pattern }) => pattern),
      ...completenessPatterns(platform),
      ...[platform.identify?.server, platform.identify?.greeting, platform.identify?.answer?.line].filter(
        (pattern) => pattern !== undefined,
      ),
    ].map((pattern) => ({ id: platform.id, pattern, flags: '' })),
  )
  const secretPatterns = platforms.flatMap(({ id, secrets }) =>
    secrets.map((pattern) => ({ id, pattern, flags: 'gm' })),
  )
  const all = [
    ...new Map(
      [...patterns, ...secretPatterns].map((entry) => [entry.flags + entry.pattern.source, entry]),
    ).values(),
  ]

  test.each(all)(
    '$id: $pattern answers on a megabyte without backtracking for ever, and never matches nothing',
    ({ pattern, flags }) => {
      const tried = new RegExp(pattern.source, flags)

      expect(tried.test('')).toBe(false)
      // A pattern that goes wrong takes minutes: two seconds tell it apart on any machine.
      for (const text of long) {
        const startedAt = performance.now()
        text.replace(tried, '')
        expect(performance.now() - startedAt).toBeLessThan(2000)
      }
    },
  )
})

describe('the reading of lines by their words', () => {
  test.each([
    'password ',
    'key ',
    'a',
    'auth md5 ',
    'set a=b ',
    '"password":"x",',
    'snmp community ',
    'vrrp authentication ',
    '<key>',
    '<password>x</password>',
    'psk secret ',
    'password "',
    "'",
  ])('costs a megabyte of %o in proportion', (piece) => {
    const line = piece.repeat(megabyte / piece.length)

    const startedAt = performance.now()
    secretsIn(line)

    // Reading what stands before every word from the start of the line would take a quarter of an hour.
    expect(performance.now() - startedAt).toBeLessThan(20_000)
  })
})
