import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { factsIn, type Facts, type FactTexts } from '../../shared/collect/facts.ts'
import { redact } from '../../shared/collect/redact.ts'
import type { Platform } from '../../shared/platforms/definition.ts'
import { platforms } from '../../shared/platforms/list.ts'
import { findPlatform } from '../../shared/platforms/platforms.ts'

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
const facts = fixtures<{ of: FactTexts; facts: Facts }>('facts')

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

describe('facts', () => {
  test.each(facts)(
    'of %s are read from what the device shows',
    (_file, platform, { of, facts: expected }) => {
      expect(factsIn(platform, of).facts).toMatchObject(expected)
    },
  )
})

describe('every platform', () => {
  test.each(platforms)(
    '$id names its sources and sends no empty command',
    ({ sources, captures, onOpen, onClose }) => {
      const { running, os, serial, model } = captures
      const commands = [running, os, serial, model].map((capture) => capture?.command)
      const sent = [...onOpen, ...onClose].map(({ send }) => send)

      expect(sources.filter((source) => source.trim().length > 8)).toEqual(sources)
      expect([...commands, ...(running.alternatives ?? []), ...sent].filter((text) => text === '')).toEqual(
        [],
      )
    },
  )

  test.each(platforms)('$id changes nothing on a device', ({ captures, onOpen }) => {
    const sent = [
      ...onOpen.map(({ send }) => send),
      ...Object.values(captures).flatMap((capture) => (capture ? [capture.command] : [])),
    ]

    // Configuration modes that only show, and paging of the session itself, are what is left.
    const writing = sent.filter((text) =>
      /^(?:write |save|commit|copy |delete |reload|config(?:ure)? t)/.test(text),
    )
    expect(writing.filter((text) => !text.startsWith('configure terminal length'))).toEqual([])
  })
})
