import { buildSync } from 'esbuild'
import { AssetHashType, DockerImage, type ILocalBundling } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
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

function bundle(entry: string, outputFolder: string): void {
  buildSync({
    absWorkingDir: projectFolder,
    entryPoints: [{ in: entry, out: 'index' }],
    outdir: outputFolder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // What the code imports dynamically becomes a file of its own, which a cold start does not load.
    splitting: true,
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
    external: [...nativeParts, ...unusedCredentialSources],
    logLevel: 'error',
  })
}
