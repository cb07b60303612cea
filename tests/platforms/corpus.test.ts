import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { renderConfig } from '../../shared/collect/render-config.ts'
import { findPlatform } from '../../shared/platforms/platforms.ts'

/** Lines of configurations with their secrets, and lines that look as if they held one. */
type Lines = { secret: [text: string, secret: string | string[]][]; plain: string[] }

const folder = new URL('.', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('#secrets.json'))

const corpus = files.map((file) => {
  const platform = findPlatform(file.split('#')[0] ?? '')
  if (!platform) throw new Error(`${file} names no platform`)
  const lines: Lines = JSON.parse(readFileSync(new URL(encodeURIComponent(file), folder), 'utf8'))
  return { file, platform, lines }
})

test('holds at least 300 secret lines over 20 platforms', () => {
  const platforms = new Set(
    corpus.filter(({ lines }) => lines.secret.length > 4).map(({ platform }) => platform.id),
  )

  expect(corpus.flatMap(({ lines }) => lines.secret).length).toBeGreaterThanOrEqual(300)
  expect(platforms.size).toBeGreaterThanOrEqual(20)
})

describe('the lines of a file as one configuration', () => {
  test.each(corpus)('$file: no secret survives among the others', ({ platform, lines }) => {
    const text = lines.secret.map(([line]) => line).join('\n!\n')

    const rendered = renderConfig(platform, text, 'key').text

    const survivors = lines.secret
      .flatMap(([, secrets]) => [secrets].flat())
      .filter((secret) => rendered.includes(secret))
    expect(survivors).toEqual([])
  })

  test.each(corpus)(
    '$file: each secret that changes shows as a change, and the same secret does not',
    ({ platform, lines }) => {
      const unseen = lines.secret.filter(([line, secrets]) =>
        [secrets].flat().some((secret) => {
          const before = renderConfig(platform, line, 'key')
          const again = renderConfig(platform, line, 'key')
          const after = renderConfig(platform, line.replaceAll(secret, changed(secret)), 'key')
          // What FortiOS salts at every show tells nothing, by design.
          const isSalted = before.text.includes('<secret:salted>')
          return before.sha256 !== again.sha256 || (before.sha256 === after.sha256 && !isSalted)
        }),
      )

      expect(unseen.map(([line]) => line)).toEqual([])
    },
  )
})

/** The same kind of secret with another letter or digit in the middle. */
function changed(secret: string): string {
  const at = Math.max(secret.search(/[\w](?=[^\w]{0,2}$)/), 0)
  const letter = secret.charAt(at)
  const other = /\d/.test(letter) ? String((Number(letter) + 1) % 10) : letter === 'a' ? 'b' : 'a'
  return secret.slice(0, at) + other + secret.slice(at + 1)
}
