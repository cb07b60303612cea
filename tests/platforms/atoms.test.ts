import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { redact } from '../../shared/collect/redact.ts'
import type { Platform } from '../../shared/platforms/definition.ts'
import { deviceTypes, findPlatform, nearestPlatforms, platforms } from '../../shared/platforms/platforms.ts'

/** `<platform>#<name>#<kind>.json` beside this file. */
function fixtures<T>(kind: string): [id: string, platform: Platform, content: T][] {
  return readdirSync(new URL('.', import.meta.url))
    .filter((file) => file.endsWith(`#${kind}.json`))
    .map((file) => {
      const platform = findPlatform(file.split('#')[0] ?? '')
      if (!platform) throw new Error(`${file} names no platform`)
      return [
        file,
        platform,
        JSON.parse(readFileSync(new URL(encodeURIComponent(file), import.meta.url), 'utf8')) as T,
      ]
    })
}

type Prompts = { pass: string[]; fail: string[] }
type Secrets = { secret: [text: string, secret: string | string[]][]; plain: string[] }

const prompts = fixtures<Prompts>('prompts')
const secrets = fixtures<Secrets>('secrets')

describe('every platform', () => {
  test.each(platforms)('$id has prompts that pass and fail, and lines with and without secrets', ({ id }) => {
    const prompt = prompts.filter(([, platform]) => platform.id === id)
    const secret = secrets.filter(([, platform]) => platform.id === id)

    expect(prompt.flatMap(([, , { pass }]) => pass).length).toBeGreaterThan(0)
    expect(prompt.flatMap(([, , { fail }]) => fail).length).toBeGreaterThan(0)
    expect(secret.flatMap(([, , all]) => all.secret).length).toBeGreaterThan(0)
    expect(secret.flatMap(([, , { plain }]) => plain).length).toBeGreaterThan(0)
  })
})

describe('prompts', () => {
  const table = prompts.flatMap(([, { id, prompt }, { pass, fail }]) => [
    ...pass.map((line) => ({ id, prompt, line, expected: true })),
    ...fail.map((line) => ({ id, prompt, line, expected: false })),
  ])
  test.each(table)('$id: $line → $expected', ({ prompt, line, expected }) => {
    expect(prompt.test(line)).toBe(expected)
  })
})

describe('secrets', () => {
  const hidden = secrets.flatMap(([, platform, { secret }]) =>
    secret.map(([text, values]) => ({ platform, text, values })),
  )
  test.each(hidden)('$platform.id hides the secret of $text', ({ platform, text, values }) => {
    const { text: redacted, secrets: count } = redact(platform, text, 'key')

    for (const value of [values].flat()) expect(redacted).not.toContain(value)
    expect(redacted).toMatch(/<secret:(?:[0-9a-f]{8}|salted)>/)
    expect(count).toBeGreaterThanOrEqual([values].flat().length)
    // What is not a secret stays: the words before the first tag are those of the line.
    expect(text.startsWith(redacted.slice(0, redacted.indexOf('<secret:')))).toBe(true)
  })

  const shown = secrets.flatMap(([, platform, { plain }]) => plain.map((text) => ({ platform, text })))
  test.each(shown)('$platform.id leaves $text alone', ({ platform, text }) => {
    expect(redact(platform, text, 'key')).toEqual({ text, secrets: 0 })
  })
})

const completenessPatterns = ({ captures: { running } }: Platform): RegExp[] =>
  'lastLine' in running.complete
    ? [running.complete.lastLine]
    : 'contains' in running.complete
      ? [...running.complete.contains]
      : []

describe('patterns', () => {
  const megabyte = 1_000_000
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

describe('device types', () => {
  test.each([
    ['cisco_ios', 'cisco_ios'],
    ['cisco_ios_ssh', 'cisco_ios'],
    ['huawei', 'huawei_vrp'],
    ['huawei_ssh', 'huawei_vrp'],
    ['juniper', 'juniper_junos'],
  ])('%s is %s', (deviceType, id) => {
    expect(findPlatform(deviceType)?.id).toBe(id)
  })

  test('that are unknown are undefined, and the nearest names are told', () => {
    expect(findPlatform('cisco_iso')).toBeUndefined()
    expect(nearestPlatforms('cisco_iso')).toContain('cisco_ios')
    expect(nearestPlatforms('fortinett')[0]).toBe('fortinet')
  })

  test('belong to one platform each', () => {
    expect(new Set(deviceTypes).size).toBe(
      platforms.flatMap(({ id, aliases = [] }) => [id, ...aliases]).length,
    )
  })
})
