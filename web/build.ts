import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'

/**
 * `node web/build.ts` builds the console into `web/dist/<digest of its sources>/` and prints that folder. With the
 * same sources it has nothing to do; several at once do not disturb each other.
 */
const sourceDir = join(import.meta.dirname, 'src')
const distDir = join(import.meta.dirname, 'dist')
const iconFile = join(sourceDir, 'icon.svg')
/** Of all scripts together, as they travel: beyond it a page takes a second on a slow line. */
const gzipBytesMax = 150_000
/** Old builds kept, so that switching between two versions stays quick. */
const keptMax = 3

const folder = join(distDir, digest())
if (!existsSync(folder)) await buildInto(folder)
const used = new Date()
utimesSync(folder, used, used)
forgetOld()
console.log(folder)

/** The lock file stands for the versions of all packages. */
function digest(): string {
  const hash = createHash('sha256')
  const lockFile = join(import.meta.dirname, '..', 'package-lock.json')
  const sources = readdirSync(sourceDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  for (const file of [...sources.toSorted(), lockFile, import.meta.filename])
    hash.update(`${basename(file)}\0`).update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}

async function buildInto(target: string): Promise<void> {
  mkdirSync(distDir, { recursive: true })
  const fresh = mkdtempSync(join(distDir, 'new-'))
  try {
    await fill(fresh)
    putInPlace(fresh, target)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

async function fill(fresh: string): Promise<void> {
  // Loaded only when there is something to build.
  const { build } = await import('esbuild')
  const { metafile } = await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: ['src/main.tsx'],
    outdir: join(fresh, 'assets'),
    entryNames: '[name]-[hash]',
    bundle: true,
    format: 'esm',
    target: 'es2023',
    jsx: 'automatic',
    minify: true,
    metafile: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    logLevel: 'error',
  })
  const built = Object.keys(metafile.outputs).map((file) => basename(file))
  checkSize(built.filter((file) => file.endsWith('.js')).map((file) => join(fresh, 'assets', file)))
  const icon = `icon-${createHash('sha256').update(readFileSync(iconFile)).digest('hex').slice(0, 8)}.svg`
  cpSync(iconFile, join(fresh, 'assets', icon))
  writeFileSync(join(fresh, 'index.html'), pageOf([...built, icon]))
}

function checkSize(scripts: readonly string[]): void {
  const bytes = scripts.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0)
  if (bytes > gzipBytesMax)
    throw new Error(`The console's scripts take ${bytes} bytes, more than ${gzipBytesMax}`)
}

function pageOf(files: readonly string[]): string {
  const named = (ending: string): string => `/assets/${files.find((file) => file.endsWith(ending)) ?? ''}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>netkeep</title>
<link rel="icon" href="${named('.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${named('.css')}">
<script type="module" src="${named('.js')}"></script>
</head>
<body><div id="root"></div><noscript>The netkeep console needs JavaScript.</noscript></body>
</html>
`
}

/** Another build may have put the same result there at the same moment: either is right. */
function putInPlace(fresh: string, target: string): void {
  try {
    renameSync(fresh, target)
  } catch (error) {
    if (!existsSync(target)) throw error
  }
}

function forgetOld(): void {
  const byAge = readdirSync(distDir)
    .filter((name) => !name.startsWith('new-'))
    .map((name) => ({ path: join(distDir, name), usedAtMs: statSync(join(distDir, name)).mtimeMs }))
    .toSorted((a, b) => b.usedAtMs - a.usedAtMs)
  for (const { path } of byAge.slice(keptMax)) rmSync(path, { recursive: true, force: true })
}
