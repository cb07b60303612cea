import { buildSync, type BuildOptions } from 'esbuild'
import { AssetHashType, DockerImage, type ILocalBundling } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'

export const projectFolder = fileURLToPath(new URL('../..', import.meta.url))

/** CommonJS dependencies such as ssh2 expect these names, which an ES module does not have. */
const commonJsNames = [
  `import { createRequire as nkCreateRequire } from 'node:module'`,
  `import { fileURLToPath as nkFileUrlToPath } from 'node:url'`,
  `import { dirname as nkDirname } from 'node:path'`,
  `const require = nkCreateRequire(import.meta.url)`,
  `const __filename = nkFileUrlToPath(import.meta.url)`,
  `const __dirname = nkDirname(__filename)`,
].join(';')

/** Optional in ssh2: it falls back to Node's own crypto where they are missing. */
const nativeParts = ['*.node', 'cpu-features']

/**
 * Lambda gives a function its credentials in the environment. The SDK imports these other sources only when there are
 * none, so they are left out: 130 kB of every bundle.
 */
const unusedCredentialSources = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
]

/**
 * One entry file as a bundle of its own, made by esbuild in this process: no Docker, no network, and the entry need
 * not even exist where bundling is skipped (as the local runtime does, which runs the sources).
 * The AWS SDK is bundled too: a pinned version, and a smaller and faster load than the runtime's own copy.
 */
export function bundledCode(entry: string): Code {
  const local: ILocalBundling = {
    tryBundle(outputFolder) {
      bundle(entry, outputFolder)
      return true
    },
  }
  return Code.fromAsset(path.join(projectFolder, 'functions'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled, since the local bundling always answers; CDK asks for an image all the same.
      image: DockerImage.fromRegistry('unused'),
      // Never run either: CDK keeps one result for equal options, and functions such as `tryBundle` all look equal.
      command: [entry],
      local,
    },
  })
}

/**
 * SDK clients that are loaded when first used: `functions/lib/s3-sdk.ts` and its like import nothing of ours, and each
 * becomes a bundle of its own. In one build esbuild would move what such a client uses of a package that the entry uses
 * too (by the package's index) into the chunk that every cold start loads: 40 kB for S3 and KMS.
 */
const ownBundles = { folder: 'functions/lib', pattern: './*-sdk.ts' }

const options = {
  absWorkingDir: projectFolder,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // The packages' ES modules first: an SDK client is a third smaller, since unused parts fall away.
  mainFields: ['module', 'main'],
  minify: true,
  // Without source maps: a map is larger than its bundle, and Node reads it at every cold start.
  sourcemap: false,
  legalComments: 'none',
  charset: 'utf8',
  banner: { js: commonJsNames },
  outExtension: { '.js': '.mjs' },
  logLevel: 'error',
} as const satisfies BuildOptions

function bundle(entry: string, outdir: string): void {
  const { outputFiles, metafile } = buildSync({
    ...options,
    entryPoints: [{ in: entry, out: 'index' }],
    outdir,
    // What the code imports dynamically becomes a file of its own, which a cold start does not load.
    splitting: true,
    external: [ownBundles.pattern, ...nativeParts, ...unusedCredentialSources],
    metafile: true,
    write: false,
  })
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports)
  const ours = new Set(imported.filter(({ path: name }) => name.endsWith('-sdk.ts')).map((one) => one.path))
  mkdirSync(outdir, { recursive: true })
  for (const file of outputFiles) writeFileSync(file.path, importBundles(file.text, ours))
  for (const source of ours) {
    buildSync({
      ...options,
      entryPoints: [path.join(ownBundles.folder, source)],
      outdir,
      external: unusedCredentialSources,
    })
  }
}

/** `"./s3-sdk.ts"`, which esbuild left as it was written, becomes the file that is bundled from it. */
function importBundles(text: string, sources: ReadonlySet<string>): string {
  return [...sources].reduce(
    (done, source) => done.replaceAll(`"${source}"`, `"${source.replace(/\.ts$/, '.mjs')}"`),
    text,
  )
}
