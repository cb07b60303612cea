import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import * as z from 'zod'
import { readAssembly, type StackTemplate } from './assembly.ts'

/** What the synthesised templates depend on: `infra` imports `shared` and `events`, and names function files by path. */
const inputs = ['infra', 'events', 'shared', 'package-lock.json', 'cdk.json']
const appFile = 'infra/app.ts'
/** Old results kept, so that switching between two versions stays quick. */
const keptMax = 4

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()).default({}) })

/**
 * Synthesises the CDK app without bundling, or takes the result of an earlier time with the same sources.
 * @param context what the deployment chooses, as `cdk --context` takes it; goes before that of `cdk.json`.
 * @throws Error with what the app printed when it fails.
 */
export async function synthesize(
  projectDir: string,
  context: Readonly<Record<string, string>> = {},
): Promise<StackTemplate[]> {
  const cacheDir = join(projectDir, 'node_modules', '.cache', 'netkeep-templates')
  mkdirSync(cacheDir, { recursive: true })
  const folder = join(cacheDir, digestOf(projectDir, context))
  if (!isFolder(folder)) {
    const fresh = mkdtempSync(join(cacheDir, 'new-'))
    try {
      await runApp(projectDir, fresh, context)
      putInPlace(fresh, folder)
    } finally {
      rmSync(fresh, { recursive: true, force: true })
    }
    forgetOld(cacheDir)
  }
  const used = new Date()
  utimesSync(folder, used, used)
  return readAssembly(folder)
}

async function runApp(
  projectDir: string,
  outputDir: string,
  given: Readonly<Record<string, string>>,
): Promise<void> {
  const { context } = CdkJson.parse(JSON.parse(readFileSync(join(projectDir, 'cdk.json'), 'utf8')))
  const child = spawn(process.execPath, [appFile], {
    cwd: projectDir,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      CDK_OUTDIR: outputDir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...given, 'aws:cdk:bundling-stacks': [] }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`The CDK app failed:\n${(await printed).join('')}`)
}

/** Another start may have put the same result there at the same moment: either is right. */
function putInPlace(fresh: string, folder: string): void {
  try {
    renameSync(fresh, folder)
  } catch (error) {
    if (!isFolder(folder)) throw error
  }
}

function digestOf(projectDir: string, context: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256').update(JSON.stringify(context))
  for (const input of inputs) {
    for (const file of filesOf(join(projectDir, input)).toSorted())
      hash.update(`${file}\0`).update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 32)
}

function filesOf(path: string): string[] {
  if (!isFolder(path)) return [path]
  return readdirSync(path).flatMap((name) => filesOf(join(path, name)))
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function forgetOld(cacheDir: string): void {
  const byAge = readdirSync(cacheDir)
    .filter((name) => !name.startsWith('new-'))
    .map((name) => ({ path: join(cacheDir, name), usedAtMs: statSync(join(cacheDir, name)).mtimeMs }))
    .toSorted((a, b) => b.usedAtMs - a.usedAtMs)
  for (const { path } of byAge.slice(keptMax)) rmSync(path, { recursive: true, force: true })
}
