import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeDevice, makeGround } from '../../support/inventory.ts'
import { searchAll, startStoredConfigs, type StoredConfigs } from '../../support/stored-configs.ts'

/** Lines of configurations with the secrets in them, by the platforms' own fixtures. */
type Lines = { secret: [text: string, secret: string | string[]][] }

const folder = new URL('../../platforms/', import.meta.url)
const corpus = readdirSync(folder)
  .filter((file) => file.endsWith('#secrets.json'))
  .map((file) => {
    const { secret }: Lines = JSON.parse(readFileSync(new URL(encodeURIComponent(file), folder), 'utf8'))
    return { deviceType: file.split('#')[0] ?? '', file, lines: secret }
  })
  .filter(({ lines }) => lines.length > 0)

let configs: StoredConfigs

beforeAll(async () => {
  configs = await startStoredConfigs()
  const ground = await makeGround(configs.engine)
  for (const [n, { deviceType, lines }] of corpus.entries()) {
    const id = await makeDevice(configs.engine, ground, { name: `sw${n}` })
    const text = lines.map(([line]) => line).join('\n!\n')
    await configs.store({ id, name: `sw${n}`, deviceType }, `${text}\n`)
  }
  await configs.index()
})
afterAll(() => configs?.stop())

test('no search finds a secret in the configuration it stood in, however it is asked for', async () => {
  let asked = 0
  const askFor = async (name: string, secret: string): Promise<string[]> => {
    // A secret of several lines is asked for by its longest one.
    const longest = secret.split('\n').reduce((a, b) => (b.length > a.length ? b : a))
    const q = longest.slice(0, 500)
    // One of three letters is part of many a word.
    const exactly = longest.length < 6 ? '1' : '0'
    const ways: Record<string, string>[] = [
      { q, case: exactly },
      { q, case: exactly, history: '1' },
      { q: q.slice(0, 200).replaceAll(/[^A-Za-z0-9]/g, '.'), regex: '1' },
    ]
    asked += ways.length
    const found: string[] = []
    for (const way of ways) {
      const results = await searchAll(configs, { ...way, name, lines: '100' })
      const inCase = (text: string): string => (exactly === '1' ? text : text.toLowerCase())
      const shown = results.flatMap(({ lines }) => lines.map(({ text }) => inCase(text)))
      if (shown.some((text) => text.includes(inCase(longest)))) found.push(JSON.stringify(way))
    }
    return found
  }

  const found = await Promise.all(
    corpus.map(async ({ lines }, n) => {
      const ofFile: string[] = []
      for (const secret of new Set(lines.flatMap(([, secrets]) => [secrets].flat())))
        ofFile.push(...(await askFor(`sw${n}`, secret)))
      return ofFile
    }),
  )

  expect(asked).toBeGreaterThan(3 * 700)
  expect(found.flat()).toEqual([])
}, 180_000)

test('what a search shows of all lines, now and of the history, has no secret in it', async () => {
  for (const history of ['0', '1']) {
    const shown = (await searchAll(configs, { q: '.', regex: '1', lines: '100', history })).map(({ lines }) =>
      lines.map(({ text }) => text).join('\n'),
    )

    const secrets = corpus.flatMap(({ lines }) => lines.flatMap(([, secret]) => [secret].flat()))
    expect(shown).toHaveLength(corpus.length)
    for (const [n, { lines }] of corpus.entries())
      for (const secret of lines.flatMap(([, one]) => [one].flat()))
        expect(shown[n] ?? '').not.toContain(secret)
    expect(secrets.length).toBeGreaterThan(700)
  }
})
