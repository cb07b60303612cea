import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectFolder } from '../../infra/constructs/bundle.ts'
import { areas } from '../../infra/areas.ts'
import { entryFiles } from './entry-files.ts'

type FunctionJson = {
  Type: string
  Metadata?: Record<string, string>
  Properties: { Code: { S3Key: string }; Environment?: { Variables: Record<string, unknown> } }
}
type Bundle = {
  entry: string
  folder: string
  /** What a cold start loads: the entry and what it imports statically. */
  startKilobytes: number
  allKilobytes: number
  environment: Record<string, string>
}

const stacks = ['netkeep-data', 'netkeep-backups', 'netkeep-jobs', 'netkeep-api']
const folder = mkdtempSync(path.join(os.tmpdir(), 'netkeep-bundles-'))
/** A proxy where nobody listens: whoever asks the network fails at once. */
const offline = { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '' }

let synthesis: { status: number | null; output: string }
let bundles: Bundle[]

beforeAll(() => {
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['--no-install', 'cdk', 'synth', '--quiet', '--output', folder],
    {
      cwd: projectFolder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: folder, ...offline },
    },
  )
  synthesis = { status, output: stdout + stderr }
  bundles = status === 0 ? bundlesIn(folder) : []
}, 400_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a deployment package', () => {
  test('is synthesised by the CDK command line without network, Docker or AWS account', () => {
    expect(synthesis).toMatchObject({ status: 0 })
    expect(bundles).toHaveLength(entryFiles.length)
  })

  test('belongs to one function: no two entries share a bundle', () => {
    expect(new Set(bundles.map((bundle) => bundle.folder)).size).toBe(bundles.length)
    expect(bundles.length).toBeGreaterThan(0)
  })

  test('holds modules and nothing else', () => {
    const files = bundles.flatMap((bundle) => readdirSync(bundle.folder))

    expect(files.filter((file) => !file.endsWith('.mjs'))).toEqual([])
    expect(files.filter((file) => file === 'index.mjs')).toHaveLength(entryFiles.length)
  })

  test('holds every module that its modules load, at once or later', () => {
    const named = bundles.flatMap(({ entry, folder: bundle }) =>
      readdirSync(bundle).flatMap((file) =>
        importsOf(path.join(bundle, file)).map((name) => ({ entry, bundle, name })),
      ),
    )

    expect(named.filter(({ name }) => name.endsWith('-sdk.mjs')).length).toBeGreaterThan(entryFiles.length)
    expect(named.filter(({ bundle, name }) => !existsSync(path.join(bundle, name)))).toEqual([])
  })

  test('holds the client of SNS where it is told to publish, and nowhere else', () => {
    const holders = bundles.filter(({ folder: bundle }) => existsSync(path.join(bundle, 'sns-sdk.mjs')))

    expect(holders.map(({ entry }) => entry)).toEqual(['functions/tasks/notify-subscribers.ts'])
  })

  test('of the API loads at most 650 kB at start', () => {
    const api = bundles.filter(({ entry }) => entry.startsWith('functions/api/'))
    const tooLarge = api.filter(({ startKilobytes }) => startKilobytes > 650)

    expect(api).toHaveLength(Object.keys(areas).length)
    expect(tooLarge.map(({ entry, startKilobytes }) => [entry, startKilobytes])).toEqual([])
  })

  test('loads in a clean Node 24 with nothing but its environment, and exports its handler', () => {
    const loads = bundles.map((bundle) => ({ ...bundle, ...loadAlone(bundle) }))
    const rows = loads.map(({ entry, startKilobytes, allKilobytes, loadMs }) =>
      [entry.padEnd(36), `${startKilobytes} kB`, `${allKilobytes} kB`, `${loadMs} ms`].join('  '),
    )

    console.log(`bundles, minified: loaded at start, in all, time to load\n${rows.join('\n')}`)
    expect(
      loads.filter(({ handler }) => handler !== 'function').map(({ entry, error }) => [entry, error]),
    ).toEqual([])
    expect(loads).toHaveLength(entryFiles.length)
  })
})

function bundlesIn(assembly: string): Bundle[] {
  return stacks.flatMap((stack) => {
    const text = readFileSync(path.join(assembly, `${stack}.template.json`), 'utf8')
    const { Resources } = JSON.parse(text) as { Resources: Record<string, FunctionJson> }
    return Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::Lambda::Function')
      .map(({ Metadata, Properties }) => {
        const bundle = path.join(assembly, `asset.${Properties.Code.S3Key.replace('.zip', '')}`)
        return {
          entry: Metadata?.['netkeep:entry'] ?? '',
          folder: bundle,
          startKilobytes: kilobytesOf(bundle, startFiles(bundle)),
          allKilobytes: kilobytesOf(bundle, readdirSync(bundle)),
          environment: Object.fromEntries(
            Object.keys(Properties.Environment?.Variables ?? {}).map((name) => [name, `arn:of:${name}`]),
          ),
        }
      })
  })
}

/** The entry and every file that it imports statically, itself or by another. */
function startFiles(bundle: string): string[] {
  const found = new Set(['index.mjs'])
  for (const file of found) {
    const text = readFileSync(path.join(bundle, file), 'utf8')
    for (const [, imported] of text.matchAll(/(?:from|import)"\.\/([\w.-]+\.mjs)"/g)) {
      if (imported !== undefined) found.add(imported)
    }
  }
  return [...found]
}

/** Relative imports of any kind: `from"./x"`, `import"./x"`, `import("./x")`. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:from|import)\(?"(\.[^"]+)"/g)].flatMap(([, name]) => name ?? [])
}

const kilobytesOf = (bundle: string, files: readonly string[]): number =>
  Math.round(files.reduce((bytes, file) => bytes + statSync(path.join(bundle, file)).size, 0) / 1000)

const probe = `
  const start = performance.now()
  const { handler } = await import(process.argv[1])
  process.stdout.write(JSON.stringify({ handler: typeof handler, loadMs: Math.round(performance.now() - start) }))
  process.exit(0)
`

/** In a folder of its own, so that no node_modules is within reach. */
function loadAlone({ folder: bundle, environment }: Bundle): {
  handler: string
  loadMs: number
  error?: string
} {
  const alone = mkdtempSync(path.join(os.tmpdir(), 'netkeep-load-'))
  cpSync(bundle, alone, { recursive: true })
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', probe, path.join(alone, 'index.mjs')],
    {
      cwd: alone,
      encoding: 'utf8',
      env: { ...environment, AWS_REGION: 'eu-central-1', AWS_LAMBDA_FUNCTION_NAME: 'clean' },
      timeout: 20_000,
    },
  )
  rmSync(alone, { recursive: true, force: true })
  if (status !== 0) return { handler: 'none', loadMs: 0, error: stderr.slice(-2000) }
  return JSON.parse(stdout) as { handler: string; loadMs: number }
}
